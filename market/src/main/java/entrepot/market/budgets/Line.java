package entrepot.market.budgets;

import entrepot.market.budgets.limits.Limit;

import java.math.BigDecimal;

/**
 * One account in a batch, as it was when the batch was made.
 *
 * @param booked to be added to what is settled
 * @param kept of the share, by orders under way and what is free in memory
 * @param held of that, by orders under way
 * @param parked what was free and is with the clerk now
 * @param usual what the last claim wanted
 * @param scarce whether little was left when it was last looked at
 * @param returns whether what is free afterwards goes back to the database
 */
record Line(
        TenantAccounts tenant,
        Account account,
        Limit limit,
        BigDecimal booked,
        BigDecimal kept,
        BigDecimal held,
        BigDecimal parked,
        BigDecimal usual,
        boolean scarce,
        boolean returns) {}
