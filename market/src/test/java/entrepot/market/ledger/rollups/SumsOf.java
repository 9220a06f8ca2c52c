package entrepot.market.ledger.rollups;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/** The sums of a single receipt. */
public final class SumsOf {

    private SumsOf() {}

    public static Sums receipt(Receipt receipt) {
        var sums = new Sums();
        boolean unpriced = receipt.cost() == null && !receipt.usage().meters().isEmpty();
        sums.count(unpriced ? 1 : 0, true, receipt.usage());
        sums.money(amount(receipt.cost()), amount(receipt.charge()));
        return sums;
    }

    private static @Nullable BigDecimal amount(@Nullable Money money) {
        return money == null ? null : money.amount();
    }
}
