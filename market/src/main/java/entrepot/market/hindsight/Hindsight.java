package entrepot.market.hindsight;

import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.Carriage;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.Evidence;
import entrepot.market.contracts.evidence.Evidence.Decided;
import entrepot.market.contracts.whatif.PastDecision;
import entrepot.market.contracts.whatif.PastDecision.Candidate;
import entrepot.market.contracts.whatif.WhatIf;
import entrepot.market.contracts.whatif.WhatIf.Preference;
import entrepot.market.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Asks the ledger's orders again. The same ledger, catalogue and book give the same answer. */
public final class Hindsight {

    /** How many receipts of a period evidence is made from. */
    public static final int EVIDENCE_RECEIPTS_MAX = 50_000;

    private final Ledger ledger;
    private final Supplier<Catalogue> catalogue;

    /**
     * @param catalogue gives the snapshot in force
     */
    public Hindsight(Ledger ledger, Supplier<Catalogue> catalogue) {
        this.ledger = ledger;
        this.catalogue = catalogue;
    }

    /** What a page is to begin after is not in the ledger. */
    public static final class NoSuchPage extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NoSuchPage(@Nullable String after, Throwable cause) {
            super("there is no receipt " + after, cause);
        }
    }

    /** A period has more receipts than fit into one document. */
    public static final class TooMany extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TooMany() {
            super("the period has over " + EVIDENCE_RECEIPTS_MAX + " receipts: give a shorter one");
        }
    }

    /**
     * Decides orders again under other contracts. Who might fill them, and at which prices, is what
     * the catalogue offers now; only the contracts are asked, no other gate.
     *
     * @throws NoSuchPage when {@code after} names no receipt
     */
    public Retold whatIf(Asked asked, ContractBook book, Preference preference) {
        var offers = new Offers(catalogue.get());
        PastOrders past = PastOrders.read(ledger, asked);
        var leftOut = new EnumMap<LeftOut, Integer>(LeftOut.class);
        if (past.begunEarlier() > 0) {
            leftOut.put(LeftOut.BEGUN_EARLIER, past.begunEarlier());
        }
        var decisions = new ArrayList<PastDecision>();
        var billed = new HashMap<String, Money>();
        for (Receipt receipt : past.receipts()) {
            LeftOut reason = decide(receipt, offers, decisions);
            if (reason != null) {
                leftOut.merge(reason, 1, Integer::sum);
            } else if (receipt.cost() != null) {
                billed.put(receipt.orderId(), receipt.cost());
            }
        }
        return new Retold(
                offers.catalogue().version(),
                WhatIf.of(decisions, book, preference),
                billed,
                leftOut,
                past.next());
    }

    /** Adds the decision of a receipt, or says why there is none. */
    private static @Nullable LeftOut decide(
            Receipt receipt, Offers offers, List<PastDecision> decisions) {
        if (receipt.model().indexOf('/') < 1) {
            return unfounded(receipt);
        }
        ApiKind api = receipt.api();
        if (api == null) {
            return LeftOut.NOT_RECORDED;
        }
        boolean refused = receipt.outcome() == Outcome.REFUSED;
        Collection<Candidate> candidates;
        if (refused) {
            List<Candidate> forbidden = offers.refused(receipt);
            if (forbidden == null) {
                return LeftOut.REFUSED_OTHERWISE;
            }
            if (forbidden.isEmpty()) {
                return LeftOut.NOT_RECORDED; // of suppliers that the catalogue has no more
            }
            candidates = forbidden;
        } else {
            Map<String, Candidate> all = offers.of(receipt.model(), receipt.startedAt());
            Candidate then = offers.then(receipt);
            if (then == null) {
                return LeftOut.NOT_RECORDED;
            }
            all.putIfAbsent(receipt.supplier(), then);
            candidates = all.values();
        }
        decisions.add(
                new PastDecision(
                        receipt.orderId(),
                        receipt.model(),
                        api,
                        offers.territory(receipt.tenant()),
                        receipt.startedAt(),
                        receipt.usage(),
                        List.copyOf(candidates),
                        refused ? null : receipt.supplier()));
        return null;
    }

    /** Gates that ask before the model is looked up leave it empty, as a wrong name does. */
    private static LeftOut unfounded(Receipt receipt) {
        return receipt.verdicts().stream().anyMatch(each -> !each.passed() && isRoute(each))
                ? LeftOut.MODEL_UNKNOWN
                : LeftOut.REFUSED_OTHERWISE;
    }

    private static boolean isRoute(Receipt.Verdict verdict) {
        return verdict.gate().equals("route");
    }

    /**
     * Every decision of a period that a clause touched, judged by the book as of its own time and
     * by what was known then.
     *
     * @param ref {@code contract/clause}
     * @throws IllegalArgumentException when the book has no such clause
     * @throws TooMany when the period must be shorter
     */
    public Evidence evidence(Asked asked, ContractBook book, String ref) {
        if (book.clause(ref) == null) {
            throw new IllegalArgumentException("there is no clause " + ref);
        }
        var offers = new Offers(catalogue.get());
        var decided = new ArrayList<Decided>();
        int leftOut = 0;
        int read = 0;
        String after = null;
        while (true) {
            List<Receipt> page =
                    ledger.between(
                            asked.tenant(),
                            asked.from(),
                            asked.to(),
                            after,
                            PastOrders.PAGE_RECEIPTS_MAX);
            read += page.size();
            if (read > EVIDENCE_RECEIPTS_MAX) {
                throw new TooMany();
            }
            for (Receipt receipt : page) {
                leftOut += decided(receipt, offers, decided) ? 0 : 1;
            }
            if (page.size() < PastOrders.PAGE_RECEIPTS_MAX) {
                return Evidence.collect(book, ref, asked.from(), asked.to(), decided)
                        .withLeftOut(leftOut);
            }
            after = page.getLast().id();
        }
    }

    /** Adds what a receipt says was decided; false when it says too little. */
    private static boolean decided(Receipt receipt, Offers offers, List<Decided> decided) {
        boolean refused = receipt.outcome() == Outcome.REFUSED;
        if (refused && !Offers.byContracts(receipt)) {
            return true; // no clause had a say in it
        }
        ApiKind api = receipt.api();
        if (api == null || receipt.model().indexOf('/') < 1) {
            return false;
        }
        if (refused) {
            List<Candidate> forbidden = offers.forbidden(receipt);
            forbidden.forEach(each -> decided.add(decided(receipt, each, api, offers)));
            return forbidden.size() == Offers.contractRefusals(receipt);
        }
        Candidate then = offers.then(receipt);
        if (then != null) {
            decided.add(decided(receipt, then, api, offers));
        }
        return then != null;
    }

    private static Decided decided(
            Receipt receipt, Candidate candidate, ApiKind api, Offers offers) {
        Instant at = receipt.startedAt();
        return new Decided(
                receipt.orderId(),
                candidate.supplier(),
                new Carriage(
                        receipt.model(),
                        Offers.vendor(receipt.model()),
                        api,
                        candidate.channel(),
                        candidate.firstParty(),
                        offers.territory(receipt.tenant()),
                        at,
                        at),
                receipt.cost());
    }
}
