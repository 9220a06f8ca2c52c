package entrepot.protocols.bedrock.texts;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.Frame;
import entrepot.protocols.bedrock.EventFrames;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.TreeMap;

/** Every recorded exchange with a model that knows texts is read on both sides. */
class TextCorpusTest {

    @Test
    void everyRecordedExchangeIsRead() throws InterruptedException {
        var requests = new TreeMap<String, Integer>();
        var refused = new ArrayList<String>();
        for (Row row : Corpus.rows("bedrock-invoke.jsonl", "bedrock-invoke-stream.jsonl")) {
            TextBody body = row.request().length == 0 ? null : bodyOf(row);
            if (body == null) {
                continue;
            }
            try {
                Request request = body.read(Json.read(row.request(), Cause.INTERNAL), "m", false);
                assertThat(request.messages()).isNotEmpty();
                assertThat(body.read(body.write(request), "m", false).messages())
                        .as(row.id())
                        .hasSameSizeAs(request.messages());
                requests.merge(body.dialect(), 1, Integer::sum);
            } catch (Failed unreadable) {
                refused.add(unreadable.failure().param() + " " + row.path());
            }
            if (row.status() == 200) {
                answered(row, body);
            }
        }
        assertThat(requests)
                .containsOnlyKeys(
                        "bedrock.titan",
                        "bedrock.llama",
                        "bedrock.mistral",
                        "bedrock.cohere",
                        "bedrock.cohere_chat");
        assertThat(requests.values().stream().mapToInt(each -> each).sum()).isGreaterThan(20);
        assertThat(refused)
                .as("conversations in the form of another maker's models")
                .hasSize(4)
                .allMatch(each -> each.startsWith("prompt /model/cohere.command-light"));
    }

    private static void answered(Row row, TextBody body) throws InterruptedException {
        Answer answer =
                row.path().endsWith("/invoke")
                        ? new TextDialect(body).read(row.response())
                        : streamed(row, body);
        assertThat(answer.parts()).as(row.id()).hasSize(1);
        assertThat(((Part.Text) answer.parts().getFirst()).text()).isNotBlank();
        if (body.counts() || !row.path().endsWith("/invoke")) {
            assertThat(answer.usage().outputTokens()).as(row.id()).isPositive();
            assertThat(answer.usage().inputTokens()).as(row.id()).isPositive();
        }
    }

    private static Answer streamed(Row row, TextBody body) throws InterruptedException {
        var collector = new Answers.Collector();
        var reader = new TextDialect(body).reader(collector);
        var frames = new ArrayList<Frame>();
        new EventFrames().push(row.response(), frames::add);
        boolean first = true;
        for (Frame frame : frames) {
            ObjectNode event = InvokeChunks.event(frame);
            assertThat(event).isNotNull();
            if (first) {
                assertThat(TextBodies.ofChunk(event)).as(row.id()).isEqualTo(body);
            }
            first = false;
            reader.frame(Frame.of(Json.write(event)));
        }
        reader.end();
        return collector.answer();
    }

    private static @Nullable TextBody bodyOf(Row row) {
        String model = row.path().replaceFirst("/model/([^/]+)/.*", "$1");
        JsonNode body = Json.read(row.request(), Cause.INTERNAL);
        return TextBodies.of((ObjectNode) body, URLDecoder.decode(model, StandardCharsets.UTF_8));
    }
}
