package entrepot.market.metering;

import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What is known of one attempt while it runs. Whoever ends the attempt, however it ends, finds here
 * what to put on the receipt. Safe on any thread: a relay fills it on the event loop.
 */
public final class Tally {

    private final InstantSource clock;
    private boolean accepted;
    private boolean opened;
    private boolean finished;
    private LongSupplier inputLetters = () -> 0;
    private long outputLetters;
    private long outputEvents;
    private List<Loss> losses = List.of();
    private @Nullable Usage reported;
    private @Nullable Instant firstEventAt;
    private @Nullable Failure failure;

    public Tally(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The request goes out: from here on the supplier may work, and bill.
     *
     * @param letters of input; asked only if an estimate is needed
     */
    public synchronized void sent(LongSupplier letters) {
        accepted = true;
        inputLetters = letters;
    }

    /** What the supplier is not told, because its dialect cannot carry it. */
    public synchronized void lost(List<Loss> what) {
        losses = List.copyOf(what);
    }

    public synchronized List<Loss> losses() {
        return losses;
    }

    /** The supplier never got the request, or answered that it will not do it. */
    public synchronized void rejected() {
        accepted = false;
    }

    /** The first event of the answer is here. */
    public synchronized void began() {
        if (firstEventAt == null) {
            firstEventAt = clock.instant();
        }
    }

    /** The counter has been opened: from here on there is no other attempt. */
    public synchronized void opened() {
        began();
        opened = true;
    }

    /** Content came; nothing else counts as output. */
    public synchronized void output(long letters) {
        outputLetters += letters;
    }

    /** So many events of a relayed stream held content; suppliers send about a token in each. */
    public synchronized void outputEvents(long total) {
        outputEvents = total;
    }

    /** The supplier's own count; the last one wins. */
    public synchronized void reported(Usage usage) {
        reported = usage;
    }

    /** The answer came to its own end. */
    public synchronized void finished() {
        finished = true;
    }

    /** The answer broke off after the counter was opened. */
    public synchronized void broke(Failure reason) {
        failure = reason;
    }

    /** Whether the supplier may have done the work: asking again may be billed twice. */
    public synchronized boolean isAccepted() {
        return accepted;
    }

    public synchronized boolean isOpened() {
        return opened;
    }

    public synchronized boolean isFinished() {
        return finished;
    }

    public synchronized @Nullable Instant firstEventAt() {
        return firstEventAt;
    }

    public synchronized @Nullable Failure failure() {
        return failure;
    }

    /**
     * What the supplier said, or else an estimate of what it will have counted. Some say at the
     * beginning what they have counted so far: of an answer that broke off, more was written.
     */
    public synchronized Usage usage() {
        long written = Letters.tokens(outputLetters) + outputEvents;
        if (reported != null) {
            return finished || written <= reported.outputTokens()
                    ? reported
                    : reported.plus(
                            new Usage(
                                    Map.of(Meter.OUTPUT, written - reported.outputTokens()),
                                    true,
                                    reported.tier(),
                                    reported.region()));
        }
        if (!accepted) {
            return Usage.NONE;
        }
        return new Usage(
                Map.of(
                        Meter.FRESH_INPUT,
                        Letters.tokens(inputLetters.getAsLong()),
                        Meter.OUTPUT,
                        written),
                true);
    }
}
