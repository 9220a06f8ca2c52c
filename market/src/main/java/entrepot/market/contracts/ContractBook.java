package entrepot.market.contracts;

import entrepot.market.Money;
import entrepot.market.contracts.CapacityAnswer.Purchase;
import entrepot.market.contracts.ResidencyAnswer.Placement;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All contracts as one immutable snapshot, and what they say. Every answer names its clause.
 *
 * <p>A call keeps the book it began with: a contract that ends while an answer streams does not
 * stop it, and is minded at the next call.
 */
public final class ContractBook {

    /** The book of those who have no contracts: nothing is forbidden. */
    public static final ContractBook EMPTY = new ContractBook("none", List.of());

    private final String version;
    private final List<Contract> contracts;
    private final Map<String, Clause> clauses = new TreeMap<>();
    private final Map<String, Set<String>> channels = new TreeMap<>();
    private final Map<String, List<Clause.Waiver>> waivers = new TreeMap<>();
    private final List<Clause.Terms> terms;
    private final List<Clause.Residency> residencies;
    private final Amendments amendments;
    private final CarriageIndex index;

    /**
     * @param version a hash of the texts it was read from
     * @param contracts in any order
     */
    public ContractBook(String version, Collection<Contract> contracts) {
        this.version = version;
        this.contracts = contracts.stream().sorted(Comparator.comparing(Contract::id)).toList();
        for (Contract contract : this.contracts) {
            contract.clauses().forEach(clause -> clauses.put(clause.ref(), clause));
            contract.parties()
                    .values()
                    .forEach(party ->
                            channels.computeIfAbsent(party.id(), id -> new TreeSet<>())
                                    .addAll(party.channels()));
        }
        for (Clause clause : clauses.values()) {
            if (clause instanceof Clause.Waiver waiver) {
                waivers.computeIfAbsent(waiver.waives(), ref -> new ArrayList<>()).add(waiver);
            }
        }
        terms = ofKind(Clause.Terms.class).toList();
        residencies = ofKind(Clause.Residency.class).toList();
        amendments = new Amendments(clauses.values());
        index = new CarriageIndex(clauses.values(), this.contracts, amendments);
    }

    public String version() {
        return version;
    }

    /** Whether there is no clause at all. */
    public boolean isEmpty() {
        return clauses.isEmpty();
    }

    /** By id. */
    public List<Contract> contracts() {
        return contracts;
    }

    /** All clauses by {@code contract/clause}, in that order. */
    public Map<String, Clause> clauses() {
        return Collections.unmodifiableMap(clauses);
    }

    public @Nullable Clause clause(String ref) {
        return clauses.get(ref);
    }

    /** Whether a clause is of a kind that {@link #judge} consults. */
    public static boolean consults(Clause clause) {
        return CarriageIndex.binds(clause);
    }

    /** Every channel that some party sells on. */
    public Set<String> channels() {
        var all = new TreeSet<String>();
        channels.values().forEach(all::addAll);
        return all;
    }

    /** The channels that a party sells on. */
    public Set<String> channelsOf(String party) {
        return channels.getOrDefault(party, Set.of());
    }

    /** Whether the contracts let this channel carry this call. */
    public Judgement judge(Carriage carriage) {
        return index.judge(carriage);
    }

    /** When a clause ends: as written, or where a successor that was known by then begins. */
    public Instant end(Clause clause, Instant known) {
        return amendments.end(clause, known);
    }

    /** Whether a clause applies; one that was waived in part still does. */
    public boolean isInForce(Clause clause, AsOf asOf) {
        return amendments.inForce(clause, asOf) && !isWaivedWhole(clause, asOf);
    }

    private boolean isWaivedWhole(Clause clause, AsOf asOf) {
        return waivers.getOrDefault(clause.ref(), List.of()).stream()
                .anyMatch(waiver ->
                        waiver.heading().scope().equals(Scope.ALL)
                                && amendments.inForce(waiver, asOf));
    }

    /** What applies, by {@code contract/clause}. */
    public List<Clause> inForce(AsOf asOf) {
        return clauses.values().stream().filter(clause -> isInForce(clause, asOf)).toList();
    }

    /** What applies of one kind, by {@code contract/clause}. */
    public <T extends Clause> List<T> inForce(Class<T> kind, AsOf asOf) {
        return ofKind(kind).filter(clause -> isInForce(clause, asOf)).toList();
    }

    private <T extends Clause> Stream<T> ofKind(Class<T> kind) {
        return clauses.values().stream().filter(kind::isInstance).map(kind::cast);
    }

    /** What had happened and was known. */
    public <T extends Occurrence> List<T> occurrences(Class<T> kind, AsOf asOf) {
        return contracts.stream()
                .flatMap(contract -> contract.occurrences().stream())
                .filter(kind::isInstance)
                .map(kind::cast)
                .filter(each -> each.isKnown(asOf) && !each.at().isAfter(asOf.at()))
                .toList();
    }

    /** Whether compute may be bought there, and who has to be asked before. */
    public CapacityAnswer firstRefusal(Purchase purchase) {
        return firstRefusal(purchase, List.of());
    }

    /**
     * The same, with offers that are on record beside those of the contracts.
     *
     * @param recorded of any clause and seller
     */
    public CapacityAnswer firstRefusal(Purchase purchase, List<Occurrence.Offered> recorded) {
        return new CapacityDesk(this, recorded).answer(purchase);
    }

    /** Whether a call may be processed there. */
    public ResidencyAnswer residency(Placement placement) {
        return ResidencyAnswer.of(placement, residencies(placement.carriage()));
    }

    /** The clauses that say where a call may be processed, and by whom; all of them hold. */
    public List<Clause.Residency> residencies(Carriage carriage) {
        return binding(residencies, Clause.Residency::channels, carriage);
    }

    /** Whether any clause, in force or not, says where calls may be processed. */
    public boolean hasResidencies() {
        return !residencies.isEmpty();
    }

    /** Whether any clause, in force or not, demands that something be accepted. */
    public boolean hasTerms() {
        return !terms.isEmpty();
    }

    /** The agreements that must have been accepted before a call, each in its version. */
    public List<Clause.Terms> terms(Carriage carriage) {
        return binding(terms, Clause.Terms::channels, carriage);
    }

    /** The agreements that some call for a model needs, whatever its channel. */
    public List<Clause.Terms> terms(String model, AsOf asOf) {
        return terms.stream()
                .filter(clause -> isInForce(clause, asOf))
                .filter(clause -> clause.heading().scope().coversModel(model))
                .toList();
    }

    /** The licences for a model, of either use. */
    public List<Clause.Licence> licences(String model, AsOf asOf) {
        return inForce(Clause.Licence.class, asOf).stream()
                .filter(clause -> clause.heading().scope().coversModel(model))
                .toList();
    }

    /**
     * How every part of every investment stands. A part that was paid stays paid, and one that
     * lapsed stays lapsed, when its clause has ended.
     */
    public List<TrancheStatus> funding(AsOf asOf) {
        var found = new ArrayList<TrancheStatus>();
        List<Occurrence.Paid> payments = occurrences(Occurrence.Paid.class, asOf);
        for (Clause clause : clauses.values()) {
            if (clause instanceof Clause.Funding funding
                    && !funding.heading().from().isAfter(asOf.at())
                    && !funding.heading().learned().isAfter(asOf.known())
                    && !isReplaced(funding, asOf)) {
                for (Clause.Tranche tranche : funding.tranches()) {
                    Occurrence.Paid paid = paid(payments, funding, tranche);
                    found.add(TrancheStatus.of(funding, tranche, paid, asOf.at()));
                }
            }
        }
        return found;
    }

    private boolean isReplaced(Clause clause, AsOf asOf) {
        return !asOf.at().isBefore(end(clause, asOf.known()))
                && end(clause, asOf.known()).isBefore(clause.heading().to());
    }

    private static Occurrence.@Nullable Paid paid(
            List<Occurrence.Paid> payments, Clause.Funding funding, Clause.Tranche tranche) {
        return payments.stream()
                .filter(paid -> paid.clause().equals(funding.ref()))
                .filter(paid -> paid.tranche().equals(tranche.id()))
                .findFirst()
                .orElse(null);
    }

    /** The shares that a party pays or is paid. */
    public List<Clause.RevenueShare> revenueShares(String party, AsOf asOf) {
        return inForce(Clause.RevenueShare.class, asOf).stream()
                .filter(share -> share.payer().equals(party) || share.payee().equals(party))
                .toList();
    }

    /**
     * What a payer owes of what a base comes to, by each clause in force.
     *
     * @param base the amount the share is taken of, earned at the time asked about
     * @param paidSoFar under the clause, which a cap counts
     */
    public List<ShareOwed> revenueShare(String payer, Money base, AsOf asOf, Money paidSoFar) {
        return inForce(Clause.RevenueShare.class, asOf).stream()
                .filter(share -> share.payer().equals(payer))
                .map(share -> ShareOwed.of(share, base, paidSoFar))
                .toList();
    }

    public List<Clause.Commitment> commitments(AsOf asOf) {
        return inForce(Clause.Commitment.class, asOf);
    }

    /** What a debtor has promised a creditor to spend, in all; null when nothing. */
    public @Nullable Money committed(String debtor, String creditor, AsOf asOf) {
        return commitments(asOf).stream()
                .filter(clause -> clause.debtor().equals(debtor))
                .filter(clause -> clause.creditor().equals(creditor))
                .map(Clause.Commitment::amount)
                .reduce(Money::plus)
                .orElse(null);
    }

    public List<Clause.ReservedCapacity> reservedCapacities(AsOf asOf) {
        return inForce(Clause.ReservedCapacity.class, asOf);
    }

    /** Whether a clause is in force for a carriage, and not waived for it. */
    public boolean applies(Clause clause, Carriage carriage) {
        return clause.heading().scope().covers(carriage)
                && amendments.inForce(clause, carriage.asOf())
                && !isWaived(clause, carriage);
    }

    /** Those that lift a clause, whatever their scope and time. */
    public List<Clause.Waiver> waivers(Clause clause) {
        return List.copyOf(waivers.getOrDefault(clause.ref(), List.of()));
    }

    /** The price books of a channel that speak of a model. */
    public List<Clause.PriceBook> priceBooks(String channel, String model, AsOf asOf) {
        return inForce(Clause.PriceBook.class, asOf).stream()
                .filter(book -> book.channel().equals(channel))
                .filter(book -> book.heading().scope().coversModel(model))
                .toList();
    }

    /** Those in force that speak of a carriage and were not waived for it. */
    private <T extends Clause> List<T> binding(
            List<T> kind, Function<T, Set<String>> channels, Carriage carriage) {
        if (kind.isEmpty()) {
            return List.of();
        }
        AsOf asOf = carriage.asOf();
        return kind.stream()
                .filter(clause -> clause.heading().scope().covers(carriage))
                .filter(clause -> appliesOn(channels.apply(clause), carriage.channel()))
                .filter(clause -> amendments.inForce(clause, asOf))
                .filter(clause -> !isWaived(clause, carriage))
                .toList();
    }

    private boolean isWaived(Clause clause, Carriage carriage) {
        return waivers.getOrDefault(clause.ref(), List.of()).stream()
                .anyMatch(waiver ->
                        waiver.heading().scope().lifts(carriage)
                                && amendments.inForce(waiver, carriage.asOf()));
    }

    private static boolean appliesOn(Set<String> channels, String channel) {
        return channels.isEmpty() || channels.contains(channel);
    }
}
