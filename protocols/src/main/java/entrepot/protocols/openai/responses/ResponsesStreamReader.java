package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamReader;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * Reads a supplier's stream of response events and pushes our own.
 *
 * <p>The answer is finished by {@code response.completed}, {@code response.incomplete} or {@code
 * response.failed} and by nothing else, but for servers that only send the end mark of chat.
 * Servers that send only deltas, only finished items, or nothing but the last response are
 * understood alike. What has no event of ours is pushed as {@link Event.Unknown}; so is the
 * beginning of every item, which tells a writer of this dialect how the supplier names it.
 */
public final class ResponsesStreamReader implements StreamReader {

    /** The payload with which servers end a stream as in chat; it is not JSON. */
    private static final String DONE = "[DONE]";

    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final StreamedItems items = new StreamedItems(this::push);
    private boolean done;

    public ResponsesStreamReader(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        String text = new String(frame.data(), StandardCharsets.UTF_8).strip();
        if (done || text.isEmpty()) {
            return;
        }
        if (text.equals(DONE)) {
            marker();
            return;
        }
        JsonNode event;
        try {
            event = Json.read(text, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (event instanceof ObjectNode object) {
            String type = object.path("type").asString("");
            event(type.isEmpty() ? frame.name() : type, object);
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

    @Override
    public boolean done() {
        return done;
    }

    private void marker() throws InterruptedException {
        if (!grammar.ended() && grammar.started() && items.any()) {
            items.close(Json.object().arrayNode());
            push(new Event.Finished(items.calls() ? StopReason.TOOL_CALLS : StopReason.END));
        }
        end();
    }

    private void event(String type, ObjectNode event) throws InterruptedException {
        switch (type) {
            case "response.created", "response.in_progress", "response.queued" ->
                    start(event.path("response"));
            case "response.completed", "response.incomplete", "response.done" -> {
                start(event.path("response"));
                finish(event.path("response"));
            }
            case "response.failed" -> {
                start(event.path("response"));
                report(event.path("response"));
                fail(
                        event.path("response") instanceof ObjectNode response
                                ? ResponsesAnswers.failure(response)
                                : OpenAiErrors.read(event));
            }
            case "error" -> fail(OpenAiErrors.read(event));
            case "" -> {
                if (event.path("error").isObject() || event.path("error").isString()) {
                    fail(OpenAiErrors.read(event));
                }
            }
            default -> {
                if (type.startsWith("response.")) {
                    start(Json.object());
                }
                if (grammar.started()) {
                    event.remove("obfuscation");
                    items.event(type, event);
                }
            }
        }
    }

    private void start(JsonNode response) throws InterruptedException {
        if (!grammar.started()) {
            push(
                    new Event.Started(
                            response.path("id").asString(""), response.path("model").asString("")));
        }
    }

    private void finish(JsonNode response) throws InterruptedException {
        items.close(
                response.path("output") instanceof ArrayNode output
                        ? output
                        : Json.object().arrayNode());
        StopReason reason = Endings.read(response, items.finished());
        push(new Event.Finished(reason));
        report(response);
        done = true;
    }

    private void report(JsonNode response) throws InterruptedException {
        Usage usage = ResponsesUsage.of(response);
        if (!usage.equals(Usage.NONE)) {
            push(new Event.UsageReported(usage));
        }
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

    /** The event in which what has no event of ours survives. */
    static Event unknown(ObjectNode raw) {
        return new Event.Unknown(DIALECT, raw);
    }
}
