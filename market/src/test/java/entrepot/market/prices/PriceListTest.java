package entrepot.market.prices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Usage.Meter;
import entrepot.market.prices.sources.PriceImport;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

class PriceListTest {

    private static final int LIST_BYTES_MAX = 1_500_000;
    private static final Instant AT = Instant.parse("2026-08-22T00:00:00Z");

    @TempDir private Path folder;

    @Test
    void theListThatComesWithTheProjectIsWhole() throws Exception {
        PriceList list = PriceList.shipped();
        assertThat(list.check()).isGreaterThan(2_000);
        assertThat(list.index().sources())
                .extracting(PriceList.Origin::name, PriceList.Origin::licence)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("genai-prices", "MIT"),
                        org.assertj.core.groups.Tuple.tuple("litellm", "MIT"),
                        org.assertj.core.groups.Tuple.tuple("models.dev", "MIT"));
        long bytes = 0;
        for (PriceList.Channel channel : list.index().channels()) {
            try (var file =
                    PriceListTest.class.getResourceAsStream(
                            "/entrepot/market/prices/" + channel.file())) {
                bytes += file == null ? Long.MAX_VALUE : file.readAllBytes().length;
            }
        }
        assertThat(bytes).isLessThan(LIST_BYTES_MAX);
    }

    @Test
    void noPriceOfItIsZero() {
        PriceList list = PriceList.shipped();
        for (PriceList.Channel channel : list.index().channels()) {
            for (ListedModel model : list.all(channel.id())) {
                for (Rate rate : model.tariff().rates()) {
                    assertThat(rate.perMillion())
                            .as(channel.id() + " " + model.name())
                            .isNotEmpty();
                    assertThat(
                                    rate.perMillion()
                                            .getOrDefault(Meter.FRESH_INPUT, BigDecimal.ONE)
                                            .add(
                                                    rate.perMillion()
                                                            .getOrDefault(
                                                                    Meter.OUTPUT, BigDecimal.ZERO)))
                            .as(channel.id() + " " + model.name())
                            .isPositive();
                }
            }
        }
    }

    @Test
    void aModelIsFoundByWhatTheChannelCallsIt() {
        assertThat(input("openai", "gpt-4o", "openai/gpt-4o")).isEqualTo("2.5");
        assertThat(input("openai", "gpt-4o-2024-05-13", "openai/gpt-4o"))
                .as("a date with a price of its own")
                .isEqualTo("5");
        assertThat(input("openai", "gpt-4o-2031-01-01", "openai/gpt-4o"))
                .as("a date that nobody knows yet")
                .isEqualTo("2.5");
        assertThat(input("azure", "our-deployment", "openai/gpt-4o")).isEqualTo("2.5");
        assertThat(input("bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "x/y"))
                .isEqualTo("3.3");
        assertThat(input("vertex", "claude-sonnet-4-5@20250929", "anthropic/claude-sonnet-4-5"))
                .isEqualTo("3");
        assertThat(input("openai", "gpt-4o-mega", "openai/gpt-4o-mega")).isEqualTo("none");
        assertThat(input("nowhere", "gpt-4o", "openai/gpt-4o")).isEqualTo("none");
        assertThat(PriceList.shipped().channel("API.openai.com")).isEqualTo("openai");
        assertThat(PriceList.shipped().channel("127.0.0.1")).isNull();
    }

    @Test
    void r57TheListKnowsTiersThresholdsAndDates() {
        ListedModel gpt = found("openai", "gpt-5.4");
        assertThat(gpt.tariff().rates())
                .extracting(Rate::tier)
                .contains("standard", "batch", "flex", "priority");
        assertThat(gpt.tariff().rates())
                .filteredOn(rate -> rate.region() == null)
                .allSatisfy(rate -> assertThat(rate.above()).hasSize(1));
        ListedModel sonnet = found("anthropic", "claude-sonnet-4-5");
        assertThat(sonnet.tariff().rates().getFirst().above().getFirst().perMillion())
                .containsEntry(Meter.FRESH_INPUT, new BigDecimal("6"))
                .containsEntry(Meter.CACHE_WRITE_1H, new BigDecimal("12"))
                .containsEntry(Meter.OUTPUT, new BigDecimal("22.5"));
    }

    @Test
    void r61AFolderOfTheOperatorsIsReadAndItsHashesAreChecked() throws Exception {
        var files = List.of(Files.writeString(folder.resolve("data.json"), GENAI));
        PriceImport imported = PriceImport.read(files, java.time.LocalDate.parse("2026-08-22"));
        assertThat(imported.changes(null))
                .anySatisfy(line -> assertThat(line).startsWith("+ openai tiny "));
        Path own = folder.resolve("prices");
        imported.write(own);
        PriceList list = PriceList.open(own);
        assertThat(list.version()).isEqualTo(imported.index().version());
        assertThat(list.check()).isEqualTo(1);
        assertThat(imported.changes(list)).isEmpty();
        Path file = own.resolve("openai.json");
        Files.writeString(file, Files.readString(file).replace("0.5", "0.4"), UTF_8);
        assertThatThrownBy(() -> PriceList.open(own).check())
                .isInstanceOf(PriceListInvalid.class)
                .hasMessageContaining("openai.json is not the file that index.json names");
        assertThatThrownBy(() -> PriceList.open(folder.resolve("nowhere")))
                .hasMessageContaining("entrepot prices import writes it");
    }

    @Test
    void theListIsWhatTheImportMakesOfItsSources() {
        Path shared = Path.of(System.getProperty("entrepot.root", "."), "..", "shared", "prices");
        Assumptions.assumeTrue(Files.exists(shared), () -> shared + " is not on this machine");
        PriceImport imported =
                PriceImport.read(
                        List.of(
                                shared.resolve("models-dev-api.json"),
                                shared.resolve("litellm-model_prices_and_context_window.json"),
                                shared.resolve("genai-prices-data.json")),
                        PriceList.shipped().index().date());
        assertThat(imported.changes(PriceList.shipped())).isEmpty();
        assertThat(imported.index()).isEqualTo(PriceList.shipped().index());
    }

    private static final String GENAI =
            """
            [{"id":"openai","api_pattern":"x","models":[
             {"id":"tiny","match":{"or":[{"equals":"tiny"},{"starts_with":"tiny-1"}]},
              "prices":[{"prices":{"input_mtok":0.5,"output_mtok":{"base":1,
                "tiers":[{"start":200000,"price":2}]}}},
               {"constraint":{"start_date":"2026-09-01"},"prices":{"input_mtok":1}}]},
             {"id":"searching","match":{"equals":"searching"},
              "prices":{"input_mtok":1,"requests_kcount":5}}]}]
            """;

    private static ListedModel found(String channel, String name) {
        ListedModel model = PriceList.shipped().find(channel, name, "x/" + name);
        assertThat(model).as(name).isNotNull();
        return java.util.Objects.requireNonNull(model);
    }

    private static String input(String channel, String name, String model) {
        ListedModel found = PriceList.shipped().find(channel, name, model);
        Rate rate = found == null ? null : found.tariff().at(Tiers.STANDARD, null, AT);
        return rate == null ? "none" : String.valueOf(rate.perMillion().get(Meter.FRESH_INPUT));
    }
}
