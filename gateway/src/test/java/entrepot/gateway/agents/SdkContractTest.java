package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Failure;
import entrepot.gateway.EventReader;
import entrepot.gateway.EventReader.Frame;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** What unmodified SDK helpers demand of a server: A23, point by point, on the wire. */
class SdkContractTest {

    private static final String TOOLS =
            """
            [{"type":"function","name":"weather","description":"Tells the weather.",
              "parameters":{"type":"object"}}]\
            """;
    private static final Scripted ASKS =
            Scripted.calls(Scripted.call("call_1", "weather", "{\"city\":\"Oslo\"}"));

    @Test
    void a23point1TheStreamIsSubscribedBeforeItsHeadersAreSent() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            for (int i = 0; i < 20; i++) {
                served.until(id, "idle");
                try (EventReader stream = follow(served, id)) {
                    assertThat(stream.response().status()).isEqualTo(200);
                    assertThat(stream.response().header("content-type"))
                            .startsWith("text/event-stream");
                    send(served, id, "again");
                    assertThat(stream.next())
                            .satisfies(f -> assertThat(f.type()).endsWith("turn.created"));
                    stream.untilType("agent.session.idle");
                }
            }
        }
    }

    @Test
    void a23point2AFreshStreamReplaysNoStaleTurn() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            try (EventReader stream = follow(served, id)) {
                send(served, id, "again");
                List<Frame> frames = stream.untilType("agent.session.idle");
                assertThat(frames.getFirst().json().path("turn").path("subagent_id").isNull())
                        .isTrue();
                assertThat(frames.stream().filter(f -> f.type().endsWith("turn.created")))
                        .hasSize(1);
            }
        }
    }

    @Test
    void a23point3TheTurnsEndComesThenIdleAndTheStreamStaysOpen() {
        try (var served =
                new Served(
                        ScriptedMarket.of(
                                Scripted.says("Hi"), Scripted.says("a"), Scripted.says("b")))) {
            String id = idle(served);
            try (EventReader stream = follow(served, id)) {
                for (String text : List.of("a", "b")) {
                    send(served, id, "again");
                    List<Frame> frames = stream.untilType("agent.session.idle");
                    assertThat(frames.get(frames.size() - 2).type())
                            .isEqualTo("agent.session.turn.completed");
                    assertThat(texts(frames)).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void a23point4AFunctionCallIsAnnouncedWholeAndItsResultCanBeTakenAtOnce() {
        try (var served = new Served(ScriptedMarket.of(ASKS, Scripted.says("Sunny")))) {
            try (EventReader stream = create(served)) {
                Frame added = stream.until(SdkContractTest::isCall).getLast();
                JsonNode call = added.json().get("item");
                assertThat(added.type()).isEqualTo("agent.session.turn.item.added");
                assertThat(call.get("arguments").get("city").stringValue()).isEqualTo("Oslo");
                assertThat(answer(served, sessionOf(added), call, "key-1").statusCode())
                        .isEqualTo(202);
                stream.untilType("agent.session.idle");
            }
        }
    }

    @Test
    void a23point4AnUnknownCallIsRefusedInTheWordsThatHelpersRetryOn() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            JsonNode call = Served.json("{\"turn_id\":\"turn_1\",\"call_id\":\"call_9\"}");
            HttpResponse<String> refused = answer(served, id, call, "key-1");
            assertThat(refused.statusCode()).isEqualTo(400);
            JsonNode error = Served.json(refused).get("error");
            assertThat(error.get("message").stringValue())
                    .isEqualTo("Unknown pending tool call: call_9");
            assertThat(error.get("code").stringValue()).isEqualTo("invalid_request_error");
        }
    }

    @Test
    void a23point5ARetriedResultChangesNothing() {
        try (var served = new Served(ScriptedMarket.of(ASKS, Scripted.says("Sunny")))) {
            try (EventReader stream = create(served)) {
                Frame added = stream.until(SdkContractTest::isCall).getLast();
                String id = sessionOf(added);
                JsonNode call = added.json().get("item");
                assertThat(answer(served, id, call, "key-1").statusCode()).isEqualTo(202);
                assertThat(answer(served, id, call, "key-1").statusCode()).isEqualTo(202);
                List<Frame> frames = stream.untilType("agent.session.idle");
                assertThat(answer(served, id, call, "key-1").statusCode()).isEqualTo(202);
                assertThat(frames.stream().filter(f -> f.data().contains("function_call_output")))
                        .hasSize(1);
            }
        }
    }

    @Test
    void a23point5AKeyForOtherInputIsAConflictThatIsNotRetried() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            assertThat(send(served, id, "one", "key-1").statusCode()).isEqualTo(202);
            assertThat(send(served, id, "one", "key-1").statusCode()).isEqualTo(202);
            HttpResponse<String> refused = send(served, id, "other", "key-1");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.headers().firstValue("x-should-retry")).contains("false");
            assertThat(Served.json(refused).path("error").path("type").asString(""))
                    .isEqualTo("conflict_error");
        }
    }

    @Test
    void a23point6EverySessionSaysWhatItRequiresAndFinalTextIsMarked() {
        try (var served = new Served(ScriptedMarket.of(ASKS, Scripted.says("Sunny")))) {
            try (EventReader stream = create(served)) {
                List<Frame> first = stream.untilType("agent.session.requires_action");
                JsonNode required = first.getLast().json().get("session").get("required_actions");
                assertThat(required).hasSize(1);
                assertThat(required.get(0).get("type").stringValue()).isEqualTo("function_call");
                Frame added = first.stream().filter(SdkContractTest::isCall).findFirst().get();
                answer(served, sessionOf(added), added.json().get("item"), "key-1");
                List<Frame> rest = stream.untilType("agent.session.idle");
                for (Frame frame : rest) {
                    if (frame.json().has("session")) {
                        assertThat(frame.json().get("session").has("required_actions")).isTrue();
                    }
                }
                assertThat(texts(rest)).isEqualTo("Sunny");
            }
        }
    }

    @Test
    void a23point7TheStreamThatCreatesBeginsWithTheSession() {
        try (var served = new Served(ScriptedMarket.of(ASKS, Scripted.says("Sunny")))) {
            try (EventReader stream = create(served)) {
                assertThat(stream.response().status()).isEqualTo(201);
                assertThat(stream.response().header("content-type"))
                        .startsWith("text/event-stream");
                List<Frame> frames = stream.until(SdkContractTest::isCall);
                assertThat(frames.getFirst().type()).isEqualTo("agent.session.created");
            }
        }
    }

    @Test
    void a23point8EventIdsAreUnique() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("a", "b", "c", "d")))) {
            try (EventReader stream = create(served)) {
                var ids = new HashSet<String>();
                for (Frame frame : stream.untilType("agent.session.idle")) {
                    assertThat(ids.add(frame.json().get("event_id").stringValue())).isTrue();
                }
            }
        }
    }

    @Test
    void a23point9EveryFrameIsNamedAndNoneHasAnErrorAtItsTop() {
        var failure = Failure.of(Failure.Cause.INVALID_REQUEST, "No.");
        try (var served = new Served(ScriptedMarket.of(new Scripted.Refuses(failure)))) {
            try (EventReader stream = create(served)) {
                for (Frame frame : stream.untilType("agent.session.idle")) {
                    assertThat(frame.name()).isEqualTo(frame.type());
                    assertThat(frame.json().has("error")).isFalse();
                }
            }
        }
    }

    @Test
    void a23point10PagesAreWhatTheirReadersExpectAndInputAnswersAreEmpty() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            for (String list : List.of("", "/" + id + "/items", "/" + id + "/turns")) {
                JsonNode page = Served.json(served.get("/v1/agents/sessions" + list + "?limit=1"));
                JsonNode data = page.get("data");
                assertThat(page.get("object").stringValue()).isEqualTo("list");
                assertThat(page.get("has_more").isBoolean()).isTrue();
                assertThat(page.get("last_id")).isEqualTo(data.get(data.size() - 1).get("id"));
                assertThat(page.get("first_id")).isEqualTo(data.get(0).get("id"));
            }
            HttpResponse<String> taken = send(served, id, "again");
            assertThat(taken.statusCode()).isEqualTo(202);
            assertThat(taken.body()).isEmpty();
        }
    }

    private static boolean isCall(Frame frame) {
        return frame.json().path("item").path("type").asString("").equals("function_call");
    }

    private static String sessionOf(Frame frame) {
        return frame.json().get("session_id").stringValue();
    }

    /** Final text as the helpers collect it. */
    private static String texts(List<Frame> frames) {
        var text = new StringBuilder();
        for (Frame frame : frames) {
            JsonNode item = frame.json().path("item");
            if (frame.type().endsWith("item.done")
                    && item.path("type").asString("").equals("message")
                    && item.path("status").asString("").equals("completed")
                    && item.path("phase").asString("").equals("final_answer")) {
                text.append(item.get("content").get(0).get("text").stringValue());
            }
        }
        return text.toString();
    }

    private static EventReader create(Served served) {
        return served.stream(
                served.request(
                                "POST",
                                "/v1/agents/sessions",
                                """
                                {"environment":{"type":"none"},"input":"Hello","stream":true,
                                 "agent":{"model":"scripted","tools":%s}}\
                                """
                                        .formatted(TOOLS))
                        .header("accept", "text/event-stream")
                        .build());
    }

    private static String idle(Served served) {
        HttpResponse<String> made =
                served.post(
                        "/v1/agents/sessions",
                        """
                        {"environment":{"type":"none"},"input":"Hello",
                         "agent":{"model":"scripted","tools":%s}}\
                        """
                                .formatted(TOOLS));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = Served.json(made).get("id").stringValue();
        served.until(id, "idle");
        return id;
    }

    private static EventReader follow(Served served, String id) {
        return served.stream(
                served.request("GET", "/v1/agents/sessions/" + id + "/events", "")
                        .header("accept", "text/event-stream")
                        .build());
    }

    private static HttpResponse<String> send(Served served, String id, String text) {
        return send(served, id, text, UUID.randomUUID().toString());
    }

    private static HttpResponse<String> send(Served served, String id, String text, String key) {
        return served.send(
                served.request(
                                "POST",
                                "/v1/agents/sessions/" + id + "/events",
                                """
                                {"events":[{"type":"agent.session.input.message","input":[
                                  {"role":"user","content":[
                                    {"type":"input_text","text":"%s"}]}]}]}\
                                """
                                        .formatted(text))
                        .header("idempotency-key", key)
                        .build());
    }

    private static HttpResponse<String> answer(
            Served served, String id, JsonNode call, String key) {
        return served.send(
                served.request(
                                "POST",
                                "/v1/agents/sessions/" + id + "/events",
                                """
                                {"events":[{"type":"agent.session.input.tool_result",
                                  "turn_id":"%s","call_id":"%s","success":true,
                                  "output":"clear"}]}\
                                """
                                        .formatted(
                                                call.get("turn_id").stringValue(),
                                                call.get("call_id").stringValue()))
                        .header("idempotency-key", key)
                        .build());
    }
}
