package entrepot.market.routing;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether one model may be asked for at one supplier with one key. After failures it rests; a rest
 * is only ever made longer, never shorter, whoever reports last.
 */
final class Breaker {

    private static final int FAILURES_BEFORE_REST = 3;
    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration REST_MAX = Duration.ofSeconds(30);
    private static final Duration REFUSED_REST = Duration.ofSeconds(30);

    /** A supplier may ask for more patience than this, but not for ever. */
    private static final Duration RETRY_AFTER_MAX = Duration.ofMinutes(10);

    private int streak;
    private volatile Rest rest = Rest.NONE;

    Rest rest() {
        return rest;
    }

    synchronized void succeeded() {
        streak = 0;
    }

    /** Failures that say nothing of the supplier, such as a bad request, change nothing. */
    synchronized void failed(Failure failure, Instant now) {
        @Nullable Duration wait =
                switch (failure.cause()) {
                    case SUPPLIER_REFUSED -> REFUSED_REST;
                    case SUPPLIER_LIMITED -> backoff(count() - 1);
                    case SUPPLIER_OVERLOADED, SUPPLIER_FAILED, UNREACHABLE, TIMED_OUT ->
                            count() < FAILURES_BEFORE_REST
                                    ? Duration.ZERO
                                    : backoff(streak - FAILURES_BEFORE_REST);
                    default -> null;
                };
        if (wait == null) {
            return;
        }
        Duration asked = failure.retryAfter();
        if (asked != null && asked.compareTo(wait) > 0) {
            wait = asked.compareTo(RETRY_AFTER_MAX) > 0 ? RETRY_AFTER_MAX : asked;
        }
        Instant until = now.plus(wait);
        if (!wait.isZero() && until.isAfter(rest.until())) {
            rest = new Rest(until, failure);
        }
    }

    private int count() {
        streak = Math.min(streak + 1, 30);
        return streak;
    }

    private static Duration backoff(int doublings) {
        Duration wait = REST.multipliedBy(1L << Math.min(doublings, 20));
        return wait.compareTo(REST_MAX) > 0 ? REST_MAX : wait;
    }

    /**
     * @param until when it may be asked again
     * @param reason the failure that brought it about
     */
    record Rest(Instant until, @Nullable Failure reason) {

        static final Rest NONE = new Rest(Instant.MIN, null);

        boolean refused() {
            return reason != null && reason.cause() == Cause.SUPPLIER_REFUSED;
        }
    }
}
