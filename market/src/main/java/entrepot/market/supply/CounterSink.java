package entrepot.market.supply;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.metering.Letters;
import entrepot.market.metering.Tally;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Weighs events and puts them on the counter, which it opens when the first one that matters is in
 * hand. Until then what only frames an answer is held back, so that a supplier who fails at once
 * can still be replaced.
 */
final class CounterSink implements EventSink {

    private static final int HELD_MAX = 64;

    private final Attempt attempt;
    private final Tally tally;
    private final List<Event> held = new ArrayList<>(2);
    private final BitSet weighed = new BitSet();
    private @Nullable EventSink sink;
    private boolean weighsOnly;

    CounterSink(Attempt attempt) {
        this.attempt = attempt;
        this.tally = attempt.tally();
    }

    /** From now on nothing is put on the counter. */
    void weighOnly() {
        weighsOnly = true;
    }

    @Override
    public void accept(Event event) throws InterruptedException {
        switch (event) {
            case Event.Started started -> frame(named(started));
            case Event.Unknown ignored -> frame(event);
            case Event.UsageReported reported -> {
                tally.reported(reported.usage());
                frame(event);
            }
            case Event.TextDelta delta -> content(event, delta.index(), delta.text());
            case Event.RefusalDelta delta -> content(event, delta.index(), delta.text());
            case Event.ReasoningDelta delta -> content(event, delta.index(), delta.text());
            case Event.ToolCallStarted call -> content(event, call.index(), call.name());
            case Event.ToolCallDelta delta -> content(event, delta.index(), delta.fragment());
            case Event.PartFinished part -> {
                if (!weighed.get(part.index())) {
                    tally.output(Letters.of(part.part()));
                }
                forward(event);
            }
            case Event.Finished ignored -> {
                tally.finished();
                forward(event);
            }
            case Event.Failed failed -> {
                if (sink == null && said(failed.failure())) {
                    tally.rejected();
                }
                fail(failed.failure());
            }
        }
    }

    /** Some suppliers name neither their answer nor its model; callers want both. */
    private Event.Started named(Event.Started started) {
        String id = started.answerId().isEmpty() ? attempt.deal().orderId() : started.answerId();
        String model = started.model().isEmpty() ? attempt.deal().model() : started.model();
        return new Event.Started(id, model);
    }

    /** The source has said all that it has to say. */
    void end() throws InterruptedException {
        if (tally.isFinished() || tally.failure() != null) {
            return;
        }
        fail(
                Failure.of(
                        Cause.UNREACHABLE,
                        attempt.deal().supplier()
                                + (tally.firstEventAt() == null
                                        ? " ended its answer without a word"
                                        : " broke off its answer before the end")));
    }

    /** Nothing more comes: tells the counter if it is open, and throws if it is not. */
    void fail(Failure failure) throws InterruptedException {
        if (sink == null || weighsOnly) {
            throw new Failed(failure);
        }
        if (tally.failure() == null && !tally.isFinished()) {
            tally.broke(failure);
            sink.accept(new Event.Failed(failure));
        }
    }

    /** Whether the supplier said that it will not do it, rather than falling silent. */
    private static boolean said(Failure failure) {
        return failure.cause() != Cause.UNREACHABLE && failure.cause() != Cause.TIMED_OUT;
    }

    private void content(Event event, int index, String text) throws InterruptedException {
        weighed.set(index);
        tally.output(text.length());
        forward(event);
    }

    private void frame(Event event) throws InterruptedException {
        tally.began();
        if (sink == null && held.size() < HELD_MAX) {
            held.add(event);
        } else {
            forward(event);
        }
    }

    private void forward(Event event) throws InterruptedException {
        if (weighsOnly) {
            return;
        }
        if (sink == null) {
            tally.opened();
            sink = attempt.counter().open(attempt.deal());
            for (Event earlier : held) {
                sink.accept(earlier);
            }
            held.clear();
        }
        sink.accept(event);
    }
}
