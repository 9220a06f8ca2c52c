package entrepot.identity;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Ids of 26 letters and digits: 12 for the time, strictly increasing within a process, and 14 that
 * are random, so that no two nodes make the same.
 */
public final class RandomIds implements Ids {

    private static final int TIME_DIGITS = 12;
    private static final int RANDOM_DIGITS = 14;

    /** Room for 4,096 ids in a millisecond before they run ahead of the clock. */
    private static final int COUNTER_BITS = 12;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final AtomicLong last = new AtomicLong();

    /**
     * @param random used by many threads at once, so one that allows it, such as {@code
     *     SecureRandom}
     */
    public RandomIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    @Override
    public String next(String prefix) {
        long now = clock.millis() << COUNTER_BITS;
        long place = last.accumulateAndGet(now, (before, time) -> Math.max(before + 1, time));
        StringBuilder id =
                new StringBuilder(prefix.length() + TIME_DIGITS + RANDOM_DIGITS).append(prefix);
        Base32.append(id, place, TIME_DIGITS);
        Base32.appendRandom(id, random, RANDOM_DIGITS);
        return id.toString();
    }
}
