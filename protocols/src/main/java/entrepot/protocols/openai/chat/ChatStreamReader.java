package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Event;
import entrepot.conversation.EventGrammar;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.RepeatedText;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Reads a supplier's stream of {@code chat.completion.chunk} and pushes events.
 *
 * <p>Whatever the wire does, the events keep the grammar of {@link Event}. The answer is finished
 * by its {@code finish_reason}, or else by {@code [DONE]}; usage may come before or after. The
 * first choice makes the parts; other choices, and members that we have no word for, are pushed as
 * {@link Event.Unknown}: a chunk with nothing else in it. One thread at a time.
 */
public final class ChatStreamReader {

    /** The payload that ends most streams; it is not JSON. */
    public static final String DONE = "[DONE]";

    private final EventSink sink;
    private final EventGrammar grammar = new EventGrammar();
    private final ChatStreamParts parts = new ChatStreamParts(this::push);
    private Usage reported = Usage.NONE;
    private Map<String, JsonNode> told = Map.of();
    private boolean usageAfterEnd;
    private boolean done;
    private final RepeatedText repeated = new RepeatedText("content", "obfuscation");

    /** Whether the chunk read last has one choice, which says a text. */
    private boolean onlyText;

    public ChatStreamReader(EventSink sink) {
        this.sink = sink;
    }

    /** Whether the terminal event has been read: only usage may still be worth waiting for. */
    public boolean finished() {
        return grammar.ended();
    }

    /** Whether nothing more is to be expected: waiting for the connection to close is no use. */
    public boolean done() {
        return done || (finished() && usageAfterEnd);
    }

    /** Reads the payload of one {@code data} field; empty ones are heartbeats. */
    public void data(byte[] payload) throws InterruptedException {
        String piece = done() || finished() ? null : repeated.text(payload);
        if (piece != null) {
            parts.say(piece);
            return;
        }
        onlyText = false;
        repeated.parsing();
        data(new String(payload, StandardCharsets.UTF_8));
        repeated.parsed(payload, onlyText);
    }

    public void data(String payload) throws InterruptedException {
        String text = payload.strip();
        if (done() || text.isEmpty()) {
            return;
        }
        if (text.equals(DONE)) {
            marker();
            return;
        }
        JsonNode chunk;
        try {
            chunk = Json.read(text, Cause.SUPPLIER_FAILED);
        } catch (Failed malformed) {
            fail(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's stream holds what is not JSON."));
            return;
        }
        if (chunk instanceof ObjectNode object) {
            chunk(object);
        }
    }

    /** To be told when the supplier's stream is over, however it ended. */
    public void end() throws InterruptedException {
        if (!finished()) {
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

    private void marker() throws InterruptedException {
        if (!finished() && grammar.started()) {
            // Some servers never give a reason.
            finish(parts.hasCalls() ? StopReason.TOOL_CALLS : StopReason.END);
        }
        end();
    }

    private void chunk(ObjectNode chunk) throws InterruptedException {
        Members members = Members.lenient(chunk);
        Usage usage = usage(members);
        if (isError(chunk) && !finished()) {
            if (grammar.started() && usage != null) {
                push(new Event.UsageReported(usage));
            }
            fail(OpenAiErrors.read(chunk));
            return;
        }
        ArrayNode choices = members.list("choices");
        if (choices != null && !choices.isEmpty()) {
            start(chunk);
            onlyText = choices.size() == 1 && saysText(choices.get(0));
        }
        ObjectNode unknown = Json.object();
        StopReason reason = choices == null ? null : choices(choices, unknown);
        if (usage != null && !finished() && !usage.equals(reported) && grammar.started()) {
            reported = usage;
            push(new Event.UsageReported(usage));
        }
        members.take("id");
        members.take("object");
        members.take("created");
        members.take("model");
        members.take("obfuscation");
        unknown(members.rest(), unknown);
        if (reason != null && !finished()) {
            finish(reason);
        } else if (usage != null && finished()) {
            usageAfterEnd = true;
            if (!usage.equals(reported)) {
                reported = usage;
                push(new Event.UsageReported(usage));
            }
        }
    }

    private static boolean saysText(JsonNode choice) {
        return choice.path("delta").path("content").isString()
                && !choice.has("message")
                && choice.path("logprobs").isEmpty();
    }

    private void start(ObjectNode chunk) throws InterruptedException {
        if (!grammar.started()) {
            String id = chunk.path("id").asString("");
            parts.answerId(id);
            push(new Event.Started(id, chunk.path("model").asString("")));
        }
    }

    /** Groq says the usage in a member of its own, unless it was asked to say it in the usual. */
    private static @Nullable Usage usage(Members members) {
        JsonNode usual = members.peek("usage");
        if (usual.isObject()) {
            members.take("usage");
            return ChatUsage.read(usual, members.peek("service_tier"));
        }
        JsonNode groq = members.peek("x_groq").path("usage");
        return groq.isObject() ? ChatUsage.read(groq, members.peek("service_tier")) : null;
    }

    private static boolean isError(ObjectNode chunk) {
        JsonNode error = chunk.path("error");
        return (error.isObject() && !error.isEmpty())
                || error.isString()
                || chunk.path("object").asString("").equals("error");
    }

    /** Reads the choices; returns the reason when the first of them has ended. */
    private @Nullable StopReason choices(ArrayNode choices, ObjectNode unknown)
            throws InterruptedException {
        StopReason reason = null;
        for (JsonNode node : choices) {
            if (!(node instanceof ObjectNode choice)) {
                continue;
            }
            if (choice.path("index").asInt(0) != 0 || finished()) {
                keep(unknown, choice.deepCopy());
                continue;
            }
            String word = choice.path("finish_reason").asString("");
            ObjectNode rest = parts.read(choice, !word.isEmpty());
            keep(unknown, rest.put("index", 0));
            if (!word.isEmpty()) {
                reason = ChatAnswers.reason(word);
            }
        }
        return reason;
    }

    /** Keeps a choice that says something besides where it stands. */
    private static void keep(ObjectNode unknown, ObjectNode choice) {
        Silence.prune(choice);
        if (choice.size() > 1 || (choice.size() == 1 && !choice.has("index"))) {
            unknown.withArray("choices").add(choice);
        }
    }

    /** Pushes what has no event, once: most chunks repeat what the first one said. */
    private void unknown(Map<String, JsonNode> rest, ObjectNode unknown)
            throws InterruptedException {
        rest.forEach((name, node) -> {
            if (!Silence.says(node) || node.equals(told.get(name))) {
                return;
            }
            unknown.set(name, node);
        });
        if (unknown.isEmpty() || !grammar.started()) {
            return;
        }
        told = rest;
        push(new Event.Unknown(DIALECT, unknown));
    }

    private void finish(StopReason reason) throws InterruptedException {
        parts.close();
        // Some servers stop to have tools called without saying so.
        boolean calls = reason.equals(StopReason.END) && parts.hasCalls();
        push(new Event.Finished(calls ? StopReason.TOOL_CALLS : reason));
    }

    private void fail(Failure failure) throws InterruptedException {
        done = true;
        if (!finished()) {
            push(new Event.Failed(failure));
        }
    }

    private void push(Event event) throws InterruptedException {
        grammar.accept(event);
        repeated.said(event);
        sink.accept(event);
    }
}
