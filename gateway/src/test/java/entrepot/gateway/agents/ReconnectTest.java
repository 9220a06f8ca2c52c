package entrepot.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.EventReader;
import entrepot.gateway.EventReader.Frame;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Readers that come late, leave early and come back. */
class ReconnectTest {

    private static final String CREATE =
            """
            {"environment":{"type":"none"},"input":"Hello","stream":true,"agent":{
              "model":"scripted","tools":[
                {"type":"function","name":"weather","description":"d","parameters":{}},
                {"type":"mcp","server_label":"folder","transport":
                  {"type":"http","server_url":"entrepot:folder/news"}}]}}\
            """;

    /** E21, E22: at every event, also in the middle of what one fact gave. */
    @Test
    void fromEveryEventOnThereIsNoGapAndNoRepeat() {
        var market =
                ScriptedMarket.of(
                        Scripted.calls(
                                Scripted.call("call_1", "weather", "{}"),
                                Scripted.call("call_2", "list_files", "{}")),
                        Scripted.says("It ", "is ", "sunny"));
        try (var served = new Served(market)) {
            List<Frame> whole;
            String id;
            try (EventReader stream =
                    served.stream(served.request("POST", "/v1/agents/sessions", CREATE).build())) {
                var frames = stream.untilType("agent.session.requires_action");
                id = frames.getFirst().json().get("session").get("id").stringValue();
                String turn = frames.get(1).json().get("turn_id").stringValue();
                served.post(
                        "/v1/agents/sessions/" + id + "/events",
                        """
                        {"events":[{"type":"agent.session.input.tool_result","turn_id":"%s",
                          "call_id":"call_1","success":true,"output":"clear"}]}\
                        """
                                .formatted(turn));
                frames.addAll(stream.untilType("agent.session.idle"));
                whole = frames;
            }
            assertThat(whole).hasSizeGreaterThan(15);
            assertThat(whole.toString()).contains("mcp_call", "one.txt");
            for (int i = 0; i < whole.size() - 1; i++) {
                HttpRequest.Builder again = events(served, id, "");
                boolean byHeader = i % 2 == 0;
                if (byHeader) {
                    again.header("last-event-id", whole.get(i).id());
                } else {
                    again = events(served, id, "?after=" + whole.get(i).id());
                }
                try (EventReader stream = served.stream(again.build())) {
                    assertThat(stream.untilType("agent.session.idle"))
                            .isEqualTo(whole.subList(i + 1, whole.size()));
                }
            }
        }
    }

    /**
     * E6, E8, E32: a reader who leaves does not take the turn along. E31: what was shown is there.
     */
    @Test
    void theTurnGoesOnWithoutItsReader() {
        var market = ScriptedMarket.of(Scripted.says("It ", "is ", "sunny"));
        try (var served = new Served(market)) {
            EventReader stream =
                    served.stream(served.request("POST", "/v1/agents/sessions", CREATE).build());
            Frame first = stream.next();
            assertThat(first).isNotNull();
            stream.close();
            String id = first.json().get("session").get("id").stringValue();
            served.until(id, "idle");
            assertThat(served.get("/v1/agents/sessions/" + id + "/items").body())
                    .contains("It is sunny");
            try (EventReader back =
                    served.stream(
                            events(served, id, "").header("last-event-id", first.id()).build())) {
                assertThat(back.untilType("agent.session.idle").toString())
                        .contains("turn.created", "It is sunny");
            }
        }
    }

    /** E22: whoever joins late and has no cursor is told where the session stands. */
    @Test
    void whoJoinsAnIdleSessionIsToldSo() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            try (EventReader stream = served.stream(events(served, id, "").build())) {
                assertThat(stream.response().header("x-entrepot-session-status")).isEqualTo("idle");
            }
        }
    }

    /** E26: whoever joins in the middle is shown what is open, then what comes. */
    @Test
    void whoJoinsInTheMiddleIsShownWhatIsOpen() {
        var market = ScriptedMarket.of(Scripted.hangsAfter("I am still ", "thinking"));
        try (var served = new Served(market)) {
            EventReader first =
                    served.stream(served.request("POST", "/v1/agents/sessions", CREATE).build());
            var seen = first.until(f -> f.data().contains("thinking"));
            String id = seen.getFirst().json().get("session").get("id").stringValue();
            try (EventReader stream = served.stream(events(served, id, "").build())) {
                assertThat(stream.response().header("x-entrepot-session-status"))
                        .isEqualTo("in_progress");
                assertThat(stream.next())
                        .satisfies(f -> assertThat(f.type()).endsWith("session.in_progress"));
                Frame open = stream.next();
                assertThat(open).isNotNull();
                assertThat(open.json().get("item").get("content").get(0).get("text").stringValue())
                        .isEqualTo("I am still thinking");
                served.post(
                        "/v1/agents/sessions/" + id + "/events",
                        "{\"events\":[{\"type\":\"agent.session.input.cancel\"}]}");
                assertThat(stream.untilType("agent.session.idle").toString())
                        .contains("\"status\":\"incomplete\"", "turn.cancelled");
            }
            first.close();
        }
    }

    @Test
    void aSilentStreamIsKeptAliveAndEndsWithItsSession() {
        try (var served =
                new Served(ScriptedMarket.of(Scripted.says("Hi")), Duration.ofMillis(50))) {
            String id = idle(served);
            try (EventReader stream = served.stream(events(served, id, "").build())) {
                served.send(served.request("DELETE", "/v1/agents/sessions/" + id, "").build());
                assertThat(stream.rest()).isEmpty();
                assertThat(stream.comments()).isNotEmpty();
            }
        }
    }

    @Test
    void aPlaceThatIsNoneIsRefused() {
        try (var served = new Served(ScriptedMarket.of(Scripted.says("Hi")))) {
            String id = idle(served);
            for (String after : List.of("x", "1-2", "-1-0-0", "9999-0-1", "1-0-99", "1-7-1")) {
                HttpResponse<String> refused =
                        served.send(events(served, id, "?after=" + after).build());
                assertThat(refused.statusCode()).as(after).isEqualTo(400);
                assertThat(Served.json(refused).path("error").path("param").asString(""))
                        .isEqualTo("after");
            }
        }
    }

    private static HttpRequest.Builder events(Served served, String id, String query) {
        return served.request("GET", "/v1/agents/sessions/" + id + "/events" + query, "");
    }

    private static String idle(Served served) {
        HttpResponse<String> made =
                served.post("/v1/agents/sessions", CREATE.replace("\"stream\":true,", ""));
        String id = Served.json(made).get("id").stringValue();
        served.until(id, "idle");
        return id;
    }
}
