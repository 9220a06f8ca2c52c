package entrepot.market.contracts;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/**
 * What a share of revenue comes to. It is exact: rounding is the statement's affair.
 *
 * @param due null when the percentage is not public, so that nobody can tell
 * @param capLeft what may still be paid after this; null when there is no cap or nobody can tell
 * @param reason how it was found, in words
 */
public record ShareOwed(
        Clause.RevenueShare clause,
        @Nullable Money due,
        @Nullable Money capLeft,
        boolean cut,
        String reason) {

    static ShareOwed of(Clause.RevenueShare clause, Money base, Money paidSoFar) {
        BigDecimal percent = clause.percent();
        if (percent == null) {
            return new ShareOwed(
                    clause, null, null, false, "a share is owed, but its percentage is not public");
        }
        var whole = new Money(base.amount().multiply(percent).movePointLeft(2), base.currency());
        String sum = percent.toPlainString() + " % of " + base + " is " + whole;
        Money cap = clause.cap();
        if (cap == null) {
            String note = clause.capped() ? "; there is a cap, whose amount is not public" : "";
            return new ShareOwed(clause, whole, null, false, sum + note);
        }
        if (!cap.currency().equals(paidSoFar.currency())) {
            throw new IllegalArgumentException(
                    "a cap in " + cap.currency() + " and payments in " + paidSoFar.currency());
        }
        BigDecimal left = cap.amount().subtract(paidSoFar.amount()).max(BigDecimal.ZERO);
        var leftMoney = new Money(left, cap.currency());
        boolean cut = whole.compareTo(leftMoney) > 0;
        Money due = cut ? leftMoney : whole;
        return new ShareOwed(
                clause,
                due,
                new Money(left.subtract(due.amount()), cap.currency()),
                cut,
                sum
                        + "; of the cap of "
                        + cap
                        + ", "
                        + leftMoney
                        + " was left"
                        + (cut ? ", so that only this is owed" : ""));
    }
}
