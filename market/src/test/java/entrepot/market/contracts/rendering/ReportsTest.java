package entrepot.market.contracts.rendering;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.testkit.Golden;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;

/** What people read of the example; the whole texts are golden files. */
class ReportsTest {

    private static final Path FOLDER =
            Path.of(System.getProperty("entrepot.root", ".."))
                    .resolve("examples/openai-2026/contracts");
    private static final ContractBook BOOK = ContractsReader.folder(FOLDER, "contracts");
    private static final Golden GOLDEN = Golden.files();

    private static AsOf at(String day) {
        return AsOf.inHindsight(Instant.parse(day + "T00:00:00Z"));
    }

    @Test
    void theTimelineOfTheExample() {
        GOLDEN.expect("contracts/timeline.txt", Timeline.of(BOOK, Instant.MAX).text());
    }

    @Test
    void whatIsInForceInMarch2026() {
        GOLDEN.expect(
                "contracts/show-2026-03-01.txt", new ShowReport(BOOK, at("2026-03-01")).text());
    }

    @Test
    void whatTheSecondCloudChanged() {
        Difference difference = Difference.ofDays(BOOK, at("2026-02-26"), at("2026-02-27"));
        GOLDEN.expect("contracts/diff-2026-02-27.txt", difference.text());
    }

    @Test
    void theTimelineHasADateForEachRegimeAndNamesWhatMoves() {
        Timeline timeline = Timeline.of(BOOK, Instant.MAX);
        assertThat(timeline.steps().stream().map(step -> step.at().toString().substring(0, 10)))
                .containsExactly(
                        "2025-01-21",
                        "2025-10-28",
                        "2026-02-27",
                        "2026-04-27",
                        "2029-01-01",
                        "2031-01-01",
                        "2033-01-01");
        assertThat(timeline.steps().get(2).changes())
                .anySatisfy(change -> {
                    assertThat(change.row().toString()).contains("openai/*", "STATEFUL");
                    assertThat(change.channel()).isEqualTo("bedrock");
                    assertThat(change.before().allowed()).isFalse();
                    assertThat(change.after().allowed()).isTrue();
                });
        assertThat(timeline.steps().get(4).lapses())
                .containsExactly(
                        "amazon-2026-02/investment: the tranche conditional of 35000000000 USD");
    }

    @Test
    void aTimelineAsKnownBeforeTheLastAgreementKnowsNothingOfIt() {
        Timeline timeline = Timeline.of(BOOK, Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(timeline.text()).doesNotContain("2026-04-27").contains("2026-02-27");
    }

    @Test
    void everyReportIsAlsoJsonThatSaysTheSame() {
        JsonNode show = new ShowReport(BOOK, at("2026-03-01")).json();
        assertThat(show.path("clauses")).hasSameSizeAs(BOOK.inForce(at("2026-03-01")));
        assertThat(show.path("disputes")).hasSize(6);
        assertThat(show.at("/investments/1/state").asString("")).isEqualTo("pending");
        assertThat(show.path("carriage").valueStream().map(JsonNode::toString))
                .contains(
                        "{\"models\":\"openai/*\",\"new\":false,\"api\":\"stateless\","
                            + "\"sold_by\":\"channel\",\"channel\":\"bedrock\",\"allowed\":false,"
                            + "\"clause\":\"microsoft-2026-02/stateless-api\"}");
        JsonNode timeline = Timeline.of(BOOK, Instant.MAX).json();
        assertThat(timeline.path("steps")).hasSize(7);
        assertThat(timeline.at("/steps/0/begin/0/clause").asString(""))
                .isEqualTo("microsoft-2025-01/api");
        assertThat(timeline.at("/steps/0/begin/0/source/publisher").asString(""))
                .isEqualTo("blogs.microsoft.com");
    }

    @Test
    void twoSetsDifferByClauseMemberAndCarriage() throws Exception {
        var texts = new TreeMap<String, String>();
        try (var files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                texts.put(
                        "contracts/" + file.getFileName(),
                        Files.readString(file)
                                .replace(
                                        "channels: [azure, openai]\n        window: 1d",
                                        "channels: [azure, openai]\n        window: 30d")
                                .replace(
                                        "distribution: third-party\n        channels: [bedrock]",
                                        "distribution: third-party\n        channels: [azure]"));
            }
        }
        ContractBook other = new ContractsReader().read(texts);
        Difference difference = Difference.ofBooks(BOOK, other, at("2026-03-01"));
        assertThat(difference.text())
                .contains("window: P1D → P30D")
                .contains("channels: bedrock → azure")
                .contains("no → yes", "yes → no");
        assertThat(difference.json().path("clauses")).hasSize(2);
        assertThat(Difference.ofBooks(BOOK, BOOK, at("2026-03-01")).text())
                .isEqualTo("No difference.\n");
        Difference fewer = Difference.ofBooks(BOOK, ContractBook.EMPTY, at("2026-03-01"));
        assertThat(fewer.json().path("clauses")).hasSize(BOOK.clauses().size());
        assertThat(fewer.changes()).isNotEmpty();
    }

    @Test
    void aCheckCountsWhatIsGood() {
        var report = new CheckReport(BOOK, List.of());
        assertThat(report.text())
                .startsWith("6 contracts with %d clauses".formatted(BOOK.clauses().size()));
        assertThat(report.json().path("good").booleanValue()).isTrue();
    }
}
