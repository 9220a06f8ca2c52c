package entrepot.protocols.google.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.chat.ChatAnswers;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.testkit.Golden;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** R26: Gemini's column of the golden files. */
class GeminiGoldenTest {

    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Golden golden = Golden.files();

    @Test
    void r26ARequestWithEverythingInIt() {
        Request request = ChatRequests.read(chat("request-full.json"));
        golden.expect(
                "request-full.google.gemini.json", pretty(new GeminiDialect().write(request)));
    }

    @Test
    void r26AnAnswerWithACall() {
        Answer answer = ChatAnswers.read(chat("answer-tools.json"));
        golden.expect("answer-tools.google.gemini.json", pretty(GeminiAnswers.write(answer)));
        var writer = new GeminiStreamWriter();
        var stream = new StringBuilder();
        for (Event event : Answers.events(answer)) {
            writer.write(event).forEach(frame -> line(stream, frame.data()));
        }
        writer.end().forEach(frame -> line(stream, frame.data()));
        golden.expect("answer-tools.google.gemini.stream", stream.toString());
    }

    private static byte[] chat(String name) {
        try (InputStream in = GeminiGoldenTest.class.getResourceAsStream("/openai/chat/" + name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void line(StringBuilder stream, byte[] payload) {
        stream.append("data: ").append(new String(payload, UTF_8)).append("\n\n");
    }

    private static String pretty(byte[] json) {
        return PRETTY.writeValueAsString(Json.read(json, Cause.INTERNAL)) + "\n";
    }
}
