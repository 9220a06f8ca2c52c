package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

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
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.RepeatedText;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * Reads a supplier's stream of message events and pushes events.
 *
 * <p>Whatever the wire does, the events keep the grammar of {@link Event}: a message starts once
 * (R17), a block that was not opened is, and one that was left open is closed. The answer is
 * finished by {@code message_stop}, or by the end of a stream that has given its reason. One thread
 * at a time.
 */
public final class MessagesStreamReader implements StreamReader {

    /** Some servers end their streams as OpenAI does. */
    private static final String DONE = "[DONE]";

    private static final int NONE = -1;

    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final MessagesStreamBlocks blocks = new MessagesStreamBlocks(this::push);
    private ObjectNode told = Json.object();
    private Usage reported = Usage.NONE;
    private @Nullable StopReason reason;
    private boolean done;
    private final RepeatedText repeated = new RepeatedText("text", "p");

    /** Of the block that the event read last adds a text to, the number. */
    private int textBlock = NONE;

    public MessagesStreamReader(EventSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void frame(Frame frame) throws InterruptedException {
        String piece = done ? null : repeated.text(frame.data());
        if (piece != null) {
            blocks.say(textBlock, piece);
            return;
        }
        textBlock = NONE;
        repeated.parsing();
        read(frame);
        repeated.parsed(frame.data(), textBlock != NONE);
    }

    private void read(Frame frame) throws InterruptedException {
        String text = new String(frame.data(), StandardCharsets.UTF_8).strip();
        if (done || text.isEmpty()) {
            return;
        }
        if (text.equals(DONE)) {
            stop();
            return;
        }
        JsonNode json;
        try {
            json = Json.read(text, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (json instanceof ObjectNode event) {
            String type = event.path("type").asString("");
            event(type.isEmpty() ? frame.name() : type, event);
        }
    }

    private void event(String type, ObjectNode event) throws InterruptedException {
        switch (type) {
            case "message_start" -> start(event);
            case "content_block_start" -> {
                begin();
                blocks.start(event.path("index").asInt(-1), event.path("content_block"));
            }
            case "content_block_delta" -> {
                begin();
                int index = event.path("index").asInt(-1);
                if (index >= 0 && event.path("delta").path("text").isString()) {
                    textBlock = index;
                }
                blocks.delta(index, event);
            }
            case "content_block_stop" -> blocks.stop(event.path("index").asInt(-1));
            case "message_delta" -> delta(event);
            case "message_stop" -> stop();
            case "ping" -> {
                // A heartbeat.
            }
            case "error" -> fail(AnthropicErrors.read(event));
            default -> {
                if (MessagesAnswers.isError(event)) {
                    fail(AnthropicErrors.read(event));
                } else if (grammar.started()) {
                    push(new Event.Unknown(DIALECT, event));
                }
            }
        }
    }

    private void start(ObjectNode event) throws InterruptedException {
        JsonNode message = event.path("message");
        if (grammar.started()) {
            if (blocks.isAnythingTold()) {
                // Two halves of two answers are not an answer.
                fail(
                        Failure.of(
                                Cause.SUPPLIER_FAILED,
                                "The supplier began its answer again, after it had said"
                                        + " something."));
                return;
            }
            // A start that is repeated says nothing new; what it counted still counts.
            usage(message.path("usage"));
            return;
        }
        String id = message.path("id").asString("");
        blocks.answerId(id);
        push(new Event.Started(id, message.path("model").asString("")));
        usage(message.path("usage"));
        reason(message.path("stop_reason"));
        for (int i = 0; i < message.path("content").size(); i++) {
            blocks.start(i, message.path("content").get(i));
            blocks.stop(i);
        }
    }

    private void begin() throws InterruptedException {
        if (!grammar.started()) {
            push(new Event.Started("", ""));
        }
    }

    private void delta(ObjectNode event) throws InterruptedException {
        begin();
        usage(event.path("usage"));
        reason(event.path("delta").path("stop_reason"));
        ObjectNode rest = Json.object();
        for (var member : event.path("delta").properties()) {
            if (!member.getKey().equals("stop_reason") && says(member.getValue())) {
                rest.withObject("delta").set(member.getKey(), member.getValue());
            }
        }
        for (var member : event.properties()) {
            boolean known =
                    switch (member.getKey()) {
                        case "type", "delta", "usage" -> true;
                        default -> false;
                    };
            if (!known && says(member.getValue())) {
                rest.set(member.getKey(), member.getValue());
            }
        }
        if (!rest.isEmpty()) {
            push(new Event.Unknown(DIALECT, rest.put("type", "message_delta")));
        }
    }

    /** Members that are null or empty are no event (R89). */
    private static boolean says(JsonNode value) {
        return value.isContainer()
                ? !value.isEmpty()
                : !value.isNull() && !value.asString("-").isEmpty();
    }

    private void reason(JsonNode word) {
        if (word.isString() && !word.stringValue().isEmpty()) {
            reason = MessagesAnswers.reason(word.stringValue());
        }
    }

    private void usage(JsonNode usage) throws InterruptedException {
        if (!usage.isObject()) {
            return;
        }
        told = MessagesUsage.merge(told, usage);
        Usage now = MessagesUsage.read(told);
        if (!now.equals(reported)) {
            reported = now;
            push(new Event.UsageReported(now));
        }
    }

    private void stop() throws InterruptedException {
        begin();
        finish(
                reason == null
                        ? (blocks.hasCalls() ? StopReason.TOOL_CALLS : StopReason.END)
                        : reason);
    }

    @Override
    public void end() throws InterruptedException {
        if (done) {
            return;
        }
        if (reason != null) {
            finish(reason);
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

    private void finish(StopReason why) throws InterruptedException {
        blocks.close();
        done = true;
        push(new Event.Finished(why));
    }

    private void fail(Failure failure) throws InterruptedException {
        done = true;
        push(new Event.Failed(failure));
    }

    private void push(Event event) throws InterruptedException {
        grammar.accept(event);
        repeated.said(event);
        sink.accept(event);
    }
}
