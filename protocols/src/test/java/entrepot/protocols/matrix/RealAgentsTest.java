package entrepot.protocols.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.Corpus;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.versions.ApiVersions;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.responses.ResponsesRequests;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What command-line agents send by default reaches suppliers of every dialect: what is lost on the
 * way is a hint, never meaning.
 */
class RealAgentsTest {

    /**
     * @param path what the addresses of its requests hold
     */
    private record Agent(String file, String path, Function<byte[], Request> reading) {}

    private static final List<Agent> AGENTS =
            List.of(
                    new Agent(
                            "cli-claude-code-2.1.328.http",
                            "/v1/messages?",
                            body -> MessagesRequests.read(body, ApiVersions.WIDEST)),
                    new Agent("cli-codex-0.169.0.http", "/v1/responses", ResponsesRequests::read),
                    new Agent(
                            "cli-gemini-cli-0.61.0.http",
                            "enerateContent",
                            body -> GeminiRequests.read(body, "gemini", true)),
                    new Agent("cli-pi-0.73.1.http", "/v1/chat/completions", ChatRequests::read));

    static List<Column> columns() {
        return Column.ALL;
    }

    @ParameterizedTest
    @MethodSource("columns")
    void whatAgentsSendByDefaultMeansTheSame(Column column) {
        var lost = new ArrayList<String>();
        for (Agent agent : AGENTS) {
            List<Request> requests = requests(agent);
            assertThat(requests).as(agent.file()).isNotEmpty();
            for (Request request : requests) {
                column.dialect().losses(request).stream()
                        .filter(loss -> loss.weight() == Loss.Weight.MEANING)
                        .forEach(loss -> lost.add(agent.file() + ": " + loss));
                assertThat(Json.read(column.dialect().write(request), Cause.INTERNAL).isObject())
                        .isTrue();
            }
        }
        assertThat(lost).isEmpty();
    }

    private static List<Request> requests(Agent agent) {
        var requests = new ArrayList<Request>();
        for (String request : Corpus.capture(agent.file()).split("### request [0-9]+")) {
            int body = request.indexOf("\n{");
            boolean asks =
                    request.lines()
                            .anyMatch(
                                    line -> line.startsWith("POST") && line.contains(agent.path()));
            if (asks && body >= 0 && !request.contains(":countTokens")) {
                requests.add(
                        agent.reading().apply(request.substring(body).strip().getBytes(UTF_8)));
            }
        }
        return requests;
    }
}
