package entrepot.market.contracts.reading;

import entrepot.market.contracts.Clause;
import entrepot.market.contracts.Contract;
import entrepot.market.contracts.Heading;
import entrepot.market.contracts.Wording;
import entrepot.market.yaml.Spelling;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** Clauses that would quietly do nothing, or of which chance would choose one. */
final class ScopeChecks {

    /** Shorter names lie too near to one another to guess. */
    private static final int VENDOR_LETTERS_MIN = 4;

    private final Map<String, Clause> clauses;
    private final BiConsumer<Clause, String> complain;
    private final Set<String> vendors = new TreeSet<>();

    /**
     * @param complain takes a clause and what is wrong with it
     */
    ScopeChecks(
            Collection<Contract> contracts,
            Map<String, Clause> clauses,
            BiConsumer<Clause, String> complain) {
        this.clauses = clauses;
        this.complain = complain;
        for (Contract contract : contracts) {
            contract.parties().values().stream()
                    .map(party -> party.vendor())
                    .filter(vendor -> vendor != null)
                    .forEach(vendors::add);
        }
    }

    void check() {
        List<Clause> all = List.copyOf(clauses.values());
        all.forEach(this::vendors);
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                prices(all.get(i), all.get(j));
                amendedTwice(all.get(i), all.get(j));
                amendedTwice(all.get(j), all.get(i));
            }
        }
    }

    /** Models of a vendor who is nobody's, but is called nearly like one who is a party. */
    private void vendors(Clause clause) {
        for (String model : clause.heading().scope().models()) {
            String vendor = model.substring(0, model.indexOf('/'));
            if (vendor.length() >= VENDOR_LETTERS_MIN && !vendors.contains(vendor)) {
                Spelling.nearest(vendor, vendors)
                        .filter(near -> near.length() >= VENDOR_LETTERS_MIN)
                        .ifPresent(near ->
                                complain.accept(
                                        clause,
                                        "no party is the vendor of '"
                                                + model
                                                + "'; did you mean '"
                                                + near
                                                + "'? If not, add a party with vendor: "
                                                + vendor));
            }
        }
    }

    /** Of two price books that begin together neither is the newer one. */
    private void prices(Clause one, Clause other) {
        if (one instanceof Clause.PriceBook first
                && other instanceof Clause.PriceBook second
                && first.channel().equals(second.channel())
                && one.heading().from().equals(other.heading().from())
                && Set.copyOf(one.heading().parties()).equals(Set.copyOf(other.heading().parties()))
                && one.heading().scope().meets(other.heading().scope())) {
            complain.accept(
                    other,
                    "gives prices of %s for what %s prices from the same time on: let one begin"
                                    .formatted(first.channel(), Checks.named(one))
                            + " later, or narrow its scope");
        }
    }

    /** A late amendment of a clause that an earlier one had ended by then amends nothing. */
    private void amendedTwice(Clause early, Clause late) {
        Heading first = early.heading();
        Heading second = late.heading();
        if (!first.from().isBefore(second.from())
                || first.learned().isAfter(second.learned())
                || second.supersedes().contains(early.ref())
                || !first.scope().meets(second.scope())) {
            return;
        }
        for (String old : second.supersedes()) {
            if (first.supersedes().contains(old)) {
                complain.accept(
                        late,
                        "supersedes "
                                + old
                                + ", which "
                                + Checks.named(early)
                                + " has superseded already from "
                                + Wording.time(first.from())
                                + " on: supersede that one");
            }
        }
    }
}
