package entrepot.market.ledger.rollups;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/** How long a bucket is. Buckets are of UTC. */
public enum Grain {
    HOUR("h", 3_600_000L),
    DAY("d", 86_400_000L),
    MONTH("m", 0);

    private final String word;
    private final long millis;

    Grain(String word, long millis) {
        this.word = word;
        this.millis = millis;
    }

    /** As stored. */
    String word() {
        return word;
    }

    /** The begin of the bucket that holds a moment. */
    public long bucket(long at) {
        if (millis > 0) {
            return at - Math.floorMod(at, millis);
        }
        return millis(date(at).withDayOfMonth(1));
    }

    /** The begin of the bucket after. */
    public long next(long bucket) {
        return millis > 0 ? bucket + millis : millis(date(bucket).plusMonths(1));
    }

    /** The next smaller one; an hour's is an hour. */
    Grain smaller() {
        return this == MONTH ? DAY : HOUR;
    }

    /** Whether a bucket begins at this moment. */
    public boolean begins(long at) {
        return bucket(at) == at;
    }

    /** The grain of a word such as {@code day}; throws {@code IllegalArgumentException}. */
    public static Grain of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static LocalDate date(long at) {
        return OffsetDateTime.ofInstant(Instant.ofEpochMilli(at), ZoneOffset.UTC).toLocalDate();
    }

    private static long millis(LocalDate date) {
        return date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
