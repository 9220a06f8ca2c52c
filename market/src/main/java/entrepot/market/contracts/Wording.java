package entrepot.market.contracts;

import java.time.Instant;
import java.time.ZoneOffset;

/** Times as people write them. */
public final class Wording {

    private Wording() {}

    /** The day, when a time is the beginning of one in UTC; else the whole time. */
    public static String time(Instant time) {
        if (time.equals(Instant.MIN)) {
            return "the beginning";
        }
        if (time.equals(Instant.MAX)) {
            return "no stated end";
        }
        var utc = time.atOffset(ZoneOffset.UTC);
        return utc.toLocalTime().toSecondOfDay() == 0 && utc.getNano() == 0
                ? utc.toLocalDate().toString()
                : time.toString();
    }

    static String until(Instant time) {
        return time.equals(Instant.MAX)
                ? " for as long as the clause stands"
                : " until " + time(time);
    }
}
