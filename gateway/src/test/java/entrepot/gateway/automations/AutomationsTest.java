package entrepot.gateway.automations;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/** Automations over HTTP. The official Java client has none, so that requests are written out. */
class AutomationsTest {

    private static final String ALL = "/v1/agents/automations";
    private static final String NEW_SESSION =
            """
            {"type": "periodic", "name": "%s", "expression": "0 9 * * MON-FRI",
             "timezone": "Europe/Berlin", "metadata": {"a": "b"},
             "target": {"type": "new_session", "agent": {"model": "scripted"},
               "environment": {"type": "none"}, "metadata": {"c": "d"},
               "input": [{"type": "message", "role": "user",
                 "content": [{"type": "input_text", "text": "Look."}]}]}}
            """;

    private static Served served(Scripted... answers) {
        return new Served(ScriptedMarket.of(answers));
    }

    private static JsonNode json(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.body());
    }

    private static JsonNode until(Served served, String path, String pointer, String value) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            JsonNode json = json(served.get(path), 200);
            if (json.at(pointer).asString("").equals(value)) {
                return json;
            }
            assertThat(System.nanoTime()).as(json.toString()).isLessThan(end);
        }
    }

    @Test
    void keepsShowsChangesAndDeletes() {
        try (var served = served(Scripted.says("x"))) {
            JsonNode made = json(served.post(ALL, NEW_SESSION.formatted("look")), 201);
            assertThat(made.path("object").asString()).isEqualTo("agent.automation");
            assertThat(made.path("status").asString()).isEqualTo("active");
            assertThat(made.at("/created_by/type").asString()).isEqualTo("developer");
            assertThat(made.at("/target/agent/model").asString()).isEqualTo("scripted");
            assertThat(made.at("/target/agent").has("id")).isFalse();
            assertThat(made.at("/target/agent_id").isNull()).isTrue();
            assertThat(made.at("/target/input/0/content/0/text").asString()).isEqualTo("Look.");
            String one = ALL + "/" + made.path("id").asString();
            assertThat(json(served.get(one), 200)).isEqualTo(made);
            JsonNode changed =
                    json(served.post(one, "{\"name\":\"peek\",\"expression\":\"0 8 * * *\"}"), 200);
            assertThat(changed.path("name").asString()).isEqualTo("peek");
            assertThat(changed.path("timezone").asString()).isEqualTo("Europe/Berlin");
            assertThat(changed.path("target")).isEqualTo(made.path("target"));
            assertThat(json(served.post(one + "/pause", ""), 200).path("status").asString())
                    .isEqualTo("paused");
            assertThat(json(served.post(one + "/resume", ""), 200).path("status").asString())
                    .isEqualTo("active");
            json(served.post(ALL, NEW_SESSION.formatted("other")), 201);
            JsonNode page = json(served.get(ALL + "?limit=1"), 200);
            assertThat(page.at("/data/0/name").asString()).isEqualTo("other");
            assertThat(page.path("has_more").asBoolean()).isTrue();
            JsonNode next =
                    json(served.get(ALL + "?after=" + page.path("last_id").asString()), 200);
            assertThat(next.at("/data/0/name").asString()).isEqualTo("peek");
            var gone = served.send(served.request("DELETE", one, "").build());
            assertThat(json(gone, 200).path("object").asString())
                    .isEqualTo("agent.automation.deleted");
            json(served.get(one), 404);
        }
    }

    @Test
    void aManualInvocationMakesASessionThatRuns() {
        try (var served = served(Scripted.says("Done."))) {
            JsonNode made = json(served.post(ALL, NEW_SESSION.formatted("look")), 201);
            String invocations = ALL + "/" + made.path("id").asString() + "/invocations";
            JsonNode queued = json(served.post(invocations, ""), 201);
            assertThat(queued.path("status").asString()).isEqualTo("queued");
            assertThat(queued.at("/source/type").asString()).isEqualTo("manual");
            assertThat(queued.path("scheduled_at").isNull()).isTrue();
            String one = invocations + "/" + queued.path("id").asString();
            JsonNode done = until(served, one, "/status", "completed");
            String session = "/v1/agents/sessions/" + done.path("session_id").asString();
            until(served, session, "/status", "idle");
            assertThat(served.get(session + "/items").body()).contains("Look.").contains("Done.");
            assertThat(json(served.get(session), 200).at("/metadata/c").asString()).isEqualTo("d");
            assertThat(json(served.get(invocations), 200).path("data")).hasSize(1);
        }
    }

    @Test
    void anExistingSessionIsWokenWithTheInstructions() {
        try (var served = served(Scripted.says("First."), Scripted.says("Second."))) {
            JsonNode session =
                    json(
                            served.post(
                                    "/v1/agents/sessions",
                                    """
                                    {"agent": {"model": "scripted",
                                       "tools": [{"type": "automations"}]},
                                     "environment": {"type": "none"}, "input": "Hello"}
                                    """),
                            201);
            assertThat(session.at("/agent/tools/0").toString())
                    .isEqualTo("{\"type\":\"automations\"}");
            String id = session.path("id").asString();
            until(served, "/v1/agents/sessions/" + id, "/status", "idle");
            String target =
                    "{\"type\":\"once\",\"name\":\"later\",\"run_at\":4000000000,\"target\":"
                            + "{\"type\":\"existing_session\",\"session_id\":\"%s\","
                            + "\"instructions\":\"Look again.\"}}";
            JsonNode made = json(served.post(ALL, target.formatted(id)), 201);
            assertThat(json(served.get(ALL + "?session_id=" + id), 200).path("data")).hasSize(1);
            String invocations = ALL + "/" + made.path("id").asString() + "/invocations";
            JsonNode queued = json(served.post(invocations, ""), 201);
            until(served, invocations + "/" + queued.path("id").asString(), "/status", "completed");
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            String items = "/v1/agents/sessions/" + id + "/items";
            while (!served.get(items).body().contains("Second.")) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
            assertThat(served.get(items).body()).contains("Look again.");
            json(served.post(ALL, target.formatted("sess_none")), 404);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"0 9 * * MON-FRI\";\"0 9 * *\";expression",
                "\"Europe/Berlin\";\"Mars/Olympus\";timezone",
                "\"periodic\";\"hourly\";type",
                "\"agent\": {\"model\": \"scripted\"};\"agent_id\": null;agent",
                "\"model\": \"scripted\";\"model\": \"none\";model",
                "\"name\": \"look\";\"title\": \"look\";name",
                "\"metadata\": {\"c\": \"d\"};\"stream\": true;target.stream"
            })
    void saysWhatIsWrong(String good, String bad, String param) {
        try (var served = served(Scripted.says("x"))) {
            String body = NEW_SESSION.formatted("look");
            assertThat(body).contains(good);
            JsonNode error = json(served.post(ALL, body.replace(good, bad)), 400).path("error");
            assertThat(error.path("param").asString() + error.path("message").asString())
                    .contains(param);
        }
    }

    /** E71, E72: with another tenant's key an automation is as if it were not there. */
    @Test
    void anotherTenantFindsNothing() {
        try (var served = served(Scripted.says("x"))) {
            JsonNode made = json(served.post(ALL, NEW_SESSION.formatted("look")), 201);
            String one = ALL + "/" + made.path("id").asString();
            for (String call :
                    List.of(
                            "GET ",
                            "POST /pause",
                            "POST /resume",
                            "POST /invocations",
                            "GET /invocations",
                            "DELETE ")) {
                String[] words = call.split(" ", -1);
                var request =
                        served.request(words[0], one + words[1], "")
                                .setHeader("authorization", "Bearer " + KnownKeys.OTHER_TENANT)
                                .build();
                assertThat(served.send(request).statusCode()).as(call).isEqualTo(404);
            }
            json(served.get(one), 200);
        }
    }
}
