package entrepot.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.identity.Secret;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** A turn is followed to its end, whatever becomes of the connection. */
class AgentTurnTest {

    private static final String CREATED =
            "{\"type\":\"agent.session.created\",\"session\":{\"id\":\"sess_1\"}}";
    private static final String TURN =
            "{\"type\":\"agent.session.turn.created\",\"turn\":{\"id\":\"turn_1\"}}";
    private static final String IDLE = "{\"type\":\"agent.session.idle\"}";

    private final ScriptedSupplier server = ScriptedSupplier.start();
    private final Api api =
            new Api(URI.create("http://127.0.0.1:" + server.port()), new Secret("ek_test"));
    private final List<String> heard = new ArrayList<>();

    @AfterEach
    void close() {
        api.close();
        server.close();
    }

    @Test
    void toolsAndTextAreHeardAndTheAnswerIsTheFinalMessage() throws Exception {
        server.answer(
                events(
                        CREATED,
                        TURN,
                        tool("added", "in_progress"),
                        tool("done", "completed"),
                        delta("Hel"),
                        delta("lo"),
                        message("commentary", "thinking aloud"),
                        message("final_answer", "Hello"),
                        completed(),
                        IDLE));
        var outcome = ask();
        assertThat(outcome.completed()).isTrue();
        assertThat(outcome.text()).isEqualTo("Hello");
        assertThat(outcome.sessionId()).isEqualTo("sess_1");
        assertThat(outcome.turnId()).isEqualTo("turn_1");
        assertThat(outcome.toolCalls()).isEqualTo(1);
        assertThat(outcome.usage().path("total_tokens").asInt()).isEqualTo(7);
        assertThat(heard)
                .containsExactly(
                        "session sess_1",
                        "started read_file {\"path\":\"a\"}",
                        "ended read_file completed text of a",
                        "Hel",
                        "lo");
    }

    @Test
    void anAgentThatReadsAFolderIsAskedForInTheWordsOfTheAgentsApi() throws Exception {
        server.answer(events(CREATED, TURN, completed(), IDLE));
        ask();
        var request = server.last();
        assertThat(request.target()).isEqualTo("/v1/agents/sessions");
        assertThat(request.header("authorization")).isEqualTo("Bearer ek_test");
        assertThat(request.header("openai-beta")).isEqualTo("agents=v1");
        assertThat(request.text())
                .contains("\"server_url\":\"entrepot:folder/newsroom\"")
                .contains("\"environment\":{\"type\":\"none\"}")
                .contains("\"stream\":true")
                .contains("\"input\":\"Why?\"");
    }

    @Test
    void aBrokenStreamIsTakenUpAfterTheLastEventSeen() throws Exception {
        // The pause lets the client read first: the JDK's client drops what it has not handed out
        // yet when a connection breaks.
        server.answer(events(CREATED, TURN).pause(1_000).cut());
        server.answer(ChatScripts.error(503, "service_unavailable_error", "down", "starting"));
        server.answer(
                Script.stream()
                        .send("id: 9\ndata: " + message("final_answer", "Done") + "\n\n")
                        .send("id: 10\ndata: " + completed() + "\n\n")
                        .send("id: 11\ndata: " + IDLE + "\n\n"));
        var outcome = ask();
        assertThat(outcome.text()).isEqualTo("Done");
        assertThat(server.requests())
                .extracting(r -> r.method() + " " + r.target() + " " + r.header("last-event-id"))
                .containsExactly(
                        "POST /v1/agents/sessions null",
                        "GET /v1/agents/sessions/sess_1/events 2",
                        "GET /v1/agents/sessions/sess_1/events 2");
    }

    @Test
    void aTurnThatFailsSaysWhy() throws Exception {
        server.answer(
                events(
                        CREATED,
                        TURN,
                        "{\"type\":\"agent.session.turn.failed\",\"turn\":{\"status\":\"failed\","
                                + "\"error\":{\"code\":\"server_error\",\"message\":\"broke\"}}}",
                        IDLE));
        var outcome = ask();
        assertThat(outcome.completed()).isFalse();
        assertThat(outcome.error()).isEqualTo("server_error: broke");
    }

    @Test
    void aRefusalIsToldInTheServersWords() {
        server.answer(
                ChatScripts.error(401, "unauthorized", "invalid_key", "This key is unknown."));
        assertThatThrownBy(this::ask)
                .isInstanceOf(ApiFailed.class)
                .hasMessage("This key is unknown.");
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        try (var nobody = new Socket()) {
            // Held, so that no other test gets the port; and nobody listens.
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI url = URI.create("http://127.0.0.1:" + nobody.getLocalPort());
            try (var there = new Api(url, new Secret("ek_test"))) {
                assertThatThrownBy(() -> ask(there))
                        .isInstanceOf(ApiFailed.class)
                        .hasMessageContaining("127.0.0.1")
                        .hasMessageContaining("entrepot serve");
            }
        }
    }

    private Outcome ask() throws ApiFailed, InterruptedException {
        return ask(api);
    }

    private Outcome ask(Api at) throws ApiFailed, InterruptedException {
        return AgentTurn.create(
                at, AgentTurn.readerOf("newsroom", "entrepot/extract-1", "Why?"), listener());
    }

    private Progress listener() {
        return new Progress() {
            @Override
            public void session(String sessionId) {
                heard.add("session " + sessionId);
            }

            @Override
            public void toolStarted(String name, String arguments) {
                heard.add("started " + name + " " + arguments);
            }

            @Override
            public void toolEnded(String name, String arguments, String status, String output) {
                heard.add("ended " + name + " " + status + " " + output);
            }

            @Override
            public void text(String delta) {
                heard.add(delta);
            }

            @Override
            public void reconnecting(int attempt) {
                heard.add("reconnecting " + attempt);
            }
        };
    }

    private static Script events(String... data) {
        var script = Script.stream();
        int id = 0;
        for (var each : data) {
            script = script.send("id: " + ++id + "\nevent: x\ndata: " + each + "\n\n");
        }
        return script;
    }

    private static String tool(String stage, String status) {
        return "{\"type\":\"agent.session.turn.item."
                + stage
                + "\",\"item\":{\"type\":\"mcp_call\",\"name\":\"read_file\",\"arguments\":"
                + "\"{\\\"path\\\":\\\"a\\\"}\",\"output\":\"text of a\",\"status\":\""
                + status
                + "\"}}";
    }

    private static String delta(String text) {
        return "{\"type\":\"agent.session.turn.output_text.delta\",\"delta\":\"" + text + "\"}";
    }

    private static String message(String phase, String text) {
        return "{\"type\":\"agent.session.turn.item.done\",\"item\":{\"type\":\"message\","
                + "\"role\":\"assistant\",\"phase\":\""
                + phase
                + "\",\"content\":[{\"type\":\"output_text\",\"text\":\""
                + text
                + "\"}]}}";
    }

    private static String completed() {
        return "{\"type\":\"agent.session.turn.completed\",\"turn\":{\"status\":\"completed\"},"
                + "\"usage\":{\"total_tokens\":7}}";
    }
}
