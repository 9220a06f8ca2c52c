package entrepot.protocols.google.gemini;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Logprob;
import entrepot.conversation.Part;
import entrepot.protocols.google.wire.GeminiCallIds;
import entrepot.protocols.google.wire.GeminiPartialCall;
import entrepot.protocols.google.wire.GeminiSignatures;
import entrepot.protocols.json.Members;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Builds the parts of one streamed answer. Texts that follow each other are one part, and so are
 * thoughts; everything else comes whole, but for calls whose arguments are streamed.
 */
final class GeminiStreamParts {

    private final EventSink sink;
    private GeminiCallIds ids = new GeminiCallIds("");
    private final StringBuilder open = new StringBuilder();
    private final List<Logprob> tokens = new ArrayList<>();
    private List<Logprob> fresh = List.of();
    private Kind kind = Kind.NONE;
    private int next;
    private boolean calls;
    private @Nullable GeminiPartialCall partial;

    GeminiStreamParts(EventSink sink) {
        this.sink = sink;
    }

    void answerId(String id) {
        ids = new GeminiCallIds(id);
    }

    boolean hasCalls() {
        return calls;
    }

    /** Those of the text that comes next. */
    void logprobs(List<Logprob> logprobs) {
        fresh = logprobs;
    }

    void read(ObjectNode part) throws InterruptedException {
        JsonNode call = part.path("functionCall");
        if (call.isObject() && (partial != null || GeminiPartialCall.isPartial(call))) {
            partial(part, call);
            return;
        }
        closePartial();
        boolean spoken = part.path("thought").booleanValue(false);
        var read = new ArrayList<Part>();
        GeminiParts.read(Members.lenient(part), part, ids, read);
        for (Part each : read) {
            switch (each) {
                case Part.Text text -> text(text);
                case Part.Reasoning thought -> thought(thought, spoken);
                case Part.ToolCall whole -> call(whole);
                default -> whole(each);
            }
        }
    }

    private void text(Part.Text text) throws InterruptedException {
        if (text.text().isEmpty()) {
            return;
        }
        begin(Kind.TEXT);
        open.append(text.text());
        tokens.addAll(fresh);
        sink.accept(new Event.TextDelta(next, text.text(), fresh));
        fresh = List.of();
    }

    private void thought(Part.Reasoning thought, boolean spoken) throws InterruptedException {
        if (!spoken) {
            // The proof of what follows, or of nothing but itself.
            whole(new Part.Reasoning("", thought.signature(), Extras.NONE));
            return;
        }
        if (!thought.text().isEmpty()) {
            begin(Kind.THOUGHT);
            open.append(thought.text());
            sink.accept(new Event.ReasoningDelta(next, thought.text()));
        }
        if (thought.signature() != null) {
            begin(Kind.THOUGHT);
            finish(thought.signature());
        }
    }

    private void call(Part.ToolCall call) throws InterruptedException {
        close();
        calls = true;
        int index = next++;
        sink.accept(new Event.ToolCallStarted(index, call.callId(), call.name()));
        sink.accept(new Event.ToolCallDelta(index, call.arguments()));
        sink.accept(
                new Event.PartFinished(
                        index,
                        new Part.ToolCall(
                                call.callId(), call.name(), call.arguments(), Extras.NONE)));
    }

    private void whole(Part part) throws InterruptedException {
        close();
        sink.accept(new Event.PartFinished(next++, part));
    }

    private void begin(Kind wanted) throws InterruptedException {
        if (kind != wanted) {
            close();
            kind = wanted;
        }
    }

    /** Ends what is open. */
    void close() throws InterruptedException {
        closePartial();
        finish(null);
    }

    private void finish(@Nullable String signature) throws InterruptedException {
        if (kind == Kind.NONE) {
            return;
        }
        String text = open.toString();
        Part part =
                kind == Kind.TEXT
                        ? new Part.Text(text, tokens, Extras.NONE)
                        : new Part.Reasoning(text, signature, Extras.NONE);
        open.setLength(0);
        tokens.clear();
        kind = Kind.NONE;
        sink.accept(new Event.PartFinished(next++, part));
    }

    /** Reads a piece of a call; a named one begins another, one that says nothing ends it. */
    private void partial(ObjectNode part, JsonNode call) throws InterruptedException {
        String name = call.path("name").asString("");
        if (partial == null || !name.isEmpty()) {
            close();
            calls = true;
            String signature = part.path("thoughtSignature").asString("");
            if (!signature.isEmpty()) {
                String sealed = GeminiSignatures.sealed(signature);
                whole(new Part.Reasoning("", sealed, Extras.NONE));
            }
            String id = ids.call(call.path("id").asString(""), name);
            partial = new GeminiPartialCall(next++, id, name);
            sink.accept(new Event.ToolCallStarted(partial.index(), id, name));
        }
        partial.add(call);
        if (!call.path("willContinue").booleanValue(false)) {
            closePartial();
        }
    }

    private void closePartial() throws InterruptedException {
        if (partial == null) {
            return;
        }
        GeminiPartialCall whole = partial;
        partial = null;
        String arguments = whole.arguments();
        sink.accept(new Event.ToolCallDelta(whole.index(), arguments));
        sink.accept(
                new Event.PartFinished(
                        whole.index(),
                        new Part.ToolCall(whole.id(), whole.name(), arguments, Extras.NONE)));
    }

    private enum Kind {
        NONE,
        TEXT,
        THOUGHT
    }
}
