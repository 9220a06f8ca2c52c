package entrepot.market.settlement;

import entrepot.market.Money;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Party;
import entrepot.market.contracts.Scope.Distribution;
import entrepot.market.contracts.Standing;
import entrepot.market.contracts.TrancheStatus;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Terms;
import entrepot.market.statements.terms.Tranche;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Reads the terms of statements out of contracts, seen from one of their parties. What cannot be
 * reckoned is left out, and a note says why.
 */
final class TermsOfContracts {

    private final ContractBook book;
    private final @Nullable String party;
    private final Instant at;
    private final Instant known;
    private final List<String> notes = new ArrayList<>();
    private final Map<String, Party> parties = new TreeMap<>();

    /**
     * @param party whose statements these are; null when nobody said
     * @param at what begins later is left out
     * @param known what was learned later does not count
     */
    TermsOfContracts(ContractBook book, @Nullable String party, Instant at, Instant known) {
        this.book = book;
        this.party = party;
        this.at = at;
        this.known = known;
        book.contracts().forEach(contract -> parties.putAll(contract.parties()));
    }

    Terms terms() {
        if (party != null && !parties.isEmpty() && !parties.containsKey(party)) {
            notes.add(
                    "the contracts know no party '%s'; they know %s"
                            .formatted(party, String.join(", ", parties.keySet())));
        }
        return new Terms(commitments(), shares(), tranches(), notes);
    }

    /** Those that have begun and are known; one that has ended still has a last statement. */
    private <T extends Clause> List<T> begun(Class<T> kind) {
        return book.clauses().values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(clause -> !clause.heading().from().isAfter(at))
                .filter(clause -> !clause.heading().learned().isAfter(known))
                .toList();
    }

    private boolean isOurs(Clause clause, String debtor, String creditor, String owed) {
        if (party == null) {
            notes.add(
                    "%s is left out: say who we are with 'party: %s' in the catalogue"
                            .formatted(clause.ref(), debtor));
        } else if (creditor.equals(party)) {
            notes.add(
                    "%s is left out: %s by %s is not in this ledger"
                            .formatted(clause.ref(), owed, debtor));
        }
        return debtor.equals(party);
    }

    // Commitments

    private List<CommitmentTerms> commitments() {
        List<Clause.Commitment> standing =
                begun(Clause.Commitment.class).stream()
                        .filter(each -> !isReplaced(each))
                        .filter(each ->
                                isOurs(each, each.debtor(), each.creditor(), "what is spent"))
                        .toList();
        var byBase = new TreeMap<String, List<Clause.Commitment>>();
        for (Clause.Commitment each : standing) {
            byBase.computeIfAbsent(base(each, standing), ref -> new ArrayList<>()).add(each);
        }
        var terms = new ArrayList<CommitmentTerms>();
        byBase.forEach((ref, parts) -> {
            CommitmentTerms each = commitment(ref, parts);
            if (each != null) {
                terms.add(each);
            }
        });
        return terms;
    }

    private boolean isReplaced(Clause clause) {
        Instant end = book.end(clause, known);
        return !at.isBefore(end) && end.isBefore(clause.heading().to());
    }

    /** What is on top of another counts as one with it, or the same cost would count twice. */
    private String base(Clause.Commitment clause, List<Clause.Commitment> standing) {
        String ref = clause.ref();
        String on = clause.addsTo();
        for (int steps = 0; on != null && steps <= standing.size(); steps++) {
            String next = on;
            Clause.Commitment below =
                    standing.stream()
                            .filter(each -> each.ref().equals(next))
                            .filter(each ->
                                    each.amount().currency().equals(clause.amount().currency()))
                            .findFirst()
                            .orElse(null);
            if (below == null) {
                break;
            }
            ref = below.ref();
            on = below.addsTo();
        }
        return ref;
    }

    private @Nullable CommitmentTerms commitment(String ref, List<Clause.Commitment> parts) {
        var channels = new TreeSet<String>();
        var says = new ArrayList<String>();
        Money amount = Money.zero(parts.getFirst().amount().currency());
        Instant from = Instant.MAX;
        Instant to = Instant.MIN;
        boolean owed = true;
        for (Clause.Commitment each : parts) {
            amount = amount.plus(each.amount());
            Instant begin = each.heading().from();
            Instant end = Standing.end(each);
            from = begin.isBefore(from) ? begin : from;
            boolean told = !end.equals(Instant.MAX) || parts.size() == 1;
            to = told && end.isAfter(to) ? end : to;
            owed &= each.shortfall() == Clause.Shortfall.OWED;
            channels.addAll(
                    each.channels().isEmpty() ? book.channelsOf(each.creditor()) : each.channels());
            says.add(each.heading().says());
        }
        to = to.equals(Instant.MIN) ? Instant.MAX : to;
        Clause.Commitment first = parts.getFirst();
        if (channels.isEmpty()) {
            notes.add(
                    "%s is left out: %s sells on no channel, so that no cost counts towards it"
                            .formatted(ref, first.creditor()));
            return null;
        }
        noteOpenEnds(ref, from, to);
        return new CommitmentTerms(
                parts.stream().map(Clause::ref).collect(Collectors.joining(" + ")),
                first.heading().contract(),
                name(first.creditor()),
                String.join("; ", says),
                amount,
                from,
                to,
                counted(first, channels),
                owed);
    }

    private void noteOpenEnds(String ref, Instant from, Instant to) {
        if (to.equals(Instant.MAX)) {
            notes.add(ref + " states no end: there is no forecast of it");
        } else if (from.equals(Instant.MIN)) {
            notes.add(
                    ref
                            + " does not state since when it runs: its average, and so the"
                            + " straight line, cannot be told");
        }
    }

    /** Which usage a clause counts; what sums cannot tell is noted. */
    private Scope counted(Clause clause, Set<String> channels) {
        var scope = clause.heading().scope();
        if (!scope.territories().isEmpty()) {
            notes.add(
                    "%s is for %s alone; sums do not tell territories, so that all counts"
                            .formatted(clause.ref(), String.join(", ", scope.territories())));
        }
        if (scope.distribution() != Distribution.ANY) {
            notes.add(
                    "%s is for %s sales alone; sums do not tell who sold, so that all counts"
                            .formatted(
                                    clause.ref(),
                                    scope.distribution() == Distribution.FIRST_PARTY
                                            ? "first-party"
                                            : "third-party"));
        }
        return Scope.of(scope.models(), scope.apis(), channels);
    }

    // Shares

    private List<ShareTerms> shares() {
        var terms = new ArrayList<ShareTerms>();
        for (Clause.RevenueShare share : begun(Clause.RevenueShare.class)) {
            if (isOurs(share, share.payer(), share.payee(), "what is earned")) {
                ShareTerms each = share(share);
                if (each != null) {
                    terms.add(each);
                }
            }
        }
        return terms;
    }

    private @Nullable ShareTerms share(Clause.RevenueShare share) {
        String ref = share.ref();
        if (share.percent() == null) {
            notes.add(ref + " is left out: its percentage is not public");
            return null;
        }
        ShareTerms.Measure base = measure(share.base());
        if (base == null) {
            notes.add(
                    "%s is left out: its base is '%s'; the ledger knows revenue and cost"
                            .formatted(ref, share.base()));
            return null;
        }
        Instant from = share.heading().from();
        Instant until = until(share);
        if (!from.isBefore(until)) {
            return null;
        }
        Money cap = share.cap();
        if (share.capped() && cap == null) {
            notes.add(ref + " has a cap whose amount is not public: what stands here ignores it");
        }
        String currency = currency(share);
        return new ShareTerms(
                ref,
                name(share.payee()),
                share.percent(),
                base,
                counted(share, Set.of()),
                currency,
                from,
                until,
                cap,
                Money.zero(currency));
    }

    private static ShareTerms.@Nullable Measure measure(String base) {
        if (base.equals(Settlement.REVENUE)) {
            return ShareTerms.Measure.CHARGE;
        }
        return base.equals("cost") ? ShareTerms.Measure.COST : null;
    }

    /** Its end, its successor's beginning, or the beginning of a waiver of all of it. */
    private Instant until(Clause.RevenueShare share) {
        Instant until = book.end(share, known);
        for (Clause.Waiver waiver : book.waivers(share)) {
            Instant from = waiver.heading().from();
            boolean whole = waiver.heading().scope().equals(entrepot.market.contracts.Scope.ALL);
            if (waiver.heading().learned().isAfter(known) || !from.isBefore(until)) {
                continue;
            }
            if (whole && !book.end(waiver, known).isBefore(until)) {
                until = from;
            } else {
                notes.add(
                        "%s is waived in part by %s, which is not reckoned here"
                                .formatted(share.ref(), waiver.ref()));
            }
        }
        return until;
    }

    private String currency(Clause clause) {
        return book.contracts().stream()
                .filter(contract -> contract.id().equals(clause.heading().contract()))
                .map(contract -> contract.currency())
                .findFirst()
                .orElseThrow();
    }

    private String name(String id) {
        Party found = parties.get(id);
        return found == null ? id : found.name();
    }

    // Funding

    /** What has no condition lapses when it is not paid in time: then that was its condition. */
    private static String trigger(TrancheStatus status) {
        String trigger = status.tranche().trigger();
        if (trigger != null) {
            return trigger;
        }
        return status.state() == TrancheStatus.State.LAPSED ? "its payment in time" : "";
    }

    private List<Tranche> tranches() {
        var tranches = new ArrayList<Tranche>();
        for (TrancheStatus status : book.funding(new AsOf(at, known))) {
            Clause.Funding funding = status.clause();
            if (party != null
                    && !funding.investor().equals(party)
                    && !funding.investee().equals(party)) {
                continue;
            }
            Clause.Tranche tranche = status.tranche();
            tranches.add(
                    new Tranche(
                            funding.ref() + "/" + tranche.id(),
                            name(funding.investor()),
                            tranche.amount(),
                            trigger(status),
                            null,
                            null,
                            tranche.lapses(),
                            status.paid() == null ? null : status.paid().at()));
        }
        return tranches;
    }
}
