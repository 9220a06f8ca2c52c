package entrepot.market.budgets;

import entrepot.market.Money;
import entrepot.market.budgets.limits.Limit;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/** A limit in force, as this node applies it. */
final class Watched {

    final Limit limit;

    /** The account used last; guarded by the tenant's lock. */
    @Nullable Account account;

    Watched(Limit limit) {
        this.limit = limit;
    }

    /** What a claim may use of it at worst; null when that is not known. */
    @Nullable BigDecimal worst(Claim claim) {
        return switch (limit.measure()) {
            case REQUESTS, CONCURRENCY -> BigDecimal.ONE;
            case TOKENS -> {
                Long tokens = claim.tokens();
                yield tokens == null ? null : BigDecimal.valueOf(tokens);
            }
            case MONEY -> {
                if (claim.worst() == null) {
                    yield null;
                }
                BigDecimal amount = BigDecimal.ZERO;
                for (Money money : claim.worst()) {
                    amount = money.currency().equals(limit.currency()) ? money.amount() : amount;
                }
                yield amount;
            }
        };
    }

    /** What was used of it; null when that is not known. */
    @Nullable BigDecimal actual(@Nullable Money cost, @Nullable Long tokens) {
        return switch (limit.measure()) {
            case REQUESTS -> BigDecimal.ONE;
            case CONCURRENCY -> BigDecimal.ZERO;
            case TOKENS -> tokens == null ? null : BigDecimal.valueOf(tokens);
            case MONEY -> {
                if (cost == null) {
                    yield null;
                }
                yield cost.currency().equals(limit.currency()) ? cost.amount() : BigDecimal.ZERO;
            }
        };
    }
}
