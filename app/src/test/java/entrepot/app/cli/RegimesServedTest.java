package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The regimes in a server: capacity, statements, what-if and evidence, asked on their days. */
class RegimesServedTest extends CommandLine {

    private static final Path EXAMPLE =
            Path.of(Objects.requireNonNull(System.getProperty("entrepot.root", "..")))
                    .resolve("examples/openai-2026/contracts");

    private static final String EVER = " --from=2020-01 --to=2190-01";

    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @BeforeEach
    void write() throws IOException {
        copyOfRegimes(folder.resolve("contracts"));
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                """
                party: openai
                charges:
                  - {name: all, models: ["*"], mark_up: 0}
                suppliers:
                  bedrock: {kind: openai-compatible, base_url: "%1$s", channel: bedrock}
                  azure: {kind: openai-compatible, base_url: "%1$s", channel: azure}
                models:
                  openai/gpt-5-mini:
                    offers:
                      - {supplier: bedrock, name: one, prices: {input: 10, output: 1}}
                      - {supplier: azure, name: one, prices: {input: 15, output: 1}}
                """
                        .formatted(supplier.baseUrl()));
    }

    @AfterEach
    void close() {
        supplier.close();
    }

    private static void copyOfRegimes(Path into) throws IOException {
        Files.createDirectories(into);
        try (var files = Files.list(EXAMPLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, into.resolve(file.getFileName()));
            }
        }
    }

    @Test
    void capacityIsOfferedFirstWhileTheRightLasts() {
        try (var server = start()) {
            buys(server, "amazon --at 2024-12-31", 3, "microsoft-early/compute");
            buys(server, "amazon --at 2025-01-20T23:59:59Z", 3, "microsoft-early/compute");
            buys(server, "amazon --at 2025-01-21", 3, "microsoft-2025-01/first-refusal");
            buys(server, "amazon --at 2025-10-27", 3, "microsoft-2025-01/first-refusal");
            buys(server, "microsoft --at 2025-10-27", 0, "yes");
            buys(server, "amazon --at 2025-10-28", 0, "yes");
            buys(server, "amazon --at 2026-06-01", 0, "yes");
            assertThat(runs(server, "capacity ask amazn --at 2025-03-01")).isNotZero();
            assertThat(told()).contains("amazn");
        }
    }

    private void buys(Server server, String words, int code, String says) {
        assertThat(runs(server, "capacity ask " + words)).as(words).isEqualTo(code);
        assertThat(told()).as(words).contains(says);
    }

    @Test
    void whatLapsedWhatIsCommittedAndWhatIsShared() {
        try (var server = start()) {
            funding(server, "2026-02-26", "", "amazon-2026-02/investment");
            funding(server, "2026-04-01", "conditional +[^\\n]*waiting", "lapsed ");
            funding(server, "2026-04-01", "investment/first +[^\\n]*owed", "lapsed ");
            funding(server, "2028-12-31", "conditional +[^\\n]*waiting", "lapsed ");
            funding(server, "2029-01-01", "conditional +[^\\n]*lapsed", "waiting");
            funding(server, "2029-01-01", "since-2019 +[^\\n]*paid", "waiting");

            assertThat(runs(server, "statements commitments --at=2026-02-26")).isZero();
            assertThat(told()).contains("250000000000").doesNotContain("138000000000");
            assertThat(runs(server, "statements commitments --at=2026-03-01")).isZero();
            assertThat(told())
                    .as("what adds to another is one commitment with it")
                    .containsPattern("committed +138000000000")
                    .containsPattern("committed +250000000000");
            assertThat(runs(server, "statements shares" + EVER)).isZero();
            assertThat(told())
                    .contains("Share microsoft-2026-04/share-to-microsoft to Microsoft: 20 %")
                    .contains("microsoft-2025-01/share-to-microsoft is left out: its percentage");
        }
    }

    private void funding(Server server, String day, String pattern, String not) {
        assertThat(runs(server, "statements funding --at=" + day)).isZero();
        String told = told();
        assertThat(told).as(day).doesNotContain(not);
        if (!pattern.isEmpty()) {
            assertThat(told).as(day).containsPattern(pattern);
        }
    }

    @Test
    void aShareIsOwedUntilItsCapAndNotBeyond() throws Exception {
        String text = Files.readString(folder.resolve("contracts/5-any-cloud.yaml"));
        Files.writeString(
                folder.resolve("contracts/5-any-cloud.yaml"),
                text.replace("cap: not-public", "cap: 5 USD"));
        try (var server = start()) {
            for (String owed : new String[] {"2", "4", "5", "5"}) {
                buy(server);
                assertThat(runs(server, "statements shares --json" + EVER)).isZero();
                JsonNode told = JsonMapper.shared().readTree(printed());
                told();
                assertThat(told.path("columns").get(4).asString()).isEqualTo("cumulative");
                assertThat(told.at("/rows/0/4").asString("none")).isEqualTo(owed);
            }
        }
    }

    @Test
    void theSameOrdersUnderAnEarlierRegimeMoveAndSayWhy() throws Exception {
        Path before = folder.resolve("before");
        copyOfRegimes(before);
        Files.delete(before.resolve("5-any-cloud.yaml"));
        try (var server = start()) {
            buy(server);
            buy(server);
            String whatIf = "contracts whatif " + before + " --prefer=keep --json" + EVER;
            assertThat(runs(server, whatIf)).isZero();
            String first = told();
            assertThat(runs(server, whatIf)).isZero();
            assertThat(told()).as("byte for byte").isEqualTo(first);
            JsonNode moved = JsonMapper.shared().readTree(first).path("moved");
            assertThat(moved).hasSize(2);
            for (JsonNode order : moved) {
                assertThat(order.toString())
                        .contains("bedrock", "azure", "microsoft-2026-02/stateless-api");
            }
            assertThat(runs(server, whatIf.replace(before.toString(), now()))).isZero();
            assertThat(JsonMapper.shared().readTree(told()).path("moved")).isEmpty();
        }
    }

    private String now() {
        return folder.resolve("contracts").toString();
    }

    @Test
    void evidenceIsOfTheClauseThatDecidedAndOfNoOther() throws Exception {
        Path proof = folder.resolve("proof.json");
        try (var server = start()) {
            buy(server);
            String more = " --out=" + proof + EVER;
            assertThat(runs(server, "contracts evidence microsoft-2026-04/any-cloud" + more))
                    .isZero();
            assertThat(told()).contains("1 decisions");
            assertThat(run("contracts", "verify", proof.toString())).isZero();
            assertThat(runs(server, "contracts evidence microsoft-2026-02/stateless-api" + more))
                    .isZero();
            assertThat(told()).as("its time was over").contains("0 decisions");
            assertThat(runs(server, "contracts evidence microsoft-2025-10/commitment" + more))
                    .isEqualTo(1);
            told();
            assertThat(runs(server, "contracts evidence microsoft-2026-04/any-clod" + more))
                    .isEqualTo(1);
            assertThat(told()).contains("any-clod");
        }
    }

    /** A call of ten dollars on Bedrock; waits until the ledger has it. */
    private void buy(Server server) throws Exception {
        supplier.always(ChatScripts.answer("Good day", 1_000_000, 0));
        var body = JsonNodeFactory.instance.objectNode().put("model", "openai/gpt-5-mini");
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        try (var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            int before = api.get("/admin/v1/receipts").path("data").size();
            api.post("/v1/chat/completions", body);
            while (api.get("/admin/v1/receipts").path("data").size() == before) {
                Thread.onSpinWait();
            }
        }
    }

    private int runs(Server server, String words) {
        return run(server, words.split(" "));
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }
}
