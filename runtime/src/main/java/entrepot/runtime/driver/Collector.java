package entrepot.runtime.driver;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.identity.Ids;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.turn.TurnError;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The runtime's counter: puts the events of one answer together. The market's thread fills it; the
 * session's thread takes the text out piece by piece, to store it, and the whole in the end.
 */
final class Collector implements Counter, EventSink {

    static final String TEXT = "text";
    static final String REASONING = "reasoning";

    /** Text that waits to be stored before the market's thread must wait too. */
    private static final int WAITING_CHARS_MAX = 256 << 10;

    private final Ids ids;
    private final Bell bell;
    private final int pieceChars;
    private final long answerCharsMax;

    private final Map<Integer, Building> parts = new TreeMap<>();
    private final List<Streamed> waiting = new ArrayList<>();
    private int waitingChars;
    private long chars;
    private @Nullable StopReason stopReason;
    private @Nullable Failure failure;
    private Usage usage = Usage.NONE;

    Collector(Ids ids, Bell bell, int pieceChars, long answerCharsMax) {
        this.ids = ids;
        this.bell = bell;
        this.pieceChars = pieceChars;
        this.answerCharsMax = answerCharsMax;
    }

    /** Text that has come and is not stored yet. */
    record Streamed(String itemId, String kind, StringBuilder text) {}

    private static final class Building {
        private final String itemId;
        private final StringBuilder text = new StringBuilder();
        private String callId = "";
        private String name = "";
        private String kind = TEXT;
        private @Nullable Part part;

        Building(String itemId) {
            this.itemId = itemId;
        }

        /** What was built from deltas, when the source forgot to finish it. */
        Part whole() {
            if (part != null) {
                return part;
            }
            if (!name.isEmpty()) {
                return new Part.ToolCall(callId, name, text.toString(), Extras.NONE);
            }
            return switch (kind) {
                case REASONING -> new Part.Reasoning(text.toString(), null, Extras.NONE);
                case "refusal" -> new Part.Refusal(text.toString(), Extras.NONE);
                default -> new Part.Text(text.toString(), Extras.NONE);
            };
        }
    }

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body) {
        throw new IllegalStateException("an order without a verbatim is answered with events");
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter) {
        throw new IllegalStateException("an order without a verbatim is answered with events");
    }

    @Override
    public EventSink open(Deal deal) {
        return this;
    }

    @Override
    public synchronized void accept(Event event) throws InterruptedException {
        switch (event) {
            case Event.Started started -> {}
            case Event.TextDelta delta -> text(delta.index(), "msg_", TEXT, delta.text());
            case Event.RefusalDelta delta -> text(delta.index(), "msg_", "refusal", delta.text());
            case Event.ReasoningDelta delta -> text(delta.index(), "rs_", REASONING, delta.text());
            case Event.ToolCallStarted call -> {
                Building part = part(call.index(), "fc_");
                part.callId = call.callId();
                part.name = call.name();
            }
            case Event.ToolCallDelta delta -> {
                part(delta.index(), "fc_").text.append(delta.fragment());
                count(delta.fragment().length());
            }
            case Event.PartFinished finished ->
                    part(finished.index(), prefix(finished.part())).part = finished.part();
            case Event.UsageReported report -> usage = report.usage();
            case Event.Finished finished -> stopReason = finished.reason();
            case Event.Failed failed -> failure = failed.failure();
            case Event.Unknown unknown -> {}
        }
    }

    private void text(int index, String prefix, String kind, String text)
            throws InterruptedException {
        Building part = part(index, prefix);
        part.kind = kind;
        part.text.append(text);
        count(text.length());
        if (!text.isEmpty() && !kind.equals("refusal")) {
            stream(part.itemId, kind, text);
        }
    }

    private void stream(String itemId, String kind, String text) throws InterruptedException {
        while (waitingChars > WAITING_CHARS_MAX) {
            wait();
        }
        Streamed last = waiting.isEmpty() ? null : waiting.getLast();
        boolean first = last == null;
        if (last == null || !last.itemId().equals(itemId)) {
            last = new Streamed(itemId, kind, new StringBuilder());
            waiting.add(last);
        }
        last.text().append(text);
        waitingChars += text.length();
        if (first || waitingChars >= pieceChars) {
            bell.ring();
        }
    }

    /** An answer without end must not fill the memory: whoever sends it is told that we left. */
    private void count(int more) throws InterruptedException {
        chars += more;
        if (chars > answerCharsMax) {
            failure =
                    new Failure(
                            Failure.Cause.TOO_LARGE,
                            "The answer exceeds " + answerCharsMax + " characters.",
                            null,
                            TurnError.OUTPUT,
                            null,
                            null,
                            null);
            throw new InterruptedException("The answer is too long.");
        }
    }

    private Building part(int index, String prefix) {
        return parts.computeIfAbsent(index, i -> new Building(ids.next(prefix)));
    }

    private static String prefix(Part part) {
        return switch (part) {
            case Part.ToolCall call -> "fc_";
            case Part.Reasoning reasoning -> "rs_";
            case Part.Text text -> "msg_";
            case Part.Refusal refusal -> "msg_";
            case Part.Image image -> "msg_";
            case Part.File file -> "msg_";
            case Part.Audio audio -> "msg_";
            case Part.CachePoint point -> "item_";
            case Part.ToolResult result -> "item_";
            case Part.Unknown unknown -> "item_";
        };
    }

    synchronized boolean isWaiting() {
        return !waiting.isEmpty();
    }

    synchronized boolean isPieceFull() {
        return waitingChars >= pieceChars;
    }

    /** Takes out what has come. Half a character stays until its other half is here. */
    synchronized List<Pieces.Piece> take(String turnId, int step, int attempt) {
        List<Pieces.Piece> pieces = new ArrayList<>();
        List<Streamed> halves = new ArrayList<>();
        for (Streamed streamed : waiting) {
            StringBuilder text = streamed.text();
            int end = text.length();
            if (Character.isHighSurrogate(text.charAt(end - 1))) {
                end--;
                halves.add(
                        new Streamed(
                                streamed.itemId(),
                                streamed.kind(),
                                new StringBuilder(text.substring(end))));
            }
            if (end > 0) {
                pieces.add(
                        new Pieces.Piece(
                                turnId,
                                step,
                                attempt,
                                streamed.itemId(),
                                streamed.kind(),
                                text.substring(0, end)));
            }
        }
        waiting.clear();
        waiting.addAll(halves);
        waitingChars = halves.size();
        notifyAll();
        return pieces;
    }

    /** Why there is no answer; null when there is one. */
    synchronized @Nullable Failure failure() {
        if (failure == null && stopReason == null) {
            return Failure.of(
                    Failure.Cause.SUPPLIER_FAILED, "The answer broke off before its end.");
        }
        return failure;
    }

    /** Why the collector itself ended the call; null when it did not. */
    synchronized @Nullable Failure ownFailure() {
        return failure;
    }

    /**
     * The answer. Call ids that are missing, or that the turn has seen, are replaced: suppliers
     * repeat theirs, and a result must find its one call.
     */
    synchronized Fact.ModelAnswered answered(
            String turnId, int step, int attempt, Set<String> callIdsSeen, String receiptId) {
        Set<String> callIds = new HashSet<>(callIdsSeen);
        List<Fact.AnswerItem> items = new ArrayList<>();
        for (Building building : parts.values()) {
            Part part = building.whole();
            if (part instanceof Part.Text text && text.text().isEmpty()) {
                continue;
            }
            if (part instanceof Part.ToolCall call
                    && (call.callId().isBlank() || !callIds.add(call.callId()))) {
                String callId = ids.next("call_");
                callIds.add(callId);
                part = new Part.ToolCall(callId, call.name(), call.arguments(), call.extras());
            }
            items.add(new Fact.AnswerItem(building.itemId, part));
        }
        StopReason reason = stopReason == null ? StopReason.END : stopReason;
        return new Fact.ModelAnswered(turnId, step, attempt, items, reason, usage, receiptId);
    }
}
