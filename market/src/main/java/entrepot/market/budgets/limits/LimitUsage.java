package entrepot.market.budgets.limits;

import java.math.BigDecimal;

/**
 * What was used of a limit in one period.
 *
 * @param settled for good
 * @param held by attempts under way, at their worst, as their nodes told last
 * @param out what nodes have taken beside, free or not settled yet
 * @param alertedPercent the highest percentage that was alerted; 0 for none
 */
public record LimitUsage(
        Period.Span span,
        BigDecimal settled,
        BigDecimal held,
        BigDecimal out,
        int alertedPercent) {}
