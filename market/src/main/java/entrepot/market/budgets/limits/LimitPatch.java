package entrepot.market.budgets.limits;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * What to change of a limit; what is null stays as it is. What was used stays in any case.
 *
 * @param onUnknown what to hold for attempts of unknown worst case
 */
public record LimitPatch(
        @Nullable String name,
        @Nullable BigDecimal amount,
        @Nullable Boolean hard,
        @Nullable List<Integer> alertPercents,
        @Nullable OnUnknown onUnknown) {

    /**
     * What an attempt holds whose worst case is not known.
     *
     * @param hold null to refuse it
     */
    public record OnUnknown(@Nullable BigDecimal hold) {}

    Limit applied(Limit to, java.time.Instant now) {
        if (name != null) {
            NewLimit.checkName(name);
        }
        if (amount != null) {
            NewLimit.checkAmount("amount", to.measure(), amount);
        }
        if (onUnknown != null && onUnknown.hold != null) {
            NewLimit.checkAmount("hold_if_unknown", to.measure(), onUnknown.hold);
        }
        if (hard != null) {
            NewLimit.checkHard(to.measure(), hard);
        }
        return new Limit(
                to.id(),
                to.tenant(),
                name == null ? to.name() : name,
                to.scope(),
                to.measure(),
                to.currency(),
                amount == null ? to.amount() : amount,
                to.period(),
                to.zone(),
                hard == null ? to.hard() : hard,
                alertPercents == null ? to.alertPercents() : NewLimit.checkedAlerts(alertPercents),
                onUnknown == null ? to.holdIfUnknown() : onUnknown.hold,
                to.createdAt(),
                now,
                to.endedAt());
    }
}
