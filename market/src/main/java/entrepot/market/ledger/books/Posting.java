package entrepot.market.ledger.books;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

/**
 * One side of an entry. The postings of one row add up to zero in each currency.
 *
 * @param party on the other side: a supplier, a team, a partner
 * @param amount positive: debit; negative: credit; never zero
 * @param rule that made it: a charge's or a share's name, or the price book; null when none did
 */
public record Posting(Account account, String party, Money amount, @Nullable String rule) {

    public Posting {
        if (amount.amount().signum() == 0) {
            throw new IllegalArgumentException("a posting of nothing to " + account);
        }
    }
}
