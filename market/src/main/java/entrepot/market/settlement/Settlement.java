package entrepot.market.settlement;

import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Charges;
import entrepot.market.catalog.Demands;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ShareRule;
import entrepot.market.statements.terms.KnownTerms;
import entrepot.market.statements.terms.Terms;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.function.Supplier;

/**
 * The rules by which the ledger charges and shares, from the catalogue and the contracts in force.
 * Both are snapshots, and the rules made of them are kept until one of them changes: a receipt
 * costs two comparisons.
 */
public final class Settlement implements Supplier<Books>, KnownTerms {

    /** The base of shares that are posted as they are earned. */
    static final String REVENUE = "revenue";

    private final Supplier<Catalogue> catalogue;
    private final Supplier<ContractBook> contracts;

    private volatile Made made = new Made(null, ContractBook.EMPTY, Books.COSTS_ONLY);

    private record Made(@Nullable Catalogue catalogue, ContractBook contracts, Books books) {}

    /**
     * @param catalogue gives the snapshot in force
     * @param contracts gives the snapshot in force
     */
    public Settlement(Supplier<Catalogue> catalogue, Supplier<ContractBook> contracts) {
        this.catalogue = catalogue;
        this.contracts = contracts;
    }

    /** The rules in force. */
    @Override
    public Books get() {
        Catalogue forSale = catalogue.get();
        ContractBook book = contracts.get();
        Made last = made;
        if (!forSale.equals(last.catalogue()) || !book.equals(last.contracts())) {
            last = new Made(forSale, book, books(forSale, book));
            made = last;
        }
        return last.books();
    }

    private static Books books(Catalogue catalogue, ContractBook book) {
        Charges charges = catalogue.demands().charges();
        var shares = new ArrayList<ShareRule>();
        for (Clause clause : book.clauses().values()) {
            if (clause instanceof Clause.RevenueShare share
                    && share.percent() != null
                    && share.payer().equals(charges.party())
                    && share.base().equals(REVENUE)) {
                shares.add(
                        new ShareRule(
                                share.ref(),
                                share.payee(),
                                share.percent(),
                                (receipt, at) ->
                                        receipt.model().indexOf('/') > 0
                                                && book.applies(
                                                        share, carriage(catalogue, receipt, at))));
            }
        }
        return charges.rules().isEmpty() && shares.isEmpty()
                ? Books.COSTS_ONLY
                : new Books(charges.rules(), shares);
    }

    /** A receipt as contracts understand it; what it does not tell counts as it does for gates. */
    private static Carriage carriage(Catalogue catalogue, Receipt receipt, Instant at) {
        String model = receipt.model();
        String vendor = model.substring(0, model.indexOf('/'));
        String channel = receipt.channel() == null ? "" : receipt.channel();
        var supplier = catalogue.supplier(receipt.supplier());
        return new Carriage(
                model,
                vendor,
                receipt.api() == null ? Order.ApiKind.STATELESS : receipt.api(),
                channel,
                supplier == null ? channel.equals(vendor) : supplier.channel().firstParty(vendor),
                catalogue.demands().buyer(receipt.tenant()).territory(),
                at,
                at);
    }

    /** What the contracts say of the party that the tenant is, else of the one that runs this. */
    @Override
    public Terms of(String tenant, Instant at, Instant known) {
        Demands demands = catalogue.get().demands();
        String own = demands.buyer(tenant).party();
        return new TermsOfContracts(
                        contracts.get(), own == null ? demands.charges().party() : own, at, known)
                .terms();
    }

    /** The same for another party of the contracts. */
    @Override
    public Terms ofParty(String party, Instant at, Instant known) {
        return new TermsOfContracts(contracts.get(), party, at, known).terms();
    }
}
