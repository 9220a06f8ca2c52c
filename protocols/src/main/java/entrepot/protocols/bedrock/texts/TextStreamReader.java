package entrepot.protocols.bedrock.texts;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.bedrock.invoke.InvokeChunks;
import entrepot.protocols.bedrock.invoke.InvokeUsage;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.EnumMap;

/**
 * Reads a stream of texts: frames of it are a maker's events, out of their chunks. What Bedrock
 * counts itself has the last word.
 */
final class TextStreamReader implements StreamReader {

    private final TextBody body;
    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final StringBuilder text = new StringBuilder();
    private Usage usage = Usage.NONE;
    private boolean done;

    TextStreamReader(TextBody body, EventSink sink) {
        this.body = body;
        this.sink = sink;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        if (done) {
            return;
        }
        if (frame.kind() == Frame.Kind.EXCEPTION) {
            fail(BedrockErrors.read(frame));
            return;
        }
        JsonNode json;
        try {
            json = Json.read(frame.data(), Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (json instanceof ObjectNode chunk) {
            chunk(chunk);
        }
    }

    private void chunk(ObjectNode chunk) throws InterruptedException {
        TextBody.Said said = body.piece(chunk);
        if (!grammar.started()) {
            push(new Event.Started("", ""));
        }
        String piece = said.text();
        if (piece != null && !piece.isEmpty() && !grammar.ended()) {
            text.append(piece);
            push(new Event.TextDelta(0, piece));
        }
        // Input is counted in the first chunk, output in each or in the last.
        usage = newest(usage, said.usage());
        JsonNode metrics = chunk.path(InvokeChunks.METRICS);
        if (body.ends(chunk) || metrics.isObject()) {
            finish(said, chunk);
        }
        if (metrics.isObject()) {
            usage = InvokeUsage.ofMetrics(metrics);
            push(new Event.UsageReported(usage));
            done = true;
        }
    }

    private void finish(TextBody.Said said, ObjectNode chunk) throws InterruptedException {
        if (grammar.ended()) {
            return;
        }
        if (!text.isEmpty()) {
            push(new Event.PartFinished(0, new Part.Text(text.toString(), Extras.NONE)));
        }
        push(new Event.Finished(TextDialect.reason(body, said, chunk)));
    }

    private static Usage newest(Usage before, Usage now) {
        var meters = new EnumMap<Usage.Meter, Long>(Usage.Meter.class);
        meters.putAll(before.meters());
        meters.putAll(now.meters());
        return new Usage(meters, false);
    }

    @Override
    public void end() throws InterruptedException {
        if (done) {
            return;
        }
        if (grammar.ended()) {
            if (!usage.equals(Usage.NONE)) {
                push(new Event.UsageReported(usage));
            }
            done = true;
            return;
        }
        fail(
                grammar.started()
                        ? Failure.of(
                                Cause.UNREACHABLE,
                                "The supplier's stream broke off before its end.")
                        : Failure.of(
                                Cause.SUPPLIER_FAILED,
                                "The supplier's stream ended before it began."));
    }

    private void fail(Failure failure) throws InterruptedException {
        done = true;
        if (!grammar.ended()) {
            push(new Event.Failed(failure));
        }
    }

    private void push(Event event) throws InterruptedException {
        grammar.accept(event);
        sink.accept(event);
    }
}
