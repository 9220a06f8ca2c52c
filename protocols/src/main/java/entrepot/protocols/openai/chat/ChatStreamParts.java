package entrepot.protocols.openai.chat;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.openai.OpenAiLogprobs;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** Makes parts from the deltas of one choice, and closes them in order. */
final class ChatStreamParts {

    private final EventSink sink;
    private final ChatStreamCalls calls;
    private final StringBuilder text = new StringBuilder();
    private final List<Logprob> tokens = new ArrayList<>();
    private List<Logprob> fresh = List.of();
    private Kind kind = Kind.NONE;
    private String field = "";
    private int index = -1;
    private int next;
    private boolean anything;

    ChatStreamParts(EventSink sink) {
        this.sink = sink;
        this.calls = new ChatStreamCalls(sink, () -> next++);
    }

    void answerId(String id) {
        calls.answerId(id);
    }

    boolean hasCalls() {
        return calls.any();
    }

    /**
     * Reads one choice of a chunk.
     *
     * @param last whether the choice ends here
     * @return what has no event, to be kept
     */
    ObjectNode read(ObjectNode choice, boolean last) throws InterruptedException {
        Members members = Members.lenient(choice);
        members.take("index");
        members.take("finish_reason");
        JsonNode whole = members.take("message");
        logprobs(members);
        Members delta = members.object("delta");
        if (delta != null) {
            delta(delta);
        }
        if (whole instanceof ObjectNode message) {
            message(message, last);
        }
        ObjectNode rest = Json.object();
        rest.setAll(members.rest());
        return rest;
    }

    private void logprobs(Members members) {
        JsonNode logprobs = members.peek("logprobs");
        fresh = OpenAiLogprobs.read(logprobs.path("content"));
        if (!fresh.isEmpty() && logprobs.path("refusal").isEmpty()) {
            members.take("logprobs");
        }
    }

    /** Some servers send the message again, or only, in the end; what came as delta counts. */
    private void message(ObjectNode message, boolean last) throws InterruptedException {
        Members members = Members.lenient(message);
        if (!anything) {
            delta(members);
        } else if (last && !calls.any()) {
            calls(members);
        }
    }

    private void delta(Members delta) throws InterruptedException {
        delta.take("role");
        reasoning(delta);
        content(delta);
        String refusal = delta.text("refusal");
        say(Kind.REFUSAL, refusal, "");
        calls(delta);
    }

    private void calls(Members delta) throws InterruptedException {
        if (delta.peek(ChatForms.FUNCTION_CALL) instanceof ObjectNode function) {
            delta.take(ChatForms.FUNCTION_CALL);
            close(Kind.NONE);
            anything = true;
            ObjectNode call = Json.object().put("index", 0);
            calls.read(call.set("function", function));
        }
        ArrayNode list = delta.list("tool_calls");
        if (list == null) {
            return;
        }
        ArrayNode unknown = Json.object().arrayNode();
        for (JsonNode node : list) {
            if (!(node instanceof ObjectNode call)) {
                unknown.add(node);
                continue;
            }
            close(Kind.NONE);
            anything = true;
            calls.read(call);
        }
        if (!unknown.isEmpty()) {
            delta.keep("tool_calls", unknown);
        }
    }

    private void reasoning(Members delta) throws InterruptedException {
        for (String name : new String[] {"reasoning_content", "reasoning"}) {
            String thought = delta.text(name);
            if (thought != null && !thought.isEmpty()) {
                say(Kind.REASONING, thought, name);
                // A server that says it under both names says it twice.
                delta.take("reasoning");
                return;
            }
        }
    }

    private void content(Members delta) throws InterruptedException {
        say(Kind.TEXT, delta.text("content"), "");
        ArrayNode list = delta.list("content");
        if (list == null) {
            return;
        }
        // Mistral's reasoning models send lists of parts.
        ArrayNode unknown = Json.object().arrayNode();
        for (JsonNode part : list) {
            switch (part.path("type").asString("")) {
                case "text" -> say(Kind.TEXT, part.path("text").asString(""), "");
                case "thinking" -> {
                    for (JsonNode thought : part.path("thinking")) {
                        say(Kind.REASONING, thought.path("text").asString(""), "content");
                    }
                }
                default -> unknown.add(part);
            }
        }
        if (!unknown.isEmpty()) {
            delta.keep("content", unknown);
        }
    }

    /** A piece of text, in a chunk that says nothing else. */
    void say(String piece) throws InterruptedException {
        fresh = List.of();
        say(Kind.TEXT, piece, "");
    }

    private void say(Kind what, @Nullable String piece, String name) throws InterruptedException {
        if (piece == null || piece.isEmpty()) {
            return;
        }
        anything = true;
        close(what);
        if (kind == Kind.NONE) {
            kind = what;
            field = name;
            index = next++;
        }
        text.append(piece);
        switch (what) {
            case TEXT -> {
                tokens.addAll(fresh);
                sink.accept(new Event.TextDelta(index, piece, fresh));
                fresh = List.of();
            }
            case REFUSAL -> sink.accept(new Event.RefusalDelta(index, piece));
            case REASONING -> sink.accept(new Event.ReasoningDelta(index, piece));
            case NONE -> {}
        }
    }

    /** Closes everything that is open. */
    void close() throws InterruptedException {
        close(Kind.NONE);
        calls.close();
    }

    /** Closes the running text unless it is of the kind that goes on. */
    private void close(Kind goesOn) throws InterruptedException {
        if (kind == goesOn || kind == Kind.NONE) {
            return;
        }
        String whole = text.toString();
        Part part =
                switch (kind) {
                    case TEXT, NONE -> new Part.Text(whole, tokens, Extras.NONE);
                    case REFUSAL -> new Part.Refusal(whole, Extras.NONE);
                    case REASONING ->
                            field.equals("content")
                                    ? new Part.Reasoning(whole, null, Extras.NONE)
                                    : ChatMessages.reasoning(field, whole);
                };
        text.setLength(0);
        tokens.clear();
        kind = Kind.NONE;
        sink.accept(new Event.PartFinished(index, part));
    }

    private enum Kind {
        NONE,
        TEXT,
        REFUSAL,
        REASONING
    }
}
