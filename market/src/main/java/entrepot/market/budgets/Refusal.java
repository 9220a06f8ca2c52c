package entrepot.market.budgets;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.Measure;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * Why a limit refuses a claim.
 *
 * @param limitedBy the limit's id
 * @param asked what the claim wanted to hold; null when its worst case is not known
 * @param left what could still be held
 * @param endsAt when the limit's period ends; null when it does not
 */
public record Refusal(
        String limitedBy,
        Limit limit,
        @Nullable BigDecimal asked,
        BigDecimal left,
        @Nullable Instant endsAt) {

    /** For spent money. */
    public static final String BUDGET_EXCEEDED = "budget_exceeded";

    /** For spent money of one agent session, or of it with its subagents. */
    public static final String SESSION_BUDGET_EXCEEDED = "session_budget_exceeded";

    /** For requests, tokens and concurrency. */
    public static final String RATE_LIMITED = "rate_limited";

    private static final Duration SOON = Duration.ofSeconds(1);

    public String code() {
        if (limit.measure() != Measure.MONEY) {
            return RATE_LIMITED;
        }
        return switch (limit.scope().kind()) {
            case SESSION, TREE -> SESSION_BUDGET_EXCEEDED;
            case KEY, PRINCIPAL, TEAM, TENANT, PROJECT -> BUDGET_EXCEEDED;
        };
    }

    /** What was reached, what is left of it, and what would help. */
    public String message() {
        var text =
                new StringBuilder("limit ")
                        .append(limitedBy)
                        .append(" '")
                        .append(limit.name())
                        .append("' (")
                        .append(limit.words())
                        .append(") ");
        if (asked == null) {
            return text.append("cannot tell what this call may use at worst, and refuses such")
                    .append(" calls: use a model with known prices, say how many tokens may be")
                    .append(" answered, or have an administrator set the limit's hold_if_unknown")
                    .toString();
        }
        text.append("has ")
                .append(limit.words(left.max(BigDecimal.ZERO)))
                .append(" left and this call may use ")
                .append(limit.words(asked));
        if (asked.compareTo(limit.amount()) > 0) {
            text.append(", more than it ever allows: ask for fewer tokens");
        } else if (endsAt != null) {
            text.append(": it begins anew at ").append(endsAt);
        } else if (limit.measure() == Measure.CONCURRENCY) {
            text.append(": wait for a call to end");
        } else {
            text.append(": ask for less");
        }
        return text.append(", or have an administrator raise it").toString();
    }

    /** The same for the caller, in whatever dialect it is told. */
    public Failure failure(Instant now) {
        boolean money = limit.measure() == Measure.MONEY;
        return new Failure(
                money ? Cause.BUDGET_EXCEEDED : Cause.LIMITED,
                message(),
                null,
                code(),
                null,
                null,
                money ? null : retryAfter(now));
    }

    private @Nullable Duration retryAfter(Instant now) {
        if (asked == null || asked.compareTo(limit.amount()) > 0) {
            return null;
        }
        if (limit.measure() == Measure.CONCURRENCY) {
            return SOON;
        }
        if (endsAt == null) {
            return null;
        }
        Duration wait = Duration.between(now, endsAt);
        return wait.compareTo(SOON) < 0 ? SOON : wait;
    }
}
