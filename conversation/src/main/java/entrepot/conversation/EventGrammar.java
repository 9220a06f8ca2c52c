package entrepot.conversation;

import java.util.HashMap;
import java.util.Map;

/**
 * Holds a stream of events to the grammar of {@link Event}. A violation is a mistake in our own
 * code, whatever the wire said: readers put the wire's disorder in order.
 */
public final class EventGrammar {

    private final Map<Integer, Kind> open = new HashMap<>();
    private State state = State.BEFORE;
    private int next;

    /**
     * Takes the next event.
     *
     * @throws IllegalStateException when it may not come here
     */
    public void accept(Event event) {
        switch (event) {
            case Event.Started _ -> {
                require(state == State.BEFORE, event, "it stands first and once");
                state = State.RUNNING;
            }
            case Event.Failed _ -> {
                require(state != State.ENDED, event, "nothing follows the end");
                state = State.ENDED;
            }
            case Event.Finished _ -> {
                running(event);
                require(open.isEmpty(), event, "parts are still open: " + open);
                state = State.ENDED;
            }
            case Event.TextDelta delta -> delta(delta.index(), Kind.TEXT, event);
            case Event.RefusalDelta delta -> delta(delta.index(), Kind.REFUSAL, event);
            case Event.ReasoningDelta delta -> delta(delta.index(), Kind.REASONING, event);
            case Event.ToolCallStarted call -> {
                running(event);
                begin(call.index(), Kind.CALL, event);
            }
            case Event.ToolCallDelta delta -> {
                running(event);
                require(open.get(delta.index()) == Kind.CALL, event, "no such call is open");
            }
            case Event.PartFinished finished -> {
                running(event);
                if (open.remove(finished.index()) == null) {
                    begin(finished.index(), Kind.WHOLE, event);
                    open.remove(finished.index());
                }
            }
            case Event.UsageReported _, Event.Unknown _ ->
                    require(state != State.BEFORE, event, "the answer has not started");
        }
    }

    /** Whether the answer has started. */
    public boolean started() {
        return state != State.BEFORE;
    }

    /** Whether the answer has finished or failed. */
    public boolean ended() {
        return state == State.ENDED;
    }

    private void delta(int index, Kind kind, Event event) {
        running(event);
        Kind there = open.get(index);
        if (there == null) {
            begin(index, kind, event);
        } else {
            require(there == kind, event, "the part is of another kind: " + there);
        }
    }

    private void begin(int index, Kind kind, Event event) {
        require(index == next, event, "the next new part has index " + next);
        boolean sequential = open.values().stream().allMatch(Kind.CALL::equals);
        require(sequential, event, "only calls stay open beside another part: " + open);
        open.put(index, kind);
        next++;
    }

    private void running(Event event) {
        require(state == State.RUNNING, event, "the answer is not running but " + state);
    }

    private static void require(boolean holds, Event event, String rule) {
        if (!holds) {
            // The kind only: the event itself is content.
            throw new IllegalStateException(event.getClass().getSimpleName() + ": " + rule);
        }
    }

    private enum State {
        BEFORE,
        RUNNING,
        ENDED
    }

    private enum Kind {
        TEXT,
        REFUSAL,
        REASONING,
        CALL,
        WHOLE
    }
}
