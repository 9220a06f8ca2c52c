package entrepot.app.server;

import entrepot.app.settings.Settings;
import entrepot.gateway.admin.EntitlementsApi;
import entrepot.gateway.admin.PoliciesApi;
import entrepot.gateway.admin.TermsApi;
import entrepot.gateway.door.Route;
import entrepot.identity.Audit;
import entrepot.identity.Ids;
import entrepot.market.catalog.Catalogue;
import entrepot.market.gates.OfferGate;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.policy.PolicyGate;
import entrepot.market.terms.Acceptances;
import entrepot.market.terms.AgreementGate;
import entrepot.market.terms.Agreements;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.CatalogueTerms;
import entrepot.market.terms.EntitlementGate;
import entrepot.market.terms.Entitlements;
import entrepot.market.terms.RegionGate;
import entrepot.market.terms.TermsSource;
import entrepot.store.Database;

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
    private final CatalogueResidency residency;
    private final Agreements agreements;

    MarketRules(
            Settings settings,
            Database database,
            Supplier<Catalogue> catalogue,
            Audit audit,
            InstantSource clock,
            Ids ids) {
        // First, since it is what may refuse to start.
        policies = PolicyFolder.open(settings.policies(), clock).watch(POLICIES_LOOK);
        acceptances = new Acceptances(database, clock).refreshEvery(REFRESH_MILLIS);
        entitlements =
                new Entitlements(new Entitlements.Parts(database, catalogue, audit, clock, ids))
                        .refreshEvery(REFRESH_MILLIS);
        terms = List.of(new CatalogueTerms(catalogue));
        residency = new CatalogueResidency(catalogue);
        agreements = new Agreements(catalogue, terms, acceptances, audit, clock);
    }

    /** In the order in which they are asked, the contracts' last. */
    List<OfferGate> gates(OfferGate contracts) {
        return List.of(
                new AgreementGate(terms, acceptances),
                new EntitlementGate(entitlements),
                new PolicyGate(policies),
                new RegionGate(List.of(residency)),
                contracts);
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
