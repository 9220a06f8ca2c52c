package entrepot.market.contracts.reading;

import entrepot.market.Money;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Wording;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.BiConsumer;

/** What must hold of clauses about money, or no statement could be made of them. */
final class MoneyChecks {

    private final Map<String, Clause> clauses;
    private final BiConsumer<Clause, String> complain;

    /**
     * @param clauses by {@code contract/clause}
     * @param complain takes a clause and what is wrong with it
     */
    MoneyChecks(Map<String, Clause> clauses, BiConsumer<Clause, String> complain) {
        this.clauses = clauses;
        this.complain = complain;
    }

    void check() {
        for (Clause clause : clauses.values()) {
            switch (clause) {
                case Clause.Commitment it -> {
                    differ(it, "debtor", it.debtor(), "creditor", it.creditor());
                    positive(it, "amount", it.amount());
                    addsUp(it);
                    endsOnce(it);
                }
                case Clause.RevenueShare it -> {
                    differ(it, "payer", it.payer(), "payee", it.payee());
                    positive(it, "cap", it.cap());
                    if (it.percent() != null && it.percent().signum() == 0) {
                        complain.accept(
                                it,
                                "percent is 0: it must be more than nothing; a share that is paid"
                                        + " no more is a waiver");
                    }
                }
                case Clause.FirstRefusal it ->
                        differ(it, "holder", it.holder(), "buyer", it.buyer());
                case Clause.Funding it -> {
                    differ(it, "investor", it.investor(), "investee", it.investee());
                    it.tranches().forEach(tranche -> tranche(it, tranche));
                }
                case Clause.Waiver it -> {
                    if (clauses.get(it.waives()) instanceof Clause.Waiver other) {
                        complain.accept(
                                it,
                                "waives "
                                        + Checks.named(other)
                                        + ", which is a waiver itself: end that one with 'to'");
                    }
                }
                default -> {}
            }
        }
    }

    private void differ(Clause clause, String one, String first, String other, String second) {
        if (first.equals(second)) {
            complain.accept(
                    clause, one + " and " + other + " are both " + first + ": nobody owes himself");
        }
    }

    /** Who gives both an end and a length must mean the same day. */
    private void endsOnce(Clause.Commitment it) {
        if (it.deadline() == null || it.term() == null || it.heading().from().equals(Instant.MIN)) {
            return;
        }
        Instant end = it.heading().after(it.heading().from(), it.term());
        if (Duration.between(end, it.deadline()).abs().compareTo(Duration.ofDays(1)) > 0) {
            complain.accept(
                    it,
                    "its term ends at "
                            + Wording.time(end)
                            + ", but its deadline is "
                            + Wording.time(it.deadline())
                            + ": drop one of the two");
        }
    }

    private void positive(Clause clause, String member, @Nullable Money money) {
        if (money != null && money.amount().signum() <= 0) {
            complain.accept(clause, member + " is " + money + ": it must be more than nothing");
        }
    }

    private void tranche(Clause.Funding funding, Clause.Tranche tranche) {
        positive(funding, "the amount of tranche " + tranche.id(), tranche.amount());
        if (tranche.lapses() != null && !funding.heading().from().isBefore(tranche.lapses())) {
            complain.accept(
                    funding, "tranche " + tranche.id() + " lapses before the funding begins");
        }
    }

    private void addsUp(Clause.Commitment clause) {
        var way = new LinkedHashSet<String>();
        Clause.@Nullable Commitment each = clause;
        while (each != null && way.add(each.ref())) {
            each =
                    each.addsTo() != null
                                    && clauses.get(each.addsTo()) instanceof Clause.Commitment below
                            ? below
                            : null;
        }
        if (each != null && each.ref().equals(clause.ref())) {
            complain.accept(
                    clause,
                    "commitments add to one another in a circle: "
                            + String.join(" → ", way)
                            + " → "
                            + clause.ref()
                            + ": drop one 'adds_to'");
        }
        if (clause.addsTo() != null
                && clauses.get(clause.addsTo()) instanceof Clause.Commitment base
                && !(base.debtor().equals(clause.debtor())
                        && base.creditor().equals(clause.creditor()))) {
            complain.accept(
                    clause,
                    "is owed by %s to %s, and adds to %s, which is owed by %s to %s"
                            .formatted(
                                    clause.debtor(),
                                    clause.creditor(),
                                    Checks.named(base),
                                    base.debtor(),
                                    base.creditor()));
        }
    }
}
