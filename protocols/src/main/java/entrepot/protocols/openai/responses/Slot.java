package entrepot.protocols.openai.responses;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Logprob;

import java.util.ArrayList;
import java.util.List;

/** One text of an item on its way: where it stands among the parts, and how much was told. */
final class Slot {

    private final Kind kind;
    private final StringBuilder told = new StringBuilder();
    private final List<Logprob> tokens = new ArrayList<>();
    private int partStart;
    private int index = -1;
    private boolean opened;

    Slot(Kind kind) {
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    boolean isNew() {
        return !opened;
    }

    boolean isOpen() {
        return index >= 0;
    }

    void open(int partIndex) {
        index = partIndex;
        opened = true;
        partStart = told.length();
    }

    int index() {
        return index;
    }

    /** Closes the part; another one may follow with what comes late. */
    void close() {
        index = -1;
    }

    void tell(String piece, List<Logprob> logprobs, EventSink sink) throws InterruptedException {
        told.append(piece);
        tokens.addAll(logprobs);
        switch (kind) {
            case TEXT -> sink.accept(new Event.TextDelta(index, piece, logprobs));
            case REFUSAL -> sink.accept(new Event.RefusalDelta(index, piece));
            case REASONING -> sink.accept(new Event.ReasoningDelta(index, piece));
        }
    }

    /** What of a whole text was not told yet. */
    String untold(String whole) {
        return whole.length() > told.length() && whole.startsWith(told.toString())
                ? whole.substring(told.length())
                : "";
    }

    /** What was told in the part that is open. */
    String partText() {
        return told.substring(partStart);
    }

    /** Those of what was told; only while it was told in one part do they belong to it. */
    List<Logprob> tokens() {
        return isOnePart() ? tokens : List.of();
    }

    /** Whether all of it was told in one part. */
    boolean isOnePart() {
        return partStart == 0;
    }

    enum Kind {
        TEXT,
        REFUSAL,
        REASONING
    }
}
