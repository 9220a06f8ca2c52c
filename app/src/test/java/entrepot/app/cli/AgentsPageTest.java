package entrepot.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What docs/agents.md shows works as it stands, on the whole server. */
class AgentsPageTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern BODIES = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    @TempDir Path folder = Path.of("");

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void theSessionsOfThePageAreMadeAndEnd() throws Exception {
        try (var supplier = ScriptedSupplier.start()) {
            supplier.always(ChatScripts.stream(3, 2, "Good ", "day"));
            try (var server = start(supplier);
                    var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                List<JsonNode> ended = new ArrayList<>();
                for (var body = BODIES.matcher(page()); body.find(); ) {
                    ended.add(session(api, body.group(1).replace("MODEL", "acme/one")));
                }
                assertThat(ended).hasSizeGreaterThanOrEqualTo(2);
                assertThat(ended).allMatch(session -> session.path("error").isNull());
                JsonNode coordinator = ended.getFirst();
                assertThat(
                                coordinator
                                        .path("agent")
                                        .path("multi_agent")
                                        .path("enabled")
                                        .asBoolean())
                        .isTrue();
                String sent = supplier.requests().getFirst().text();
                assertThat(sent).contains("create_subagent").contains("wait_for_subagents");
                JsonNode budgeted = ended.get(1).path("spend_control");
                assertThat(budgeted.path("limit").asInt()).isEqualTo(50);
                assertThat(budgeted.path("consumed").asInt(-1)).isZero();
            }
        }
    }

    /** A18: by the market's own hold, before the supplier is asked. */
    @Test
    void aSessionThatCannotPayBuysNothing() throws Exception {
        try (var supplier = ScriptedSupplier.start()) {
            supplier.always(ChatScripts.stream(3, 2, "Good ", "day"));
            try (var server = start(supplier);
                    var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                JsonNode session =
                        session(
                                api,
                                "{\"environment\":{\"type\":\"none\"},\"input\":\"Hello\","
                                        + "\"spend_control\":{\"limit\":5},"
                                        + "\"agent\":{\"model\":\"acme/dear\"}}");
                assertThat(session.path("error").asString("")).contains("0.05 USD left");
                String id = session.path("id").asString("");
                JsonNode turns = api.get("/v1/agents/sessions/" + id + "/turns");
                assertThat(turns.path("data").path(0).path("error").path("code").asString(""))
                        .isEqualTo("session_budget_exceeded");
                assertThat(supplier.requests()).isEmpty();
            }
        }
    }

    private static JsonNode session(Api api, String body) throws Exception {
        JsonNode made = api.post("/v1/agents/sessions", JSON.readTree(body));
        String path = "/v1/agents/sessions/" + made.path("id").asString("");
        for (int left = 1_000; left > 0; left--) {
            JsonNode now = api.get(path);
            if (now.path("status").asString("").equals("idle")) {
                return now;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(path + " was never idle");
    }

    private Server start(ScriptedSupplier supplier) throws Exception {
        Files.writeString(
                folder.resolve("catalogue.yaml"),
                """
                suppliers:
                  acme: {kind: openai-compatible, base_url: "%s", key_env: ACME_KEY}
                models:
                  acme/one:
                    output_tokens: 1000
                    offers:
                      - {supplier: acme, name: one-large, prices: {input: 2, output: 8}}
                  acme/dear:
                    output_tokens: 1000
                    offers:
                      - {supplier: acme, name: dear-large, prices: {input: 2000, output: 8000}}
                """
                        .formatted(supplier.baseUrl()));
        environment.put("HOME", "/nowhere");
        environment.put("ENTREPOT_DATA", folder.toString());
        environment.put("ACME_KEY", "sk-acme");
        return Server.start(
                SettingsReader.read(Map.of(Setting.PORT, "0"), environment), environment);
    }

    private static String page() throws Exception {
        Path root = Path.of(System.getProperty("entrepot.root", ".."));
        return Files.readString(root.resolve("docs/agents.md"));
    }
}
