package entrepot.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpMeta;
import entrepot.protocols.mcp.McpVersions;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

class McpApiTest {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpResponse<String> post(Served served, String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(served.url() + "/mcp"))
                        .header("content-type", "application/json")
                        .header("accept", "application/json, text/event-stream")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Map<String, String> key() {
        return Map.of("authorization", "Bearer " + KnownKeys.ALL);
    }

    private static Map<String, String> modern(String method, String name) {
        return Map.of(
                "authorization",
                "Bearer " + KnownKeys.ALL,
                "mcp-protocol-version",
                McpVersions.MODERN,
                "mcp-method",
                method,
                "mcp-name",
                name);
    }

    private static String request(String method, ObjectNode params) {
        ObjectNode request = Json.object().put("jsonrpc", "2.0").put("id", 7).put("method", method);
        request.set("params", params);
        return request.toString();
    }

    private static ObjectNode signed(ObjectNode params) {
        ObjectNode meta = McpMeta.in(params).put(McpMeta.VERSION, McpVersions.MODERN);
        meta.putObject(McpMeta.CAPABILITIES);
        return params;
    }

    private JsonNode call(Served served, String tool, String arguments) throws Exception {
        ObjectNode params = Json.object().put("name", tool);
        params.set("arguments", JsonMapper.shared().readTree(arguments));
        HttpResponse<String> answer = post(served, request("tools/call", params), key());
        assertThat(answer.statusCode()).isEqualTo(200);
        String body = answer.body();
        String json = body.startsWith("{") ? body : body.substring(body.lastIndexOf("data: ") + 6);
        return JsonMapper.shared().readTree(json).path("result");
    }

    private static String agent(Served served) throws Exception {
        HttpResponse<String> made =
                served.post(
                        "/v1/agents",
                        "{\"model\":\"scripted\",\"name\":\"Reader\",\"instructions\":\"Read.\"}");
        return Served.json(made.body()).path("id").asString("");
    }

    @Test
    void agentsAreListedGivenATaskAndAskedForTheAnswer() throws Exception {
        try (var served =
                new Served(ScriptedMarket.of(Scripted.says("Well."), Scripted.says("More.")))) {
            String id = agent(served);
            assertThat(call(served, "list_agents", "{}").path("structuredContent").toString())
                    .contains(id, "Reader");
            JsonNode done =
                    call(served, "run_agent", "{\"agent_id\":\"" + id + "\",\"input\":\"Read it\"}")
                            .path("structuredContent");
            assertThat(done.path("status").asString("")).isEqualTo("completed");
            assertThat(done.path("answer").asString("")).isEqualTo("Well.");
            String session = done.path("session_id").asString("");
            call(served, "run_agent", "{\"session_id\":\"" + session + "\",\"input\":\"Go on\"}");
            assertThat(
                            call(served, "get_answer", "{\"session_id\":\"" + session + "\"}")
                                    .path("structuredContent")
                                    .path("answer")
                                    .asString(""))
                    .isEqualTo("More.");
        }
    }

    @Test
    void aTaskThatTakesLongerGoesOnWithoutItsCaller() throws Exception {
        try (var served = new Served(ScriptedMarket.of(Scripted.hangsAfter("Well")))) {
            JsonNode begun =
                    call(
                                    served,
                                    "run_agent",
                                    "{\"agent_id\":\""
                                            + agent(served)
                                            + "\",\"input\":\"Read\",\"wait_seconds\":0}")
                            .path("structuredContent");
            assertThat(begun.path("status").asString("")).isEqualTo("in_progress");
            assertThat(begun.path("session_id").asString("")).startsWith("sess_");
        }
    }

    @Test
    void whatGoesWrongIsSaidInTheResult() throws Exception {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("x")))) {
            assertThat(
                            call(served, "run_agent", "{\"agent_id\":\"no\",\"input\":\"x\"}")
                                    .toString())
                    .contains("There is no agent no", "\"isError\":true");
            assertThat(call(served, "get_answer", "{\"session_id\":\"sess_no\"}").toString())
                    .contains("There is no session", "\"isError\":true");
            assertThat(
                            call(
                                            served,
                                            "search_knowledge",
                                            "{\"folder\":\"news\",\"query\":\"trading post\"}")
                                    .toString())
                    .contains("The trading post stands.");
        }
    }

    @Test
    void theModernRevisionIsServedWithoutASession() throws Exception {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("x")))) {
            HttpResponse<String> found =
                    post(
                            served,
                            request("server/discover", signed(Json.object())),
                            modern("server/discover", ""));
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(found.body()).contains(McpVersions.MODERN, McpVersions.LEGACY, "complete");
            HttpResponse<String> wrongName =
                    post(
                            served,
                            request("tools/call", signed(Json.object().put("name", "list_agents"))),
                            modern("tools/call", "run_agent"));
            assertThat(wrongName.statusCode()).isEqualTo(400);
            assertThat(wrongName.body()).contains("-32020", "\"id\":7");
            HttpResponse<String> unknown =
                    post(served, request("ping", signed(Json.object())), modern("ping", ""));
            assertThat(unknown.statusCode()).isEqualTo(404);
            assertThat(unknown.body()).contains("-32601");
        }
    }

    @Test
    void nobodyWithoutAKeyAndNoForeignPageIsLetIn() throws Exception {
        String list = request("tools/list", Json.object());
        try (var served = new Served(ScriptedMarket.of(Scripted.says("x")))) {
            HttpResponse<String> refused = post(served, list, Map.of());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).isPresent();
            assertThat(refused.body()).contains("\"jsonrpc\":\"2.0\"").doesNotContain("\"id\"");
            Map<String, String> foreign =
                    Map.of(
                            "authorization",
                            "Bearer " + KnownKeys.ALL,
                            "origin",
                            "http://evil.example.com");
            assertThat(post(served, list, foreign).statusCode()).isEqualTo(403);
            assertThat(post(served, "{", key()).statusCode()).isEqualTo(400);
        }
    }
}
