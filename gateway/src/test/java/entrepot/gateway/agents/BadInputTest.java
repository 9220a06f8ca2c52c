package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Each bad request is refused with the member at fault, and nothing is half done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

    private static final String NONE = "\"environment\":{\"type\":\"none\"}";
    private static final String HI = NONE + ",\"input\":\"hi\"";
    private static final String AGENT = "\"agent\":{\"model\":\"scripted\"}";

    private static final String MISSING = "missing_required_parameter";
    private static final String TYPE = "invalid_type";
    private static final String VALUE = "invalid_value";
    private static final String UNKNOWN = "unknown_parameter";
    private static final String UNSUPPORTED = "unsupported_parameter";

    private final Served served = new Served(ScriptedMarket.of(Scripted.says("Hi")));
    private String session = "";

    @BeforeAll
    void open() {
        HttpResponse<String> made =
                served.post("/v1/agents/sessions", "{" + HI + "," + AGENT + "}");
        session = Served.json(made).get("id").stringValue();
        served.until(session, "idle");
    }

    @AfterAll
    void close() {
        served.close();
    }

    /**
     * @param param empty when the whole body is at fault
     * @param says a word of the message
     */
    record Bad(String path, String body, String code, String param, String says) {}

    private static Bad agent(String body, String code, String param, String says) {
        return new Bad("/v1/agents", body, code, param, says);
    }

    private static Bad session(String members, String code, String param, String says) {
        return new Bad("/v1/agents/sessions", "{" + members + "}", code, param, says);
    }

    private static Bad tool(String tool, String code, String param, String says) {
        String body = "{\"model\":\"scripted\",\"tools\":[" + tool + "]}";
        return new Bad("/v1/agents", body, code, "tools[0]" + param, says);
    }

    private static Bad event(String event, String code, String param, String says) {
        return new Bad("EVENTS", "{\"events\":[" + event + "]}", code, "events[0]" + param, says);
    }

    static List<Bad> bad() {
        var bad = new ArrayList<Bad>();
        badAgents(bad);
        badSettings(bad);
        badTools(bad);
        badSessions(bad);
        badSessionAgents(bad);
        badEvents(bad);
        badUpdates(bad);
        return bad;
    }

    private static void badAgents(List<Bad> bad) {
        bad.add(agent("{\"model\":", "invalid_json", "model", "line 1"));
        bad.add(agent("", "invalid_request_error", "", "empty"));
        bad.add(agent("[]", TYPE, "body", "an object"));
        bad.add(agent("{}", MISSING, "model", "Missing"));
        bad.add(agent("{\"model\":7}", TYPE, "model", "an integer"));
        bad.add(agent("{\"model\":null}", TYPE, "model", "null"));
        bad.add(agent("{\"model\":\"nope\"}", "model_not_found", "model", "nope"));
        bad.add(agent("{\"model\":\"scripted\",\"modle\":1}", UNKNOWN, "modle", "Known here"));
        bad.add(agent("{\"model\":\"scripted\",\"model\":\"x\"}", "invalid_json", "", "twice"));
        bad.add(agent(model("\"metadata\":{\"a\":1}"), TYPE, "metadata.a", "a string"));
        bad.add(agent(model("\"metadata\":[]"), TYPE, "metadata", "an object"));
        bad.add(agent(model("\"name\":\"" + "n".repeat(129) + "\""), VALUE, "name", "128"));
    }

    private static void badUpdates(List<Bad> bad) {
        bad.add(
                new Bad(
                        "SESSION",
                        "{\"instructions\":\"x\"}",
                        UNKNOWN,
                        "instructions",
                        "metadata"));
        bad.add(new Bad("SESSION", "{\"metadata\":{\"a\":1}}", TYPE, "metadata.a", "a string"));
        bad.add(
                new Bad(
                        "SESSION",
                        "{\"agent\":{\"model\":\"nope\"}}",
                        "model_not_found",
                        "agent.model",
                        "nope"));
        bad.add(
                new Bad(
                        "SESSION",
                        "{\"agent\":{\"instructions\":\"x\"}}",
                        UNKNOWN,
                        "agent.instructions",
                        "model"));
    }

    private static void badSettings(List<Bad> bad) {
        bad.add(agent(model("\"multi_agent\":{}"), MISSING, "multi_agent.enabled", "Missing"));
        bad.add(agent(model("\"service_tier\":\"flex\""), UNSUPPORTED, "service_tier", "auto"));
        bad.add(agent(model("\"tools\":{}"), TYPE, "tools", "an array"));
        bad.add(
                agent(
                        model(
                                "\"multi_agent\":{\"enabled\":true,"
                                        + "\"max_concurrent_subagents\":0}"),
                        VALUE,
                        "multi_agent.max_concurrent_subagents",
                        "1 to 4294967295"));
        bad.add(
                agent(
                        model("\"reasoning\":{\"effort\":\"huge\"}"),
                        VALUE,
                        "reasoning.effort",
                        "xhigh"));
        bad.add(
                agent(
                        model("\"text\":{\"format\":{\"type\":\"json_schema\"}}"),
                        MISSING,
                        "text.format.schema",
                        "Missing"));
        bad.add(
                agent(
                        model("\"text\":{\"verbosity\":\"low\"}"),
                        UNSUPPORTED,
                        "text.verbosity",
                        "medium"));
        bad.add(
                agent(
                        model("\"compaction\":{\"async\":false}"),
                        UNSUPPORTED,
                        "compaction.async",
                        "true"));
        bad.add(
                agent(
                        model("\"experimental\":{\"time_awareness\":true}"),
                        UNSUPPORTED,
                        "experimental.time_awareness",
                        "false"));
    }

    private static void badTools(List<Bad> bad) {
        bad.add(tool("7", TYPE, "", "an object"));
        bad.add(tool("{}", MISSING, ".type", "Missing"));
        bad.add(tool("{\"type\":\"computer_use\"}", UNSUPPORTED, ".type", "'function'"));
        bad.add(
                tool(
                        "{\"type\":\"web_search\",\"mode\":\"cached\"}",
                        UNSUPPORTED,
                        ".mode",
                        "'live'"));
        bad.add(tool("{\"type\":\"spell\"}", VALUE, ".type", "'function'"));
        bad.add(tool("{\"type\":\"function\",\"name\":\"f\"}", MISSING, ".description", ""));
        bad.add(tool("{\"type\":\"function\",\"name\":\"f g\"}", VALUE, ".name", "letters"));
        bad.add(tool(function(",\"async\":true"), UNSUPPORTED, ".async", "false"));
        bad.add(tool(function(",\"strict\":true"), UNKNOWN, ".strict", "Known here"));
        bad.add(
                tool(
                        server("entrepot:folder/news", ",\"connection_origin\":\"moon\""),
                        VALUE,
                        ".connection_origin",
                        "service, environment"));
        bad.add(
                tool(
                        "{\"type\":\"mcp\",\"server_label\":\"x\",\"transport\":"
                                + "{\"type\":\"stdio\",\"command\":\"sh\"}}",
                        MISSING,
                        ".transport.cwd",
                        "Missing"));
    }

    private static void badSessions(List<Bad> bad) {
        bad.add(session(AGENT, MISSING, "environment", "Missing"));
        bad.add(session(NONE + "," + AGENT, MISSING, "input", "initial input"));
        bad.add(session(NONE + ",\"stream\":true," + AGENT, MISSING, "input", "Streaming"));
        bad.add(session(HI, MISSING, "agent", "Missing"));
        bad.add(session(HI + ",\"agent\":{}", MISSING, "agent.model", "Missing"));
        bad.add(session(HI + "," + AGENT + ",\"stream\":\"yes\"", TYPE, "stream", "a boolean"));
        bad.add(session(HI + "," + AGENT + ",\"extra\":1", UNKNOWN, "extra", "Known here"));
    }

    private static void badSessionAgents(List<Bad> bad) {
        bad.add(session(NONE + ",\"input\":[]," + AGENT, VALUE, "input", "at least one"));
        bad.add(
                session(
                        HI + ",\"agent\":{\"model\":\"nope\"}",
                        "model_not_found",
                        "agent.model",
                        "nope"));
        bad.add(session(HI + "," + AGENT + ",\"vault_ids\":[7]", TYPE, "vault_ids[0]", "a string"));
        bad.add(
                session(
                        HI + "," + AGENT + ",\"review\":\"by_hand\"",
                        VALUE,
                        "review",
                        "auto_review"));
        bad.add(
                session(
                        HI + "," + AGENT + ",\"spend_control\":{\"limit\":0}",
                        VALUE,
                        "spend_control.limit",
                        "1 to"));
        bad.add(
                session(
                        "\"input\":\"hi\"," + AGENT + ",\"environment\":{\"type\":\"self_hosted\"}",
                        UNSUPPORTED,
                        "environment.type",
                        "none"));
        bad.add(
                session(
                        HI + ",\"agent_id\":\"agent_local_1\"",
                        "agent_not_persisted",
                        "agent_id",
                        "save it"));
        bad.add(
                session(
                        NONE + ",\"input\":[{\"role\":\"system\",\"content\":[]}]," + AGENT,
                        VALUE,
                        "input[0].role",
                        "user"));
        bad.add(
                session(
                        NONE + ",\"input\":[{\"role\":\"user\",\"content\":\"hi\"}]," + AGENT,
                        TYPE,
                        "input[0].content",
                        "an array"));
    }

    private static void badEvents(List<Bad> bad) {
        bad.add(new Bad("EVENTS", "{}", MISSING, "events", "Missing"));
        bad.add(new Bad("EVENTS", "{\"events\":null}", TYPE, "events", "null"));
        bad.add(new Bad("EVENTS", "{\"events\":[],\"x\":1}", UNKNOWN, "x", "Known here"));
        bad.add(event("{}", MISSING, ".type", "Missing"));
        bad.add(event("{\"type\":\"agent.session.input.spell\"}", VALUE, ".type", "cancel"));
        bad.add(event("{\"type\":\"agent.session.input.cancel\",\"x\":1}", UNKNOWN, ".x", "type"));
        bad.add(
                event(
                        "{\"type\":\"agent.session.input.tool_result\",\"turn_id\":\"t\","
                                + "\"call_id\":\"c\"}",
                        MISSING,
                        ".success",
                        "Missing"));
        bad.add(
                event(
                        "{\"type\":\"agent.session.input.message\",\"input\":[{\"role\":\"user\","
                                + "\"content\":[{\"type\":\"input_audio\"}]}]}",
                        VALUE,
                        ".input[0].content[0].type",
                        "input_text"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void isRefusedByName(Bad bad) {
        String ofSession = "/v1/agents/sessions/" + session;
        String path =
                switch (bad.path()) {
                    case "SESSION" -> ofSession;
                    case "EVENTS" -> ofSession + "/events";
                    case String other -> other;
                };
        int before = count();
        HttpResponse<String> refused = served.post(path, bad.body());
        JsonNode error = Served.json(refused).path("error");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(error.path("type").asString("")).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asString("")).isEqualTo(bad.code());
        assertThat(error.path("param").asString("")).startsWith(bad.param());
        assertThat(error.path("message").asString("")).contains(bad.says());
        assertThat(count()).isEqualTo(before);
    }

    @Test
    void anEmptyArrayOfEventsIsTakenAndDoesNothing() {
        HttpResponse<String> taken =
                served.post("/v1/agents/sessions/" + session + "/events", "{\"events\":[]}");
        assertThat(taken.statusCode()).isEqualTo(202);
    }

    @Test
    void theBetaHeaderMustBeThereAndRight() {
        for (String beta : List.of("agents=v2", "assistants=v2", "agents")) {
            HttpResponse<String> refused =
                    served.send(
                            served.request("GET", "/v1/agents", "")
                                    .setHeader("openai-beta", beta)
                                    .build());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(Served.json(refused).path("error").path("code").asString(""))
                    .isEqualTo("invalid_beta");
        }
        HttpResponse<String> fine =
                served.send(
                        served.request("GET", "/v1/agents", "")
                                .setHeader("openai-beta", "x=y, agents=v1")
                                .build());
        assertThat(fine.statusCode()).isEqualTo(200);
    }

    @Test
    void limitsAreClampedForSessionsAndItemsAndStrictForTurns() {
        for (String limit : List.of("0", "-5", "1000")) {
            String query = "?limit=" + limit;
            assertThat(served.get("/v1/agents/sessions" + query).statusCode()).isEqualTo(200);
            assertThat(served.get("/v1/agents" + query).statusCode()).isEqualTo(200);
            String items = "/v1/agents/sessions/" + session + "/items";
            assertThat(served.get(items + query).statusCode()).isEqualTo(200);
            HttpResponse<String> refused =
                    served.get("/v1/agents/sessions/" + session + "/turns" + query);
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("limit must be between 1 and 100");
        }
        assertThat(served.get("/v1/agents?limit=ten").body())
                .contains("Failed to deserialize query string");
        assertThat(served.get("/v1/agents?order=up").statusCode()).isEqualTo(400);
        assertThat(served.get("/v1/agents?unheard=of").statusCode()).isEqualTo(200);
    }

    @Test
    void unknownCursorsAreToldApart() {
        assertThat(served.get("/v1/agents?after=agent_x").statusCode()).isEqualTo(404);
        assertThat(served.get("/v1/agents/sessions?after=sess_x").statusCode()).isEqualTo(404);
        String here = "/v1/agents/sessions/" + session;
        assertThat(served.get(here + "/turns?after=turn_x").statusCode()).isEqualTo(404);
        HttpResponse<String> items = served.get(here + "/items?after=item_x");
        assertThat(items.statusCode()).isEqualTo(400);
        assertThat(items.body()).contains("item_x");
    }

    /** E71, E72: another tenant finds nothing, whatever it names. */
    @Test
    void anotherTenantFindsNothing() {
        for (String path :
                List.of("", "/items", "/turns", "/events", "/turns/turn_1", "/turns/t/items")) {
            HttpResponse<String> refused =
                    served.send(
                            served.request("GET", "/v1/agents/sessions/" + session + path, "")
                                    .setHeader("authorization", "Bearer " + KnownKeys.OTHER_TENANT)
                                    .build());
            assertThat(refused.statusCode()).as(path).isEqualTo(404);
            JsonNode error = Served.json(refused).path("error");
            assertThat(error.path("type").asString("")).isEqualTo("not_found_error");
            assertThat(error.path("message").asString("")).isEqualTo("Resource not found.");
        }
    }

    @Test
    void aKeyedCreateMakesOneSessionHoweverOftenItIsSent() {
        String body = "{" + HI + "," + AGENT + "}";
        var ids = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> made =
                    served.send(
                            served.request("POST", "/v1/agents/sessions", body)
                                    .header("idempotency-key", "create-1")
                                    .build());
            assertThat(made.statusCode()).isEqualTo(201);
            ids.add(Served.json(made).get("id").stringValue());
        }
        assertThat(ids).containsOnly(ids.getFirst());
        HttpResponse<String> other =
                served.send(
                        served.request("POST", "/v1/agents/sessions", body.replace("hi", "ho"))
                                .header("idempotency-key", "create-1")
                                .build());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.headers().firstValue("x-should-retry")).contains("false");
    }

    @Test
    void sessionsAreFilteredByMetadataAndAgent() {
        String body = "{" + HI + "," + AGENT + ",\"metadata\":{\"desk\":\"news & more\"}}";
        String id = Served.json(served.post("/v1/agents/sessions", body)).get("id").stringValue();
        JsonNode found =
                Served.json(served.get("/v1/agents/sessions?metadata%5Bdesk%5D=news%20%26+more"));
        assertThat(found.get("data")).hasSize(1);
        assertThat(found.get("data").get(0).get("id").stringValue()).isEqualTo(id);
        JsonNode none = Served.json(served.get("/v1/agents/sessions?agent_id=agent_none"));
        assertThat(none.get("data")).isEmpty();
        assertThat(none.get("last_id").isNull()).isTrue();
    }

    private int count() {
        return Served.json(served.get("/v1/agents/sessions?limit=100")).get("data").size()
                + Served.json(served.get("/v1/agents?limit=100")).get("data").size();
    }

    private static String model(String more) {
        return "{\"model\":\"scripted\"," + more + "}";
    }

    private static String function(String more) {
        return "{\"type\":\"function\",\"name\":\"f\",\"description\":\"d\",\"parameters\":{}"
                + more
                + "}";
    }

    private static String server(String url, String more) {
        return "{\"type\":\"mcp\",\"server_label\":\"x\",\"transport\":{\"type\":\"http\","
                + "\"server_url\":\""
                + url
                + "\"}"
                + more
                + "}";
    }
}
