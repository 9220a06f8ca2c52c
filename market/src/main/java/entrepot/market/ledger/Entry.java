package entrepot.market.ledger;

import entrepot.market.Receipt;
import entrepot.market.ledger.books.Kind;

import org.jspecify.annotations.Nullable;

/**
 * What one row says, without its postings.
 *
 * @param about the receipt that a correction is about; null for an attempt
 * @param aboutMillis when that attempt ended
 * @param chargeRule that made the charge; null when the receipt brought its own, or has none
 */
public record Entry(
        Receipt receipt,
        Kind kind,
        @Nullable String about,
        @Nullable Long aboutMillis,
        @Nullable String chargeRule) {

    static Entry attempt(Receipt receipt, @Nullable String chargeRule) {
        return new Entry(receipt, Kind.ATTEMPT, null, null, chargeRule);
    }
}
