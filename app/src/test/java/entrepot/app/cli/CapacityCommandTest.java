package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
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
import java.util.regex.Pattern;

/** Reserved units and rights of first refusal from the command line, and the shipped example. */
class CapacityCommandTest extends CommandLine {

    private final ScriptedSupplier supplier = ScriptedSupplier.start();

    @AfterEach
    void close() {
        supplier.close();
    }

    @Test
    void theExampleClimbsTheLadder() {
        Path example = example();
        assertThat(run("contracts", "check", example.resolve("contracts").toString())).isZero();
        told();
        assertThat(
                        run(
                                "explain",
                                "--folder",
                                example.toString(),
                                "--tenant",
                                "default",
                                "--model",
                                "acme/one"))
                .isZero();
        assertThat(told())
                .containsSubsequence(
                        "1. units on channel cloud",
                        "yes ladder       reserved: the 50 PTU of units have room",
                        "by suppliers.units.reserved[0]",
                        "2. on-demand on channel acme",
                        "yes ladder       on demand",
                        "3. cloud on channel cloud");
    }

    @Test
    void useIsMeasuredAndShown() throws Exception {
        copy();
        supplier.always(ChatScripts.answer("Good day", 300, 50));
        try (var server = start()) {
            ask(server);
            assertThat(run(server, "capacity")).isZero();
            assertThat(told())
                    .containsPattern(
                            "50 PTU +units +acme/one +125000 +500 \\(0 %\\) +1 +has room +0");
            assertThat(run(server, "capacity", "--json")).isZero();
            JsonNode told = new JsonMapper().readTree(told());
            assertThat(told.at("/reserved/0/by/0/model").asString()).isEqualTo("acme/one");
            assertThat(told.at("/reserved/0/by/0/tokens").asInt()).isEqualTo(500);
            assertThat(told.at("/window_seconds").asInt()).isEqualTo(60);
            try (var api = api(server)) {
                for (JsonNode each : api.get("/admin/v1/health").path("suppliers")) {
                    boolean units = each.path("supplier").asString("").equals("units");
                    assertThat(each.path("reserved_percent").isNumber()).isEqualTo(units);
                }
                JsonNode receipt = api.get("/admin/v1/receipts").at("/data/0");
                assertThat(receipt.path("supplier").asString()).isEqualTo("units");
                assertThat(receipt.path("verdicts").toString())
                        .contains("reserved: the 50 PTU of units have room");
            }
        }
    }

    @Test
    void aRightOfFirstRefusalIsRunToItsEndAndProved() throws Exception {
        copy();
        try (var server = start()) {
            assertThat(run(server, "capacity", "ask", "acme", "--purchase", "north")).isEqualTo(3);
            assertThat(told()).contains("NO  cloud must be offered it first");
            assertThat(
                            step(
                                    server,
                                    "offer press-cloud/refusal --seller acme --purchase north"
                                            + " --document letter-17 --at 2026-02-03"))
                    .isZero();
            String offered = told();
            assertThat(offered).contains("its window ends on 2026-02-17T00:00:00Z");
            var ids = Pattern.compile("ntc_\\w+").matcher(offered);
            assertThat(ids.find()).isTrue();
            String id = ids.group();
            assertThat(answer(server, id, "2026-02-20")).isEqualTo(1);
            assertThat(told()).contains("the window ended on 2026-02-17T00:00:00Z");
            assertThat(answer(server, id, "2026-02-10")).isZero();
            told();
            assertThat(run(server, "capacity", "notices")).isZero();
            assertThat(told())
                    .containsPattern(id + " +press-cloud/refusal +acme +north .*declined");
            assertThat(run(server, "capacity", "ask", "acme", "--purchase", "north")).isZero();
            assertThat(told()).contains("yes cloud declined it");
            assertThat(run(server, "capacity", "ask", "acme", "--purchase", "south")).isEqualTo(3);

            Path proof = folder.resolve("north.json");
            assertThat(run(server, "capacity", "evidence", id, "--out", proof.toString())).isZero();
            assertThat(told()).contains("declined, signed with the key");
            assertThat(run("contracts", "verify", proof.toString())).isZero();
            Files.writeString(proof, Files.readString(proof).replace("letter-18", "letter-19"));
            assertThat(run("contracts", "verify", proof.toString())).isNotZero();
        }
    }

    private int answer(Server server, String notice, String day) {
        return step(server, "answer " + notice + " declined --document letter-18 --at " + day);
    }

    private int step(Server server, String words) {
        return run(server, ("capacity " + words).split(" "));
    }

    private static Path example() {
        return Path.of(Objects.requireNonNull(System.getProperty("entrepot.root", "..")))
                .resolve("examples/capacity");
    }

    /** The example, with its suppliers at the scripted one. */
    private void copy() throws IOException {
        String catalogue = Files.readString(example().resolve("catalogue.yaml"));
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                catalogue
                        .replaceAll("base_url: .*", "base_url: \"" + supplier.baseUrl() + "\"")
                        .replaceAll(" +key_env: .*\n", ""));
        Files.createDirectories(folder.resolve("contracts"));
        Files.copy(
                example().resolve("contracts/press.yaml"), folder.resolve("contracts/press.yaml"));
    }

    private static void ask(Server server) throws Exception {
        var body = JsonNodeFactory.instance.objectNode().put("model", "acme/one");
        body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
        try (var api = api(server)) {
            assertThat(api.post("/v1/chat/completions", body).path("choices").size()).isEqualTo(1);
        }
    }

    private static Api api(Server server) {
        return new Api(URI.create(server.url()), server.firstKey().orElseThrow());
    }

    private Server start() {
        var flags = Map.of(Setting.PORT, "0");
        return Server.start(SettingsReader.read(flags, environment()), environment());
    }
}
