package entrepot.console;

import entrepot.identity.Caller;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.capacity.Report;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a tenant may use, what is paid already, and the clauses that say so. For reading. */
public final class MarketPages {

    private static final int LIMITS_MAX = 200;

    private final Sources sources;
    private final InstantSource clock;

    /**
     * Where it is known.
     *
     * @param capacity by tenant
     * @param party which party of the contracts a tenant is; gives null when nobody said
     */
    public record Sources(
            Limits limits,
            Function<String, Report> capacity,
            Supplier<ContractBook> contracts,
            Function<String, @Nullable String> party) {}

    /** A template with its parameters, all but the viewer. */
    record Shown(String template, Map<String, Object> parameters) {}

    MarketPages(Sources sources, InstantSource clock) {
        this.sources = sources;
        this.clock = clock;
    }

    /** The page at a path; null when there is none. */
    @Nullable Shown page(String path, Caller caller) {
        return switch (path) {
            case "/console/limits" -> limits(caller);
            case "/console/capacity" -> capacity(caller);
            case "/console/contracts" -> contracts(caller);
            default -> null;
        };
    }

    private Shown limits(Caller caller) {
        Page<Limit> page = sources.limits().list(caller.tenant(), null, false, LIMITS_MAX);
        var rows =
                page.map(limit -> MarketRows.LimitRow.of(limit, sources.limits().usage(limit)))
                        .data();
        return new Shown("limits", Map.of("rows", rows, "cut", page.hasMore()));
    }

    private Shown capacity(Caller caller) {
        Report report = sources.capacity().apply(caller.tenant());
        var pools =
                report.pools().stream()
                        .map(pool -> MarketRows.PoolRow.of(pool, report.at()))
                        .toList();
        var plans = report.plans().stream().map(MarketRows.PlanRow::of).toList();
        return new Shown("capacity", Map.of("pools", pools, "plans", plans));
    }

    /** The clauses that calls are judged by, and those of which the tenant's party is one. */
    private Shown contracts(Caller caller) {
        Instant now = clock.instant();
        ContractBook book = sources.contracts().get();
        String party = sources.party().apply(caller.tenant());
        List<MarketRows.ClauseRow> rows =
                book.inForce(AsOf.now(now)).stream()
                        .filter(clause -> concerns(clause, party))
                        .map(clause -> MarketRows.ClauseRow.of(book, clause, now))
                        .toList();
        var parameters = new HashMap<String, Object>();
        parameters.put("rows", rows);
        parameters.put("version", book.version());
        return new Shown("contracts", parameters);
    }

    private static boolean concerns(Clause clause, @Nullable String party) {
        return ContractBook.consults(clause)
                || clause instanceof Clause.Residency
                || clause instanceof Clause.Terms
                || clause instanceof Clause.Waiver
                || clause.heading().parties().contains(String.valueOf(party));
    }
}
