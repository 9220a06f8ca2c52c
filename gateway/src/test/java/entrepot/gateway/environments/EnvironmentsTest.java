package entrepot.gateway.environments;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.beta.agents.environments.EnvironmentInfo;
import com.openai.models.beta.agents.environments.templates.EnvironmentTemplate;
import com.openai.models.beta.agents.environments.templates.TemplateCreateParams;
import com.openai.models.beta.agents.environments.templates.TemplateUpdateParams;

import entrepot.gateway.Served;
import entrepot.runtime.sandbox.Sandbox;
import entrepot.runtime.sandbox.SandboxSettings;
import entrepot.runtime.testing.Scripted;
import entrepot.runtime.testing.ScriptedMarket;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Environments over HTTP, and as {@code com.openai:openai-java} 4.98.0 reads them. */
class EnvironmentsTest {

    @BeforeEach
    void hasBubblewrap() {
        try (var sandbox = new Sandbox(SandboxSettings.DEFAULT)) {
            String refusal = sandbox.refusal();
            Assumptions.assumeTrue(refusal == null, "bubblewrap does not run here: " + refusal);
        }
    }

    static Scripted runs(String callId, String command) {
        return Scripted.calls(
                Scripted.call(callId, "run_command", "{\"command\":\"" + command + "\"}"));
    }

    private static Served served(Scripted... answers) {
        return new Served(ScriptedMarket.of(answers));
    }

    private static JsonNode made(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return Served.json(answer);
    }

    private static HttpResponse<String> session(Served served, String environment, String more) {
        return served.post(
                "/v1/agents/sessions",
                "{\"agent\":{\"model\":\"scripted\"},\"environment\":" + environment + more + "}");
    }

    private static List<JsonNode> events(Served served, String id, String last) {
        var events = new ArrayList<JsonNode>();
        String path = "/v1/agents/sessions/" + id;
        try (var reader =
                served.stream(served.request("GET", path + "/events?after=0-0-0", "").build())) {
            do {
                events.add(Objects.requireNonNull(reader.next()).json());
            } while (!events.getLast().path("type").asString("").equals(last));
        }
        return events;
    }

    private static List<String> types(List<JsonNode> events) {
        return events.stream().map(event -> event.path("type").stringValue()).toList();
    }

    @Test
    void aSessionRunsCommandsInItsSandbox() {
        try (var served =
                served(
                        runs("c1", "cat in.txt made; echo $TOKEN | wc -c; exit 3"),
                        Scripted.says("Done."))) {
            JsonNode made =
                    made(
                            session(
                                    served,
                                    """
                                    {"type":"openai_hosted","container_size":"small",
                                     "env":{"TOKEN":"s3cr3t"},
                                     "files":[{"type":"inline","path":"/workspace/in.txt",
                                               "data":"Z2l2ZW4K"}],
                                     "setup_commands":[{"command":"echo made > made"}]}\
                                    """,
                                    ",\"input\":\"Go\""));
            String id = made.path("id").stringValue();
            JsonNode environment = made.path("environment");
            assertThat(environment.path("type").stringValue()).isEqualTo("openai_hosted");
            assertThat(environment.path("container_size").stringValue()).isEqualTo("small");
            assertThat(environment.at("/network/access").stringValue()).isEqualTo("disabled");
            assertThat(environment.at("/files/0/path").stringValue())
                    .isEqualTo("/workspace/in.txt");
            assertThat(environment.at("/files/0/size_bytes").asInt()).isEqualTo(6);
            assertThat(made.toString()).doesNotContain("s3cr3t").doesNotContain("echo made");
            List<JsonNode> events = events(served, id, "agent.session.idle");
            assertThat(types(events))
                    .containsSubsequence(
                            "agent.session.created",
                            "agent.session.turn.created",
                            "agent.session.environment.pending",
                            "agent.session.environment.connected",
                            "agent.session.turn.item.added",
                            "agent.output.command_execution_output.delta",
                            "agent.session.turn.item.done",
                            "agent.session.turn.completed");
            checkCommand(events);
            checkTypes(served, id, environment.path("id").stringValue());
        }
    }

    private static boolean isCommand(JsonNode event) {
        return event.at("/item/type").asString("").equals("command_execution");
    }

    private static void checkCommand(List<JsonNode> events) {
        JsonNode item =
                events.stream()
                        .filter(each -> isCommand(each))
                        .reduce((first, second) -> second)
                        .orElseThrow()
                        .path("item");
        assertThat(item.path("command").stringValue()).startsWith("cat in.txt");
        assertThat(item.path("output").stringValue()).isEqualTo("given\nmade\n7\n");
        assertThat(item.path("exit_code").asInt()).isEqualTo(3);
        assertThat(item.path("status").stringValue()).isEqualTo("failed");
        assertThat(item.path("duration_ms").isIntegralNumber()).isTrue();
        assertThat(item.has("cwd")).isTrue();
    }

    private static void checkTypes(Served served, String id, String environmentId) {
        var sdk = served.client().beta().agents();
        var session = sdk.sessions().retrieve(id);
        session.validate();
        assertThat(session.environment().openaiHosted()).isPresent();
        sdk.sessions().items().list(id).items().forEach(each -> each.validate());
        EnvironmentInfo info = sdk.environments().retrieve(environmentId);
        info.validate();
        assertThat(info.status()).isEqualTo(EnvironmentInfo.Status.CONNECTED);
        sdk.sessions().delete(id);
        assertThat(served.get("/v1/agents/environments/" + environmentId).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aSessionMayBeginWithoutInput() {
        try (var served = served(Scripted.says("x"))) {
            JsonNode made = made(session(served, "{\"type\":\"openai_hosted\"}", ""));
            assertThat(made.path("status").stringValue()).isEqualTo("idle");
            events(served, made.path("id").stringValue(), "agent.session.environment.connected");
        }
    }

    @Test
    void theSameKeyMakesOneSessionAndOneEnvironment() {
        try (var served = served(Scripted.says("x"))) {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer =
                        served.send(
                                served.request(
                                                "POST",
                                                "/v1/agents/sessions",
                                                """
                                                {"agent":{"model":"scripted"},
                                                 "environment":{"type":"openai_hosted","files":[
                                                  {"type":"inline","path":"/workspace/a",
                                                   "data":"YQ=="}]}}\
                                                """)
                                        .header("idempotency-key", "once")
                                        .build());
                ids.add(made(answer).path("id").stringValue());
            }
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
            assertThat(Served.json(served.get("/v1/agents/environments")).path("data")).hasSize(1);
        }
    }

    @Test
    void anEnvironmentIsMadeBeforeItsSession() {
        try (var served = served(runs("c1", "cat warm"), Scripted.says("Done."))) {
            JsonNode made =
                    made(
                            served.post(
                                    "/v1/agents/environments",
                                    """
                                    {"environment":{"type":"openai_hosted",
                                     "setup_commands":[{"command":"echo warm > warm"}]}}\
                                    """));
            assertThat(made.path("object").stringValue()).isEqualTo("agent.environment");
            String id = made.path("id").stringValue();
            String wanted = "{\"type\":\"openai_hosted\",\"environment_id\":\"" + id + "\"}";
            JsonNode session = made(session(served, wanted, ",\"input\":\"Go\""));
            assertThat(session.at("/environment/id").stringValue()).isEqualTo(id);
            events(served, session.path("id").stringValue(), "agent.session.idle");
            HttpResponse<String> second = session(served, wanted, ",\"input\":\"Go\"");
            assertThat(second.statusCode()).isEqualTo(409);
            var listed = served.client().beta().agents().environments().list().items();
            assertThat(listed).hasSize(1);
            listed.forEach(each -> each.validate());
        }
    }

    @Test
    void templatesAreKeptAndUsed() {
        try (var served = served(runs("c1", "cat made"), Scripted.says("Done."))) {
            var templates = served.client().beta().agents().environments().templates();
            EnvironmentTemplate made =
                    templates.create(
                            TemplateCreateParams.builder()
                                    .name("tools")
                                    .addSetupCommand(
                                            com.openai.models.beta.agents.SetupCommandParam
                                                    .builder()
                                                    .command("echo hidden > made")
                                                    .build())
                                    .build());
            made.validate();
            assertThat(served.get("/v1/agents/environments/templates/" + made.id()).body())
                    .contains("tools")
                    .doesNotContain("hidden");
            JsonNode session =
                    made(
                            session(
                                    served,
                                    "{\"type\":\"openai_hosted\",\"environment_template_id\":\""
                                            + made.id()
                                            + "\"}",
                                    ",\"input\":\"Go\""));
            List<JsonNode> events =
                    events(served, session.path("id").stringValue(), "agent.session.idle");
            assertThat(events.toString()).contains("\"output\":\"hidden\\n\"");
            EnvironmentTemplate renamed =
                    templates.update(
                            made.id(), TemplateUpdateParams.builder().name("more").build());
            assertThat(renamed.name()).contains("more");
            assertThat(templates.list().items()).hasSize(1);
            templates.delete(made.id()).validate();
            assertThat(templates.list().items()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"self_hosted\",\"workspace_directory\":\"/w\"} | self_hosted",
                "{\"type\":\"openai_hosted\",\"network\":{\"access\":\"restricted\"}}"
                        + " | environment.network.access",
                "{\"type\":\"openai_hosted\",\"network\":{\"access\":\"enabled\"}}"
                        + " | ENTREPOT_SANDBOX_NETWORK",
                "{\"type\":\"openai_hosted\",\"packages\":{\"npm\":[\"left-pad\"]}}"
                        + " | environment.packages.npm",
                "{\"type\":\"openai_hosted\",\"desktop\":{\"enabled\":true}}"
                        + " | environment.desktop.enabled",
                "{\"type\":\"openai_hosted\",\"env\":{\"PATH\":\"/x\"}} | environment.env.PATH",
                "{\"type\":\"openai_hosted\",\"env\":{\"CODEX_X\":\"1\"}}"
                        + " | environment.env.CODEX_X",
                "{\"type\":\"openai_hosted\",\"env\":{\"a b\":\"1\"}} | environment.env.a b",
                "{\"type\":\"openai_hosted\",\"files\":[{\"type\":\"inline\",\"data\":\"YQ==\","
                        + "\"path\":\"/workspace/../etc/x\"}]} | environment.files[0].path",
                "{\"type\":\"openai_hosted\",\"files\":[{\"type\":\"inline\",\"data\":\"YQ==\","
                        + "\"path\":\"/workspace/outputs\"}]} | environment.files[0].path",
                "{\"type\":\"openai_hosted\",\"files\":[{\"type\":\"inline\",\"data\":\"?\","
                        + "\"path\":\"/workspace/a\"}]} | environment.files[0].data",
                "{\"type\":\"openai_hosted\",\"colour\":1} | environment.colour",
                "{\"type\":\"openai_hosted\",\"environment_id\":\"env_none\"}"
                        + " | environment.environment_id",
                "{\"type\":\"openai_hosted\",\"environment_template_id\":\"no\"}"
                        + " | environment.environment_template_id",
                "{\"type\":\"openai_hosted\",\"files\":[{\"type\":\"file_id\","
                        + "\"file_id\":\"file_no\",\"path\":\"/workspace/a\"}]} | file_no"
            })
    void whatCannotBeDoneIsRefusedByName(String environment, String named) {
        try (var served = served(Scripted.says("x"))) {
            HttpResponse<String> answer = session(served, environment, "");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains(named);
            assertThat(Served.json(served.get("/v1/agents/environments")).path("data")).isEmpty();
        }
    }
}
