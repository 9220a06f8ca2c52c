package entrepot.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.beta.agents.sessions.traces.SessionTrace;
import com.openai.models.beta.agents.sessions.traces.TraceListParams;

import entrepot.conversation.Event;
import entrepot.conversation.Extras;
import entrepot.conversation.Message;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.StopReason;
import entrepot.gateway.Served;
import entrepot.gateway.agents.SessionJson;
import entrepot.protocols.Dialect;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.responses.ResponsesDialect;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.replay.Rerun;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;
import entrepot.runtime.turn.Limits;
import entrepot.store.Page;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Journals, forks and traces over HTTP. */
class HistoryApiTest {

    private static final String CREATE =
            """
            {"environment":{"type":"none"},"input":"Hello","agent":{"model":"scripted",
              "tools":[
                {"type":"function","name":"weather","description":"d","parameters":{}},
                {"type":"mcp","server_label":"folder","transport":
                  {"type":"http","server_url":"entrepot:folder/news"}}]}}\
            """;
    private static final String SEAL = "EqQBsealed";

    private static ScriptedMarket market() {
        return ScriptedMarket.of(
                Scripted.calls(
                        Scripted.call("call_1", "weather", "{\"a\": 1.10}"),
                        Scripted.call("call_2", "list_files", "{}")),
                thinks("It is sunny"));
    }

    /** Thinks, with a proof of it that only its maker can read. */
    private static Scripted thinks(String text) {
        return new Scripted.Events(
                List.of(
                        new Event.Started("ans_scripted", "scripted"),
                        new Event.PartFinished(
                                0, new Part.Reasoning("Hm.", "anthropic:" + SEAL, Extras.NONE)),
                        new Event.PartFinished(1, new Part.Text(text, Extras.NONE)),
                        new Event.Finished(StopReason.END),
                        new Event.UsageReported(Scripted.USAGE)));
    }

    private static String path(String id) {
        return "/v1/agents/sessions/" + id;
    }

    /** A session with one turn that called a function and a tool of ours. */
    private static String session(Served served) {
        String id =
                Served.json(served.post("/v1/agents/sessions", CREATE)).path("id").stringValue();
        JsonNode waiting = served.until(id, "requires_action");
        answer(served, id, waiting.at("/required_actions/0/turn_id").stringValue());
        served.until(id, "idle");
        return id;
    }

    private static void answer(Served served, String id, String turn) {
        var answered =
                served.post(
                        path(id) + "/events",
                        """
                        {"events":[{"type":"agent.session.input.tool_result","turn_id":"%s",
                          "call_id":"call_1","success":true,"output":"clear"}]}\
                        """
                                .formatted(turn));
        assertThat(answered.statusCode()).isEqualTo(202);
    }

    private static List<Journal.Recorded> journal(Served served, String id, int limit) {
        List<Journal.Recorded> journal = new ArrayList<>();
        JsonNode page;
        String after = "0";
        do {
            page = ok(served.get(path(id) + "/journal?limit=" + limit + "&after=" + after), 200);
            for (JsonNode fact : page.path("data")) {
                journal.add(
                        new Journal.Recorded(
                                fact.path("seq").asLong(),
                                fact.path("at_ms").asLong(),
                                new FactCodec()
                                        .read(
                                                new FactCodec.Written(
                                                        fact.path("type").stringValue(),
                                                        fact.path("version").asInt(),
                                                        fact.path("payload")
                                                                .toString()
                                                                .getBytes(
                                                                        StandardCharsets.UTF_8)))));
            }
            after = page.path("last_id").asString("");
        } while (page.path("has_more").booleanValue());
        return journal;
    }

    private static JsonNode ok(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Served.json(response);
    }

    @Test
    void aJournalIsReadInPagesAndRunsAgain() {
        try (var served = new Served(market())) {
            String id = session(served);
            List<Journal.Recorded> journal = journal(served, id, 3);
            assertThat(journal).isEqualTo(journal(served, id, 500)).hasSizeGreaterThan(8);
            Rerun rerun = Rerun.of(journal, Limits.DEFAULT);
            assertThat(rerun.difference()).isNull();
            JsonNode items = Served.json(served.get(path(id) + "/items?order=asc&limit=100"));
            List<JsonNode> here = new ArrayList<>();
            rerun.items().forEach(item -> here.add(Served.json(SessionJson.item(item).toString())));
            assertThat(here).isEqualTo(items.path("data").valueStream().toList());
            assertThat(served.get(path(id) + "/journal?after=x").statusCode()).isEqualTo(400);
            assertThat(served.get(path("sess_none") + "/journal").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aForkSaysWhereItComesFromAndGoesOn() {
        var market = market();
        try (var served = new Served(market)) {
            String id = session(served);
            int facts = journal(served, id, 500).size();
            JsonNode fork =
                    ok(
                            served.post(
                                    path(id) + "/fork",
                                    "{\"model\":\"scripted\",\"metadata\":{\"a\":\"b\"},"
                                            + "\"input\":\"More\"}"),
                            201);
            assertThat(fork.at("/entrepot/forked_from/session_id").stringValue()).isEqualTo(id);
            assertThat(fork.at("/entrepot/forked_from/at").asInt()).isEqualTo(facts);
            assertThat(fork.at("/metadata/a").stringValue()).isEqualTo("b");
            String made = fork.path("id").stringValue();
            assertThat(served.until(made, "idle").has("entrepot")).isTrue();
            assertThat(Served.json(served.get(path(id))).has("entrepot")).isFalse();
            served.client().beta().agents().sessions().retrieve(made).validate();
            Request request = market.requests().getLast();
            assertThat(request.messages().getLast().role()).isEqualTo(Message.Role.USER);
            // Whoever did not make the proof is not sent it, whatever model the fork is for.
            for (Dialect other :
                    List.of(new ChatDialect(), new ResponsesDialect(), new GeminiDialect())) {
                assertThat(text(other, request)).doesNotContain(SEAL).contains("It is sunny");
            }
            assertThat(text(new MessagesDialect(), request)).contains(SEAL);
        }
    }

    private static String text(Dialect dialect, Request request) {
        return new String(dialect.write(request), StandardCharsets.UTF_8);
    }

    @Test
    void aForkThatCannotBeIsRefusedByName() {
        try (var served = new Served(market())) {
            String id = session(served);
            String fork = path(id) + "/fork";
            assertThat(ok(served.post(fork, "{\"at\":99}"), 400).at("/error/param").stringValue())
                    .isEqualTo("at");
            assertThat(ok(served.post(fork, "{\"at\":\"2\"}"), 400).at("/error/code").asString())
                    .isEqualTo("invalid_type");
            JsonNode unsold = ok(served.post(fork, "{\"model\":\"x/y\"}"), 400);
            assertThat(unsold.at("/error/code").asString()).isEqualTo("model_not_found");
            assertThat(ok(served.post(fork, "{\"on\":1}"), 400).at("/error/param").stringValue())
                    .isEqualTo("on");
            ok(served.post(path("sess_none") + "/fork", "{}"), 404);
        }
    }

    @Test
    void theOfficialClientReadsTraces() {
        try (var served = new Served(market())) {
            String id = session(served);
            ok(
                    served.post(
                            path(id) + "/events",
                            "{\"events\":[{\"type\":\"agent.session.input.message\",\"input\":["
                                    + "{\"role\":\"user\",\"content\":[{\"type\":\"input_text\","
                                    + "\"text\":\"More\"}]}]}]}"),
                    202);
            served.until(id, "idle");
            var traces = served.client().beta().agents().sessions().traces();
            List<SessionTrace> listed = new ArrayList<>();
            traces.list(id, TraceListParams.builder().limit(1).build())
                    .autoPager()
                    .forEach(trace -> listed.add(trace.validate()));
            List<String> turns = new ArrayList<>();
            Served.json(served.get(path(id) + "/turns"))
                    .path("data")
                    .forEach(turn -> turns.add(turn.path("id").stringValue()));
            assertThat(listed).extracting(SessionTrace::id).isEqualTo(turns).hasSize(2);
            assertThat(served.get(path(id) + "/traces").body())
                    .isEqualTo(served.get(path(id) + "/traces").body());
        }
    }

    @Test
    void aTraceHasASpanForTheTurnAndEachOfItsCalls() {
        try (var served = new Served(market())) {
            String id = session(served);
            JsonNode trace = ok(served.get(path(id) + "/traces"), 200).at("/data/0");
            JsonNode spans = trace.at("/otlp/resourceSpans/0/scopeSpans/0/spans");
            assertThat(spans.valueStream().map(span -> span.path("name").stringValue()))
                    .containsExactlyInAnyOrder(
                            "invoke_agent",
                            "chat scripted",
                            "chat scripted",
                            "execute_tool weather",
                            "execute_tool list_files");
            String root = spans.at("/0/spanId").stringValue();
            assertThat(root).hasSize(16);
            var ids = new HashSet<String>();
            for (int at = 0; at < spans.size(); at++) {
                JsonNode span = spans.get(at);
                assertThat(span.path("traceId").stringValue()).hasSize(32);
                ids.add(span.path("spanId").stringValue());
                assertThat(span.path("endTimeUnixNano").stringValue())
                        .isGreaterThanOrEqualTo(span.path("startTimeUnixNano").stringValue());
                if (at > 0) {
                    assertThat(span.path("parentSpanId").stringValue()).isEqualTo(root);
                }
            }
            assertThat(ids).hasSize(5);
            assertThat(spans.toString())
                    .contains("gen_ai.usage.input_tokens")
                    .contains("{\"intValue\":\"10\"}")
                    .doesNotContain("sunny");
        }
    }

    @Test
    void anAnswerOfTracesEndsAtItsLimitOfBytes() {
        List<Trace> traces = new ArrayList<>();
        for (int turn = 0; turn < 9; turn++) {
            traces.add(new Trace("sess_1", "turn_" + turn, 1, List.of()));
        }
        var query = new Page.Query(null, 9, true);
        int one = Traces.json(traces.getFirst()).toString().length();
        JsonNode page = Traces.page(traces, query, 3 * (one + 1));
        assertThat(page.path("data").size()).isEqualTo(3);
        assertThat(page.path("has_more").booleanValue()).isTrue();
        assertThat(Traces.page(traces, query, 1).path("data").size()).isEqualTo(1);
        assertThat(Traces.page(traces, query).path("has_more").booleanValue()).isFalse();
    }
}
