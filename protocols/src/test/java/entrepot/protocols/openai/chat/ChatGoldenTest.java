package entrepot.protocols.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Corpus;
import entrepot.protocols.json.Json;
import entrepot.testkit.Golden;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * R26: what each dialect makes of one and the same request and answer, as files that people read in
 * reviews: {@code golden/<case>.<dialect>.json}. A dialect that is added adds its column.
 */
class ChatGoldenTest {

    private static final JsonMapper PRETTY =
            JsonMapper.builder()
                    .enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                    .build();

    private final Golden golden = Golden.files();

    @Test
    void r26ARequestWithEverythingInIt() {
        var request = ChatRequests.read(Fixtures.text("request-full.json").getBytes(UTF_8));
        golden.expect("request-full.openai.chat.json", pretty(ChatRequests.write(request)));
    }

    @Test
    void r26r89AnAnswerWithTheFieldsThatOpenAiAlwaysSends() {
        Answer answer = ChatAnswers.read(Fixtures.text("answer-tools.json").getBytes(UTF_8));
        assertThat(answer.parts()).as("R89: an empty list is not a part").hasSize(2);
        golden.expect("answer-tools.openai.chat.json", pretty(ChatAnswers.write(answer, 7)));
        var writer = new ChatStreamWriter(7, true);
        var stream = new StringBuilder();
        for (Event event : Answers.events(answer)) {
            writer.write(event).forEach(p -> line(stream, p));
        }
        writer.end().forEach(p -> line(stream, p));
        golden.expect("answer-tools.openai.chat.stream", stream.toString());
    }

    @Test
    void everyCapturedRequestOfARealClientIsRead() {
        int count = 0;
        for (String file :
                List.of(
                        "js-openai-7.55.0.http",
                        "java-openai-4.98.0.http",
                        "js-vercel-ai-7.0.173.http",
                        "js-langchain-1.x.http",
                        "java-langchain4j-1.19.0.http",
                        "cli-pi-0.73.1.http",
                        "cli-promptfoo-0.121.20.http")) {
            for (String request : Corpus.capture(file).split("### request [0-9]+")) {
                int body = request.indexOf("\n{");
                if (!request.contains("/v1/chat/completions") || body < 0) {
                    continue;
                }
                byte[] bytes = request.substring(body).strip().getBytes(UTF_8);
                var envelope = ChatEnvelope.scan(bytes);
                var read = ChatRequests.read(bytes);
                assertThat(envelope.model()).isEqualTo(read.model());
                assertThat(envelope.stream()).isEqualTo(read.stream());
                assertThat(Json.read(ChatRequests.write(read), Cause.INTERNAL))
                        .isEqualTo(Json.read(bytes, Cause.INTERNAL));
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(7);
    }

    private static void line(StringBuilder stream, byte[] payload) {
        stream.append("data: ").append(new String(payload, UTF_8)).append("\n\n");
    }

    private static String pretty(byte[] json) {
        return PRETTY.writeValueAsString(Json.read(json, Cause.INTERNAL)) + "\n";
    }
}
