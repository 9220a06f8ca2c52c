package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.UnexpectedStatusCodeException;
import com.openai.models.beta.agents.AgentSession;
import com.openai.models.beta.agents.AgentSessionInputParam;
import com.openai.models.beta.agents.AgentSessionItem;
import com.openai.models.beta.agents.sessions.SessionCreateParams;
import com.openai.models.beta.agents.sessions.events.EventCreateParams;
import com.openai.models.beta.agents.sessions.turns.Turn;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.gateway.admin.OpenApi;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Calls that need approval: the official client, unmodified, and routes of our own. */
class ApprovalsTest {

    private static final ToolPolicy POLICY =
            use ->
                    use.tool().equals("list_files")
                            ? ToolPolicy.Judgement.ask("It looks into the news.")
                            : ToolPolicy.Judgement.ALLOWED;

    private final ScriptedMarket market =
            ScriptedMarket.of(
                    Scripted.calls(Scripted.call("call_1", "list_files", "{}")),
                    Scripted.says("Done"));

    private Served serve() {
        return new Served(market, Duration.ofSeconds(15), POLICY);
    }

    private static SessionCreateParams.Builder news() {
        return SessionCreateParams.builder()
                .environmentNone()
                .input("What is there?")
                .putAdditionalBodyProperty(
                        "agent",
                        JsonValue.from(
                                Map.of(
                                        "model",
                                        "scripted",
                                        "tools",
                                        List.of(
                                                Map.of(
                                                        "type",
                                                        "mcp",
                                                        "server_label",
                                                        "folder",
                                                        "transport",
                                                        Map.of(
                                                                "type",
                                                                "http",
                                                                "server_url",
                                                                "entrepot:folder/news"))))));
    }

    private static String waiting(Served served) {
        String id = served.client().beta().agents().sessions().create(news().build()).id();
        served.until(id, "requires_action");
        return id;
    }

    private static void answer(Served served, String id, String output) {
        var sessions = served.client().beta().agents().sessions();
        AgentSession session = sessions.retrieve(id);
        session.validate();
        var call = session.requiredActions().getFirst().asFunctionCall();
        assertThat(call.name()).isEqualTo("entrepot_approval");
        assertThat(call._arguments().toString())
                .contains("list_files")
                .contains("It looks into the news.");
        assertThat(sessions.turns().list(id).items().getFirst().status())
                .isEqualTo(Turn.Status.WAITING);
        post(served, id, call.turnId(), call.callId(), output);
    }

    private static void post(
            Served served, String id, String turnId, String callId, String output) {
        var result =
                AgentSessionInputParam.AgentSessionInputToolResult.builder()
                        .turnId(turnId)
                        .callId(callId)
                        .success(true)
                        .output(output)
                        .build();
        served.client()
                .beta()
                .agents()
                .sessions()
                .events()
                .create(
                        EventCreateParams.builder()
                                .sessionId(id)
                                .addEvent(
                                        AgentSessionInputParam.ofAgentSessionInputToolResult(
                                                result))
                                .build());
    }

    private static JsonNode toolUse(Served served, String id) {
        served.client()
                .beta()
                .agents()
                .sessions()
                .items()
                .list(id)
                .autoPager()
                .forEach(AgentSessionItem::validate);
        for (JsonNode item :
                Served.json(served.get("/v1/agents/sessions/" + id + "/items")).path("data")) {
            if (item.path("type").asString("").equals("mcp_call")) {
                return item;
            }
        }
        throw new AssertionError("no mcp_call in " + id);
    }

    @Test
    void anApprovalThroughTheOfficialClientLetsTheCallGoOn() {
        try (var served = serve()) {
            String id = waiting(served);
            answer(served, id, "approve");
            served.until(id, "idle");
            JsonNode use = toolUse(served, id);
            assertThat(use.path("status").asString("")).isEqualTo("completed");
            assertThat(use.toString()).contains("one.txt");
        }
    }

    @Test
    void aDenialThroughTheOfficialClientIsAFailedCall() {
        try (var served = serve()) {
            String id = waiting(served);
            answer(served, id, "{\"decision\":\"deny\",\"note\":\"Not today.\"}");
            served.until(id, "idle");
            JsonNode use = toolUse(served, id);
            assertThat(use.path("status").asString("")).isEqualTo("failed");
            assertThat(use.toString()).contains("Not today.").doesNotContain("one.txt");
            assertThat(market.requests().getLast().messages().toString())
                    .contains("ada denied it. Not today.");
        }
    }

    @Test
    void withAutoReviewNobodyIsAskedAndTheCallIsDenied() {
        try (var served = serve()) {
            var sessions = served.client().beta().agents().sessions();
            var params = news().review(SessionCreateParams.Review.AUTO_REVIEW).build();
            String id = sessions.create(params).id();
            served.until(id, "idle");
            assertThat(toolUse(served, id).path("status").asString("")).isEqualTo("failed");
            assertThat(market.requests().getLast().messages().toString())
                    .contains("Nobody reviews this session by hand.");
        }
    }

    /** E48e: seen and answered by the session's own tenant alone. */
    @Test
    void ourRoutesListAndAnswer() {
        try (var served = serve()) {
            String id = waiting(served);
            JsonNode open = list(served, KnownKeys.AGENTS).path("data");
            assertThat(open).hasSize(1);
            JsonNode one = open.get(0);
            assertThat(one.path("session_id").asString("")).isEqualTo(id);
            assertThat(one.path("name").asString("")).isEqualTo("list_files");
            assertThat(one.path("server_label").asString("")).isEqualTo("folder");
            assertThat(one.path("call_id").asString("")).isEqualTo("call_1");
            assertThat(one.path("arguments").isObject()).isTrue();
            assertThat(list(served, KnownKeys.OTHER_TENANT).path("data")).isEmpty();
            String path = path(one);

            assertThat(post(served, KnownKeys.OTHER_TENANT, path, approve("")).statusCode())
                    .isEqualTo(404);
            assertThat(post(served, KnownKeys.MODELS, path, approve("")).statusCode())
                    .isEqualTo(403);
            var wrong = post(served, KnownKeys.AGENTS, path, approve(",\"digest\":\"00\""));
            assertThat(wrong.statusCode()).isEqualTo(409);
            assertThat(wrong.body()).contains("not the one you decided on");
            var typo = post(served, KnownKeys.AGENTS, path, "{\"decision\":\"yes\"}");
            assertThat(typo.statusCode()).isEqualTo(400);
            assertThat(typo.body()).contains("approve or deny");
            assertThat(post(served, KnownKeys.AGENTS, path + "x", approve("")).statusCode())
                    .isEqualTo(404);

            String digest = ",\"digest\":\"" + one.path("digest").asString("") + "\"";
            var good = post(served, KnownKeys.AGENTS, path, approve(digest));
            assertThat(good.statusCode()).as(good.body()).isEqualTo(200);
            assertThat(Served.json(good).path("decision").asString("")).isEqualTo("approve");
            served.until(id, "idle");
            assertThat(list(served, KnownKeys.AGENTS).path("data")).isEmpty();

            assertThat(post(served, KnownKeys.AGENTS, path, approve("")).statusCode())
                    .isEqualTo(200);
            var late = post(served, KnownKeys.AGENTS, path, "{\"decision\":\"deny\"}");
            assertThat(late.statusCode()).isEqualTo(409);
            assertThat(late.body()).contains("ada has approved this already");
            assertThat(toolUse(served, id).path("status").asString("")).isEqualTo("completed");
        }
    }

    /** E48c: a late answer revives nothing. */
    @Test
    void anAnswerAfterACancelIsRefusedOnEveryWay() {
        try (var served = serve()) {
            String id = waiting(served);
            JsonNode one = list(served, KnownKeys.ALL).path("data").get(0);
            served.client()
                    .beta()
                    .agents()
                    .sessions()
                    .events()
                    .create(
                            EventCreateParams.builder()
                                    .sessionId(id)
                                    .addEventAgentSessionInputCancel()
                                    .build());
            served.until(id, "idle");
            var late = post(served, KnownKeys.ALL, path(one), approve(""));
            assertThat(late.statusCode()).isEqualTo(409);
            assertThat(late.body()).contains("its turn has ended");
            String turn = one.path("turn_id").asString("");
            String question = one.path("id").asString("");
            assertThatThrownBy(() -> post(served, id, turn, question, "approve"))
                    .isInstanceOfSatisfying(
                            UnexpectedStatusCodeException.class,
                            refused -> assertThat(refused.statusCode()).isEqualTo(409));
        }
    }

    @Test
    void ourRoutesAreInTheDocument() {
        try (var served = serve()) {
            var routes = new ApprovalsApi(served.runtime().sessions()).routes();
            JsonNode paths = OpenApi.document(routes).path("paths");
            assertThat(paths.has("/v1/approvals")).isTrue();
            assertThat(paths.toString()).contains("digest", "approval_id", "decision");
        }
    }

    private static String approve(String more) {
        return "{\"decision\":\"approve\"" + more + "}";
    }

    private static String path(JsonNode open) {
        return "/v1/agents/sessions/"
                + open.path("session_id").asString("")
                + "/approvals/"
                + open.path("id").asString("");
    }

    private static JsonNode list(Served served, String key) {
        return Served.json(send(served, key, served.request("GET", "/v1/approvals", "")));
    }

    private static HttpResponse<String> post(Served served, String key, String path, String body) {
        return send(served, key, served.request("POST", path, body));
    }

    private static HttpResponse<String> send(
            Served served, String key, HttpRequest.Builder request) {
        return served.send(request.setHeader("authorization", "Bearer " + key).build());
    }
}
