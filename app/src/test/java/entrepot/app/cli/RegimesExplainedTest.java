package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Questions of the regimes' kind with one right answer each, by command line: who may carry what,
 * when, for whom, by what was known then, and which clause says so.
 */
class RegimesExplainedTest extends CommandLine {

    private static final Path EXAMPLE =
            Path.of(Objects.requireNonNull(System.getProperty("entrepot.root", "..")))
                    .resolve("examples/openai-2026/contracts");

    private static final Path MADE_UP = Path.of("src/test/resources/regimes");

    @BeforeEach
    void copy() throws IOException {
        copy(MADE_UP.resolve("catalogue.yaml"), folder.resolve("catalogue.yaml"));
        try (var regimes = Files.list(EXAMPLE);
                var more = Files.list(MADE_UP.resolve("contracts"))) {
            for (Path file : java.util.stream.Stream.concat(regimes, more).toList()) {
                copy(file, folder.resolve("contracts").resolve(file.getFileName()));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        Files.copy(from, to);
    }

    private String contracts() {
        return folder.resolve("contracts").toString();
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/regimes/dates.csv", delimiter = '|')
    void theModelsOfOpenAi(String call, String at, String answer, String clause) {
        answers("openai/" + call, answer, clause, "--at", at);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/regimes/knowledge.csv", delimiter = '|')
    void byWhatWasKnown(String call, String at, String known, String answer, String clause) {
        answers("openai/" + call, answer, clause, "--at", at, "--known", known);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "/regimes/tenants.csv", delimiter = '|')
    void forTenantsOfOtherCountriesAndModelsOfAnotherVendor(
            String call, String tenant, String at, String answer, String clause) {
        answers(call, answer, clause, "--at", at, "--tenant", tenant);
    }

    /**
     * The answer of the one channel of a model and a kind of call, and the clause that gate 5
     * names.
     */
    private void answers(String call, String answer, String clause, String... more) {
        String[] words = call.split(" ");
        String channel = words[2];
        var all = new ArrayList<>(List.of("explain", "--folder", folder.toString(), "--json"));
        all.addAll(List.of("--model", words[0], "--api", words[1], "--only", channel));
        all.addAll(List.of(more));
        boolean allowed = answer.equals("yes");
        assertThat(run(all.toArray(String[]::new))).as(complained()).isEqualTo(allowed ? 0 : 3);
        JsonNode told = JsonMapper.shared().readTree(printed());
        assertThat(told.path("allowed").asBoolean()).isEqualTo(allowed);
        JsonNode gate = contractGate(told, channel);
        assertThat(gate.path("passed").asBoolean()).as("%s", gate).isEqualTo(allowed);
        assertThat(gate.path("source").asString("-")).as("%s", gate).isEqualTo(clause);
        if (!allowed) {
            assertThat(gate.path("remedy").asString("")).contains("use a supplier with channel");
            assertThat(gate.path("reason").asString("")).contains(clause, ".yaml:");
        }
    }

    private static JsonNode contractGate(JsonNode told, String channel) {
        for (JsonNode way : told.path("ways")) {
            if (way.path("channel").asString("").equals(channel)) {
                for (JsonNode verdict : way.path("verdicts")) {
                    if (verdict.path("gate").asString("").equals("contract")) {
                        return verdict;
                    }
                }
            }
        }
        throw new AssertionError("no verdict of the contracts on " + channel + ": " + told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "show --at 2030-12-31 | revenue-share share-to-microsoft | no funding",
                "show --at 2031-01-01 | licence technology: Microsoft keeps | share-to-microsoft",
                "show --at 2032-12-31 | licence technology: Microsoft keeps | commitment nothing",
                "show --at 2033-01-01 | licence any-cloud | licence technology",
                "show --at 2026-04-26 | licence technology: Microsoft has the | any-cloud",
                "show --at 2026-02-26 | commitment commitment-2025 | commitment-2026",
                "show --at 2026-02-26 --known 2026-02-26 | commitment commitment: | amazon-2026",
                "show --at 2026-05-01 --known 2026-04-01 | exclusivity stateless-api | any-cloud",
                "show --at 2025-01-20 | exclusivity compute: | first-refusal first-refusal",
                "show --at 2025-01-21 | first-refusal first-refusal: | exclusivity compute",
                "show --at 2025-10-28 | waiver no-first-refusal | first-refusal first-refusal",
                "timeline | 2033-01-01 | 2033-01-02",
            })
    void whatIsInForce(String command, String says, String saysNot) {
        var all = new ArrayList<>(List.of(command.split(" ")));
        all.addFirst("contracts");
        all.add(2, contracts());
        assertThat(run(all.toArray(String[]::new))).isZero();
        assertThat(told()).contains(says).doesNotContain(saysNot);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-02-26 2026-02-27 | 1 | +  exclusivity | amazon-2026-02/frontier",
                "2026-02-26 2026-02-27 | 1 | -  exclusivity | microsoft-2025-01/api",
                "2026-04-26 2026-04-27 | 1 | -  revenue-share | microsoft-2025-01/share-to-openai",
                "2030-12-31 2031-01-01 | 1 | -  revenue | microsoft-2026-04/share-to-microsoft",
                "2032-12-31 2033-01-02 | 1 | -  licence | microsoft-2026-04/technology",
                "2026-03-01 2026-03-31 | 0 | | ",
            })
    void whatDiffers(String days, int code, String sign, String clause) {
        assertThat(run(("contracts diff " + contracts() + " " + days).split(" "))).isEqualTo(code);
        String told = told();
        if (clause != null) {
            assertThat(told.lines().filter(line -> line.contains(clause)))
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith(sign));
        } else {
            assertThat(told).doesNotContain("+ ").doesNotContain("- ");
        }
    }

    @Test
    void theTwoSetsDifferInWhatTheOneHasMore() {
        assertThat(run("contracts", "diff", EXAMPLE.toString(), contracts())).isEqualTo(1);
        assertThat(told()).contains("umbrella/germany").doesNotContain("microsoft-2025-01/api");
        assertThat(run("contracts", "diff", contracts(), contracts())).isZero();
    }
}
