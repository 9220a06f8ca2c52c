package entrepot.runtime.spend;

import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitInvalid;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.budgets.limits.Measure;
import entrepot.market.budgets.limits.NewLimit;
import entrepot.market.budgets.limits.Period;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Budgets of sessions. Each is a limit of the session's tree in USD, under an id that follows from
 * the session's, so that having it twice is having it once. The market holds what a call may cost
 * at worst before it is made, and settles what it did cost.
 */
public final class SpendControl {

    /** Where no budgets are kept: a session that has one may buy nothing. */
    public static final SpendControl NONE = new SpendControl(null);

    private static final String CURRENCY = "USD";
    private static final int CENTS_SCALE = 2;

    private final @Nullable Limits limits;

    private SpendControl(@Nullable Limits limits) {
        this.limits = limits;
    }

    public static SpendControl of(Limits limits) {
        return new SpendControl(limits);
    }

    /**
     * Has the budget be so. Taken away, it goes on counting, so that one given later knows what was
     * spent before.
     *
     * @param rootId the session at the top of the tree
     * @param cents null for none
     * @return why it cannot be; null when it is so
     */
    public @Nullable String keep(String tenant, String rootId, @Nullable Long cents) {
        if (limits == null) {
            return cents == null ? null : "This server keeps no budgets.";
        }
        String id = id(rootId);
        Limit before = limits.get(tenant, id).orElse(null);
        if (cents == null && before == null) {
            return null;
        }
        BigDecimal amount = amount(cents, before);
        try {
            limits.keep(
                    tenant,
                    id,
                    new NewLimit(
                            "spend control of " + rootId,
                            new LimitScope(LimitScope.Kind.TREE, rootId),
                            Measure.MONEY,
                            CURRENCY,
                            amount,
                            Period.NONE,
                            ZoneOffset.UTC,
                            cents != null,
                            List.of(),
                            null));
            return null;
        } catch (LimitInvalid invalid) {
            return "The session's budget cannot be kept: " + invalid.getMessage();
        }
    }

    private static BigDecimal amount(@Nullable Long cents, @Nullable Limit before) {
        if (cents != null) {
            return amount(cents.longValue());
        }
        return before == null ? BigDecimal.ZERO : before.amount();
    }

    /** Cents as the market counts them. */
    public static BigDecimal amount(long cents) {
        return BigDecimal.valueOf(cents, CENTS_SCALE);
    }

    /**
     * What the tree has spent, in whole cents, as far as it is settled.
     *
     * @return null when it never had a budget
     */
    public @Nullable Long consumedCents(String tenant, String rootId) {
        if (limits == null) {
            return null;
        }
        Limit limit = limits.get(tenant, id(rootId)).orElse(null);
        return limit == null
                ? null
                : (Long)
                        limits.usage(limit)
                                .settled()
                                .movePointRight(CENTS_SCALE)
                                .setScale(0, RoundingMode.FLOOR)
                                .longValueExact();
    }

    /** The session is gone. */
    public void end(String tenant, String rootId) {
        if (limits != null) {
            limits.end(tenant, id(rootId));
        }
    }

    private static String id(String rootId) {
        return "lim_" + rootId;
    }
}
