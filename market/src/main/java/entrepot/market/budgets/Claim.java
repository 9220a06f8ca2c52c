package entrepot.market.budgets;

import entrepot.identity.Caller;
import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * What one attempt may use at worst, and of whose limits.
 *
 * @param worst at most one amount of each currency; empty when nothing will be owed; null when it
 *     is not known
 * @param tokens in and out; null when it is not known
 * @param at decides the period
 */
public record Claim(
        String orderId,
        int attempt,
        Caller caller,
        @Nullable String project,
        @Nullable String sessionId,
        @Nullable String treeId,
        @Nullable List<Money> worst,
        @Nullable Long tokens,
        Instant at) {

    public Claim {
        worst = worst == null ? null : List.copyOf(worst);
        if (tokens != null && tokens < 0) {
            throw new IllegalArgumentException("tokens are negative: " + tokens);
        }
        if (worst != null) {
            for (Money money : worst) {
                if (money.amount().signum() < 0) {
                    throw new IllegalArgumentException("a worst case is negative: " + money);
                }
            }
        }
    }
}
