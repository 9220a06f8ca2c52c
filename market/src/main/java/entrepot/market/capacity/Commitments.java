package entrepot.market.capacity;

import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.catalog.Buyer;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Standing;
import entrepot.market.statements.BurnDown;
import entrepot.market.statements.Statements;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the parties that our tenants are have promised to spend, by contract, and how far they are.
 * Forecasts are made now and then; orders read the last ones.
 */
public final class Commitments implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Commitments.class);

    /** How many are forecast; the rest, by name, never rank. */
    private static final int COMMITMENTS_MAX = 1_000;

    /** How far a chain of commitments that add to one another is followed. */
    private static final int CHAIN_MAX = 100;

    private final Statements statements;
    private final Supplier<Catalogue> catalogue;
    private final Supplier<ContractBook> contracts;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** By party. */
    private volatile Map<String, List<Plan>> plans = Map.of();

    /**
     * @param catalogue says which tenants are which parties
     */
    public Commitments(
            Statements statements,
            Supplier<Catalogue> catalogue,
            Supplier<ContractBook> contracts,
            InstantSource clock) {
        this.statements = statements;
        this.catalogue = catalogue;
        this.contracts = contracts;
        this.clock = clock;
    }

    /**
     * A commitment and how far it is spent.
     *
     * @param channels on which spending counts
     */
    public record Plan(Clause.Commitment clause, Set<String> channels, BurnDown burnDown) {

        public Plan {
            channels = Set.copyOf(channels);
        }

        /** Whether less will be spent than was promised, when it goes on as so far. */
        public boolean isAtRisk() {
            Money missing = burnDown.shortfall();
            return clause.shortfall() != Clause.Shortfall.FORGIVEN
                    && missing != null
                    && missing.amount().signum() > 0;
        }

        boolean counts(String channel, String model, ApiKind api) {
            var scope = clause.heading().scope();
            return channels.contains(channel)
                    && scope.coversModel(model)
                    && (scope.apis().isEmpty() || scope.apis().contains(api));
        }

        /** How far it is, in words. */
        public String words() {
            Money missing = burnDown.shortfall();
            Money amount = burnDown.terms().amount();
            return "%s of %s are expected to be missing on %s"
                    .formatted(
                            missing == null ? "it is not known how much" : missing,
                            amount,
                            burnDown.terms().to().toString().substring(0, 10));
        }
    }

    /** What a tenant's party has committed to, by the name of the clause. */
    public List<Plan> of(String tenant) {
        return of(catalogue.get().demands().buyer(tenant));
    }

    private List<Plan> of(Buyer buyer) {
        String party = buyer.party();
        return party == null ? List.of() : plans.getOrDefault(party, List.of());
    }

    /** The first that is behind plan and that a call would burn down; null when none is. */
    @Nullable Plan atRisk(@Nullable String party, String channel, String model, ApiKind api) {
        if (party == null) {
            return null;
        }
        for (Plan plan : plans.getOrDefault(party, List.of())) {
            if (plan.isAtRisk() && plan.counts(channel, model, api)) {
                return plan;
            }
        }
        return null;
    }

    boolean isEmpty() {
        return plans.isEmpty();
    }

    /** Forecasts anew. */
    public void refresh() {
        ContractBook book = contracts.get();
        Instant now = clock.instant();
        Map<String, List<String>> tenants = tenantsByParty();
        var made = new HashMap<String, List<Plan>>();
        int count = 0;
        List<Clause.Commitment> inForce =
                tenants.isEmpty() ? List.of() : book.commitments(AsOf.now(now));
        for (Clause.Commitment clause : inForce) {
            List<String> debtors = tenants.get(clause.debtor());
            CommitmentTerms terms = debtors == null ? null : terms(book, clause);
            if (debtors != null && terms != null && count < COMMITMENTS_MAX) {
                count++;
                made.computeIfAbsent(clause.debtor(), _ -> new ArrayList<>())
                        .add(
                                new Plan(
                                        clause,
                                        channels(book, clause),
                                        statements.burnDown(debtors, terms, now)));
            }
        }
        plans = Map.copyOf(made);
    }

    private Map<String, List<String>> tenantsByParty() {
        var tenants = new TreeMap<String, List<String>>();
        catalogue
                .get()
                .demands()
                .buyers()
                .forEach((tenant, buyer) -> {
                    if (buyer.party() != null) {
                        tenants.computeIfAbsent(buyer.party(), _ -> new ArrayList<>()).add(tenant);
                    }
                });
        return tenants;
    }

    private static Set<String> channels(ContractBook book, Clause.Commitment clause) {
        return clause.channels().isEmpty() ? book.channelsOf(clause.creditor()) : clause.channels();
    }

    /**
     * A clause as statements reckon with it; one that adds to others includes them.
     *
     * @return null when it has no first or no last day, or no channel that anything is bought on
     */
    static @Nullable CommitmentTerms terms(ContractBook book, Clause.Commitment clause) {
        Money amount = clause.amount();
        Instant from = clause.heading().from();
        var seen = new HashSet<String>(Set.of(clause.ref()));
        Clause base = clause.addsTo() == null ? null : book.clause(clause.addsTo());
        while (base instanceof Clause.Commitment under
                && seen.add(under.ref())
                && seen.size() < CHAIN_MAX
                && under.amount().currency().equals(amount.currency())) {
            amount = amount.plus(under.amount());
            from = under.heading().from().isBefore(from) ? under.heading().from() : from;
            base = under.addsTo() == null ? null : book.clause(under.addsTo());
        }
        Instant to = Standing.end(clause);
        Set<String> channels = channels(book, clause);
        if (from.equals(Instant.MIN)
                || to.equals(Instant.MAX)
                || !from.isBefore(to)
                || channels.isEmpty()
                || amount.amount().signum() <= 0) {
            return null;
        }
        var told = clause.heading().scope();
        return new CommitmentTerms(
                clause.heading().id(),
                clause.heading().contract(),
                clause.creditor(),
                clause.heading().says(),
                amount,
                from,
                to,
                Scope.of(told.models(), told.apis(), channels),
                clause.shortfall() == Clause.Shortfall.OWED);
    }

    /** Forecasts now and then until closed. A database out of reach is told of, once. */
    public Commitments refreshEvery(Duration period) {
        Thread.ofVirtual()
                .name("commitments-refresh")
                .start(() -> {
                    boolean failing = false;
                    try {
                        do {
                            failing = tried(failing);
                        } while (!closed.await(period.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return this;
    }

    private boolean tried(boolean failing) {
        try {
            refresh();
            return false;
        } catch (RuntimeException e) {
            if (!failing) {
                log.warn("commitments are as they were forecast before: {}", e.getMessage());
            }
            return true;
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
