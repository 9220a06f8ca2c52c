package entrepot.market.capacity;

import entrepot.market.capacity.Pool.Terms;
import entrepot.market.capacity.Pool.Way;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.Reservation;
import entrepot.market.catalog.Reservation.Spill;
import entrepot.market.catalog.Supplier;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All reservations of one catalogue and one contract book. Contracts reserve for the party that
 * they name, at every supplier on their channel (and in their region); the catalogue reserves for
 * all tenants.
 */
final class Reserves {

    private final Catalogue catalogue;
    private final ContractBook book;
    private final Map<String, Bound> bySource = new LinkedHashMap<>();
    private final Map<Way, List<Bound>> byWay = new HashMap<>();

    /** A pool and the clause that it stands in; null when that is the catalogue. */
    record Bound(Pool pool, Clause.@Nullable ReservedCapacity clause) {}

    private Reserves(Catalogue catalogue, ContractBook book) {
        this.catalogue = catalogue;
        this.book = book;
    }

    /**
     * @param before the snapshot before, whose measures move on; null at the start
     */
    static Reserves of(Catalogue catalogue, ContractBook book, @Nullable Reserves before) {
        var made = new Reserves(catalogue, book);
        for (Supplier supplier : catalogue.suppliers().values()) {
            if (supplier instanceof Supplier.Remote remote) {
                List<Reservation> reserved = remote.options().reserved();
                for (int i = 0; i < reserved.size(); i++) {
                    made.add(
                            new Terms(
                                    "suppliers.%s.reserved[%d]".formatted(remote.id(), i),
                                    Set.of(remote.id()),
                                    reserved.get(i),
                                    null,
                                    remote.options().spill(),
                                    List.of()),
                            null,
                            before);
                }
            }
        }
        for (Clause clause : book.clauses().values()) {
            if (clause instanceof Clause.ReservedCapacity reserved) {
                made.add(reserved, before);
            }
        }
        made.lay();
        return made;
    }

    boolean isOf(Catalogue other, ContractBook otherBook) {
        return book == otherBook && catalogue.equals(other);
    }

    boolean isEmpty() {
        return bySource.isEmpty();
    }

    private void add(Clause.ReservedCapacity clause, @Nullable Reserves before) {
        Long each = clause.unitTokensPerMinute();
        var suppliers = new TreeSet<String>();
        var spills = new TreeSet<Spill>();
        for (Supplier supplier : catalogue.suppliers().values()) {
            boolean there =
                    supplier.channel().name().equals(clause.channel())
                            && (clause.region() == null
                                    || clause.region().equals(supplier.channel().region()));
            if (there && supplier instanceof Supplier.Remote remote) {
                suppliers.add(supplier.id());
                spills.add(remote.options().spill());
            }
        }
        if (each == null || suppliers.isEmpty() || clause.quantity().signum() <= 0) {
            return; // what nobody can measure, or use here, ranks nothing
        }
        add(
                new Terms(
                        clause.ref(),
                        suppliers,
                        new Reservation(
                                clause.heading().scope().models(),
                                clause.quantity(),
                                clause.unit(),
                                each,
                                null,
                                BigDecimal.ONE,
                                BigDecimal.ONE),
                        clause.holder(),
                        spills.first(),
                        clause.spill()),
                clause,
                before);
    }

    private void add(
            Terms terms, Clause.@Nullable ReservedCapacity clause, @Nullable Reserves before) {
        Bound known = before == null ? null : before.bySource.get(terms.source());
        var pool = new Pool(terms, known == null ? null : known.pool());
        bySource.put(terms.source(), new Bound(pool, clause));
    }

    private void lay() {
        for (Bound bound : bySource.values()) {
            Terms terms = bound.pool().terms();
            for (Model model : catalogue.models().values()) {
                if (!terms.units().covers(model.id())) {
                    continue;
                }
                for (Model.Offer offer : model.offers()) {
                    if (terms.suppliers().contains(offer.supplier())) {
                        List<Bound> there =
                                byWay.computeIfAbsent(
                                        new Way(offer.supplier(), model.id()),
                                        _ -> new ArrayList<>(1));
                        if (!there.contains(bound)) {
                            there.add(bound);
                        }
                    }
                }
            }
        }
    }

    /**
     * The reservation that a party may use for a model at a supplier: the catalogue's before those
     * of contracts, these by their names.
     */
    @Nullable Pool find(Way way, @Nullable String party, AsOf asOf) {
        for (Bound bound : byWay.getOrDefault(way, List.of())) {
            if (isFor(bound, party) && isInForce(bound, asOf)) {
                return bound.pool();
            }
        }
        return null;
    }

    /** All that a party may see. */
    List<Pool> all(@Nullable String party, AsOf asOf) {
        return bySource.values().stream()
                .filter(bound -> isFor(bound, party) && isInForce(bound, asOf))
                .map(Bound::pool)
                .toList();
    }

    private static boolean isFor(Bound bound, @Nullable String party) {
        String whose = bound.pool().terms().party();
        return whose == null || whose.equals(party);
    }

    private boolean isInForce(Bound bound, AsOf asOf) {
        return bound.clause() == null || book.isInForce(bound.clause(), asOf);
    }
}
