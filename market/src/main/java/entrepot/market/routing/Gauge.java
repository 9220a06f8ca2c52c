package entrepot.market.routing;

import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;

import java.time.Duration;

/**
 * How fast one model answers at one supplier, as measured here: means in which a new answer weighs
 * a fifth. Lost at a restart, and each node measures for itself.
 */
final class Gauge {

    private static final double WEIGHT = 0.2;
    private static final Reading NONE = new Reading(0, 0, 0);

    private volatile Reading reading = NONE;

    Reading reading() {
        return reading;
    }

    /** Takes in a delivered answer; others say nothing of speed. */
    synchronized void add(Receipt receipt) {
        Long first = receipt.firstEventMillis();
        if (receipt.outcome() != Outcome.DELIVERED || first == null) {
            return;
        }
        long millis = Duration.between(receipt.startedAt(), receipt.endedAt()).toMillis();
        double perSecond = 1_000.0 * receipt.usage().outputTokens() / Math.max(1, millis);
        Reading old = reading;
        reading =
                old.answers() == 0
                        ? new Reading(1, first, perSecond)
                        : new Reading(
                                old.answers() + 1,
                                old.firstEventMillis() + WEIGHT * (first - old.firstEventMillis()),
                                old.tokensPerSecond()
                                        + WEIGHT * (perSecond - old.tokensPerSecond()));
    }

    /**
     * @param answers it is made of; with none the rest is zero and means nothing
     */
    record Reading(long answers, double firstEventMillis, double tokensPerSecond) {}
}
