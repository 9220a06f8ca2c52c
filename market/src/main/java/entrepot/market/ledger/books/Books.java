package entrepot.market.ledger.books;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules by which receipts become charges and postings.
 *
 * @param charges the first that covers a receipt holds; where none does, nothing is charged
 * @param shares each that covers a receipt is owed
 */
public record Books(List<ChargeRule> charges, List<ShareRule> shares) {

    /** Nobody is charged and nobody has a share: only costs are kept. */
    public static final Books COSTS_ONLY = new Books(List.of(), List.of());

    public Books {
        charges = List.copyOf(charges);
        shares = List.copyOf(shares);
        ChargeRule.distinct(charges);
    }

    /**
     * A receipt with its charge.
     *
     * @param rule that made the charge; null when the receipt brought its own, or there is none
     */
    public record Charged(Receipt receipt, @Nullable String rule) {}

    /**
     * A charge that the receipt brings stays; else the first rule makes it of a known cost.
     *
     * @param earnedAt which rules are in force: when the attempt ended
     */
    public Charged charge(Receipt receipt, Instant earnedAt) {
        Money cost = receipt.cost();
        if (receipt.charge() != null || cost == null) {
            return new Charged(receipt, null);
        }
        for (ChargeRule rule : charges) {
            if (rule.covers(receipt, earnedAt)) {
                return new Charged(receipt.withCharge(rule.charge(cost)), rule.name());
            }
        }
        return new Charged(receipt, null);
    }

    /**
     * What a charged receipt posts: balanced in each currency; empty when there is no money.
     *
     * @param earnedAt which shares are in force
     */
    public List<Posting> postings(Charged charged, Instant earnedAt) {
        Receipt receipt = charged.receipt();
        var postings = new ArrayList<Posting>(6);
        Money cost = receipt.cost();
        if (cost != null) {
            Account owed =
                    receipt.usage().estimated()
                            ? Account.SUPPLIER_ESTIMATED
                            : Account.SUPPLIER_PAYABLE;
            add(
                    postings,
                    cost,
                    new Side(Account.SUPPLIER_COST, receipt.supplier()),
                    new Side(owed, receipt.supplier()),
                    receipt.pricing());
        }
        Money charge = receipt.charge();
        if (charge != null) {
            add(
                    postings,
                    charge,
                    new Side(Account.RECEIVABLE, receipt.team()),
                    new Side(Account.REVENUE, receipt.team()),
                    charged.rule());
            for (ShareRule share : shares) {
                if (share.earned().covers(receipt, earnedAt)) {
                    add(
                            postings,
                            share.share(charge),
                            new Side(Account.SHARE_COST, share.party()),
                            new Side(Account.SHARE_PAYABLE, share.party()),
                            share.name());
                }
            }
        }
        return postings;
    }

    private record Side(Account account, String party) {}

    private static void add(
            List<Posting> postings, Money amount, Side debit, Side credit, @Nullable String rule) {
        if (amount.amount().signum() != 0) {
            postings.add(new Posting(debit.account(), debit.party(), amount, rule));
            postings.add(new Posting(credit.account(), credit.party(), amount.negated(), rule));
        }
    }
}
