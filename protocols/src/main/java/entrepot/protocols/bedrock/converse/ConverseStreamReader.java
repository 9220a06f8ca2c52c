package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.RepeatedText;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Set;

/**
 * Reads a supplier's ConverseStream (ConverseStreamOutput) and pushes events.
 *
 * <p>Whatever the wire does, the events keep the grammar of {@link Event}. The answer is finished
 * by {@code messageStop}; usage comes behind it, in {@code metadata}, which ends the stream. Blocks
 * of text begin without a start. One thread at a time.
 */
public final class ConverseStreamReader implements StreamReader {

    private static final String DELTA = "contentBlockDelta";
    private static final int NONE = -1;
    private static final Set<String> EVENTS =
            Set.of(
                    "messageStart",
                    "contentBlockStart",
                    DELTA,
                    "contentBlockStop",
                    "messageStop",
                    "metadata");

    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final ConverseStreamBlocks blocks = new ConverseStreamBlocks(this::push);
    private boolean done;
    private final RepeatedText repeated = new RepeatedText("text", "p");

    /** Of the block that the event read last adds a text to, the number. */
    private int textBlock = NONE;

    public ConverseStreamReader(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        boolean delta = frame.kind() == Frame.Kind.EVENT && frame.name().equals(DELTA);
        String piece = done || grammar.ended() || !delta ? null : repeated.text(frame.data());
        if (piece != null) {
            blocks.text(textBlock, piece);
            return;
        }
        textBlock = NONE;
        repeated.parsing();
        read(frame);
        repeated.parsed(frame.data(), delta && textBlock != NONE);
    }

    private void read(Frame frame) throws InterruptedException {
        if (done || (frame.data().length == 0 && frame.kind() == Frame.Kind.EVENT)) {
            return;
        }
        if (frame.kind() == Frame.Kind.EXCEPTION) {
            fail(BedrockErrors.read(frame));
            return;
        }
        JsonNode payload;
        try {
            payload = Json.read(frame.data(), Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (!(payload instanceof ObjectNode event)) {
            return;
        }
        if (frame.name().isEmpty()) {
            wrapped(event);
        } else {
            event(frame.name(), event);
        }
    }

    /** Some servers send the name of an event as the one member of its payload. */
    private void wrapped(ObjectNode union) throws InterruptedException {
        for (var member : union.properties()) {
            if (member.getValue() instanceof ObjectNode event) {
                if (member.getKey().endsWith("Exception")) {
                    fail(
                            BedrockErrors.read(
                                    new Frame(
                                            Frame.Kind.EXCEPTION,
                                            member.getKey(),
                                            Json.write(event))));
                } else {
                    event(member.getKey(), event);
                }
            }
        }
    }

    private void event(String name, ObjectNode event) throws InterruptedException {
        if (done) {
            return;
        }
        if (!grammar.started() && EVENTS.contains(name)) {
            push(new Event.Started("", ""));
        }
        int index = event.path("contentBlockIndex").asInt(0);
        switch (name) {
            case "messageStart" -> {}
            case "contentBlockStart" -> {
                if (!grammar.ended() && event.path("start") instanceof ObjectNode start) {
                    blocks.start(index, start);
                }
            }
            case DELTA -> {
                if (!grammar.ended() && event.path("delta") instanceof ObjectNode delta) {
                    if (delta.path("text").isString()) {
                        textBlock = index;
                    }
                    blocks.delta(index, delta);
                }
            }
            case "contentBlockStop" -> {
                if (!grammar.ended()) {
                    blocks.close(index);
                }
            }
            case "messageStop" -> stop(event);
            case "metadata" -> metadata(event);
            default -> unknown(name, event);
        }
    }

    private void stop(ObjectNode event) throws InterruptedException {
        if (grammar.ended()) {
            return;
        }
        blocks.close();
        JsonNode fields = event.path("additionalModelResponseFields");
        if (fields.isContainer()) {
            unknown("messageStop", Json.object().set("additionalModelResponseFields", fields));
        }
        push(new Event.Finished(ConverseStops.read(event.path("stopReason").asString(""))));
    }

    private void metadata(ObjectNode event) throws InterruptedException {
        if (event.path("usage").isObject()) {
            Usage usage = ConverseUsage.of(event);
            push(new Event.UsageReported(usage));
        }
        if (event.has("trace")) {
            unknown("metadata", Json.object().set("trace", event.path("trace")));
        }
        if (grammar.ended()) {
            done = true;
        }
    }

    private void unknown(String name, JsonNode event) throws InterruptedException {
        if (grammar.started()) {
            push(new Event.Unknown(DIALECT, Json.object().set(name, event)));
        }
    }

    @Override
    public void end() throws InterruptedException {
        if (!grammar.ended()) {
            fail(
                    grammar.started()
                            ? Failure.of(
                                    Cause.UNREACHABLE,
                                    "The supplier's stream broke off before its end.")
                            : Failure.of(
                                    Cause.SUPPLIER_FAILED,
                                    "The supplier's stream ended before it began."));
        }
        done = true;
    }

    private void fail(Failure failure) throws InterruptedException {
        done = true;
        if (!grammar.ended()) {
            push(new Event.Failed(failure));
        }
    }

    private void push(Event event) throws InterruptedException {
        grammar.accept(event);
        repeated.said(event);
        sink.accept(event);
    }
}
