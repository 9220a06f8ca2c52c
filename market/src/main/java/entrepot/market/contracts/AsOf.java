package entrepot.market.contracts;

import java.time.Instant;

/**
 * The two times of a question.
 *
 * @param at when it applies
 * @param known what was learned after this does not count
 */
public record AsOf(Instant at, Instant known) {

    /** As a call is judged while it is made. */
    public static AsOf now(Instant at) {
        return new AsOf(at, at);
    }

    /** With all that is known today. */
    public static AsOf inHindsight(Instant at) {
        return new AsOf(at, Instant.MAX);
    }
}
