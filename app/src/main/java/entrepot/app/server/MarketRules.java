package entrepot.app.server;

import entrepot.gateway.admin.EntitlementsApi;
import entrepot.gateway.admin.PoliciesApi;
import entrepot.gateway.admin.TermsApi;
import entrepot.gateway.door.Route;
import entrepot.identity.Ids;
import entrepot.identity.StoredAudit;
import entrepot.market.budgets.Budgets;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.contracts.ContractBook;
import entrepot.market.gates.ContractGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.policy.PolicyGate;
import entrepot.market.policy.ToolGate;
import entrepot.market.routing.Markets;
import entrepot.market.terms.Acceptances;
import entrepot.market.terms.AgreementGate;
import entrepot.market.terms.Agreements;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.CatalogueTerms;
import entrepot.market.terms.ContractResidency;
import entrepot.market.terms.ContractTerms;
import entrepot.market.terms.EntitlementGate;
import entrepot.market.terms.Entitlements;
import entrepot.market.terms.RegionGate;
import entrepot.market.terms.ResidencySource;
import entrepot.market.terms.TermsSource;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.store.Database;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What each offer of an order is judged by, and how people see and change it. */
final class MarketRules implements AutoCloseable {

    private static final long REFRESH_MILLIS = 1_000;
    private static final Duration POLICIES_LOOK = Duration.ofSeconds(2);

    private final Acceptances acceptances;
    private final Entitlements entitlements;
    private final PolicyFolder policies;
    private final List<TermsSource> terms;
    private final List<ResidencySource> residency;
    private final Supplier<ContractBook> contracts;
    private final Agreements agreements;
    private final ToolPolicy tools;

    /** What the rules need of the rest. */
    record Parts(
            Path policies,
            Database database,
            Supplier<Catalogue> catalogue,
            Supplier<ContractBook> contracts,
            InstantSource clock,
            Ids ids) {}

    MarketRules(Parts parts) {
        var database = parts.database();
        var catalogue = parts.catalogue();
        var clock = parts.clock();
        contracts = parts.contracts();
        // First, since it is what may refuse to start.
        policies = PolicyFolder.open(parts.policies(), clock).watch(POLICIES_LOOK);
        tools = new ToolPolicies(new ToolGate(policies, clock));
        var audit = new StoredAudit(database);
        acceptances = new Acceptances(database, clock).refreshEvery(REFRESH_MILLIS);
        entitlements =
                new Entitlements(
                                new Entitlements.Parts(
                                        database, catalogue, audit, clock, parts.ids()))
                        .refreshEvery(REFRESH_MILLIS);
        terms = List.of(new CatalogueTerms(catalogue), new ContractTerms(contracts));
        residency = List.of(new CatalogueResidency(catalogue), new ContractResidency(contracts));
        agreements = new Agreements(catalogue, terms, acceptances, audit, clock);
    }

    /** All that decides beside the catalogue. */
    Markets.Rules with(Budgets budgets, Capacity capacity) {
        return new Markets.Rules(gates(), budgets, capacity);
    }

    /** In the order in which they are asked. */
    private List<OfferGate> gates() {
        return List.of(
                new AgreementGate(terms, acceptances),
                new EntitlementGate(entitlements),
                new PolicyGate(policies),
                new RegionGate(residency),
                new ContractGate(contracts));
    }

    /** Which tools agents may use, and which uses need approval. */
    ToolPolicy tools() {
        return tools;
    }

    List<Route> routes() {
        return Stream.of(
                        new TermsApi(agreements).routes(),
                        new EntitlementsApi(entitlements).routes(),
                        new PoliciesApi(policies).routes())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void close() {
        policies.close();
        entitlements.close();
        acceptances.close();
    }
}
