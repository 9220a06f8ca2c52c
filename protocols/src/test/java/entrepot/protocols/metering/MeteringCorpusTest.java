package entrepot.protocols.metering;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Exchange;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Every recorded answer of every dialect: the meters of every reader add up to what its supplier
 * says. {@code -Dentrepot.corpus=FOLDER} weighs another folder of exchanges.
 */
class MeteringCorpusTest {

    private static final List<Weighing> ALL = new ArrayList<>();
    private static final List<String> UNREADABLE = new ArrayList<>();

    @BeforeAll
    static void weighAll() throws InterruptedException {
        for (Exchange exchange : Corpus.exchanges()) {
            try {
                Weighing weighing = Weighing.of(exchange);
                if (weighing != null) {
                    ALL.add(weighing);
                }
            } catch (Failed failed) {
                UNREADABLE.add(exchange + ": " + failed.failure());
            }
        }
    }

    @Test
    void r56r59TheMetersOfEveryAnswerAddUpToWhatItsSupplierSays() {
        var softly = new SoftAssertions();
        for (Weighing weighing : ALL) {
            weighing.weighed()
                    .forEach((reader, usage) ->
                            softly.assertThat(weighing.told().differences(usage))
                                    .as("%s, %s: %s", weighing.exchange(), reader, weighing.told())
                                    .isEmpty());
        }
        softly.assertAll();
    }

    @Test
    void allReadersOfAnAnswerWeighTheSame() {
        var softly = new SoftAssertions();
        for (Weighing weighing : ALL) {
            softly.assertThat(weighing.weighed().values().stream().distinct().toList())
                    .as("%s: %s", weighing.exchange(), weighing.weighed())
                    .hasSize(1);
        }
        softly.assertAll();
    }

    @Test
    void r58TheTierOfAnAnswerIsTheOneThatItStates() {
        Map<String, Integer> tiers = new TreeMap<>();
        var softly = new SoftAssertions();
        for (Weighing weighing : ALL) {
            String text = new String(weighing.exchange().row().response(), UTF_8);
            weighing.weighed()
                    .values()
                    .forEach(usage -> {
                        if (usage.tier() != null) {
                            softly.assertThat(text)
                                    .as("%s states %s", weighing.exchange(), usage.tier())
                                    .contains("\"" + usage.tier() + "\"");
                            tiers.merge(usage.tier(), 1, Integer::sum);
                        }
                    });
        }
        softly.assertAll();
        if (System.getProperty("entrepot.corpus") == null) {
            assertThat(tiers)
                    .containsKeys(
                            "default",
                            "flex",
                            "ON_DEMAND",
                            "ON_DEMAND_FLEX",
                            "optimized",
                            "standard");
        }
    }

    @Test
    void everyPictureIsCounted() {
        for (Weighing weighing : ALL) {
            if (weighing.exchange().protocol().equals("openai-images")) {
                Usage usage = weighing.weighed().values().iterator().next();
                assertThat(usage.of(Meter.IMAGES) + usage.of(Meter.IMAGE_OUTPUT)).isPositive();
            }
        }
    }

    @Test
    void everyAnswerThatTellsItsUsageCanBeRead() {
        assertThat(UNREADABLE).isEmpty();
    }

    @Test
    void thereIsEnoughToWeighOfEveryDialect() {
        Map<String, Integer> counts = new TreeMap<>();
        ALL.forEach(weighing -> counts.merge(weighing.exchange().protocol(), 1, Integer::sum));
        assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isPositive();
        if (System.getProperty("entrepot.corpus") == null) {
            assertThat(counts)
                    .containsKeys(
                            "anthropic-messages",
                            "azure-openai",
                            "bedrock-converse",
                            "bedrock-converse-stream",
                            "bedrock-invoke",
                            "bedrock-invoke-stream",
                            "gemini",
                            "openai-chat",
                            "openai-compat-chat",
                            "openai-embeddings",
                            "openai-images",
                            "openai-responses",
                            "responses-compat",
                            "vertex-gemini");
            assertThat(counts.values().stream().mapToInt(Integer::intValue).sum())
                    .isGreaterThan(850);
        }
    }
}
