package entrepot.market.terms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.identity.Audit;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.StoredAudit;
import entrepot.identity.Tenants;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.Model;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.reading.ContractFolder;
import entrepot.market.gates.Question;
import entrepot.market.terms.Entitlement.Holder;
import entrepot.market.terms.Entitlement.Kind;
import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Agreements and entitlements on a database that several nodes share. */
abstract class TermsContract {

    private static final String YAML =
            """
            suppliers:
              a: {kind: openai-compatible, base_url: "https://a.invalid/v1"}
            models:
              acme/one: {offers: [{supplier: a, name: one}]}
              acme/two: {offers: [{supplier: a, name: two}]}
              rival/three: {offers: [{supplier: a, name: three}]}
            aliases: {small: acme/two}
            terms:
              "acme/*": {id: acme-use, version: "VERSION", title: Acme's terms, url: "https://a.invalid"}
            """;

    private static final String CONTRACT =
            """
            contracts:
              acme:
                title: A contract
                learned: 2026-01-01
                parties:
                  v: {name: Acme, vendor: acme, channels: [acme]}
                documents:
                  d: {title: Agreement}
                clauses:
                  use: {kind: terms, says: Tenants agree to Acme's rules, source: d,
                        from: 2026-01-01, models: [acme/one], version: "7"}
                  more: {kind: terms, says: And to more of them, source: d,
                         from: 2026-04-20, models: [acme/two], version: "1"}
            """;

    private static final Caller ADA = caller("tn_a", "core", "ada");
    private static final Caller BOB = caller("tn_a", "desk", "bob");
    private static final Caller EVE = caller("tn_b", "core", "ada");

    private final SettableClock clock = SettableClock.at("2026-04-12T09:00:00Z");
    private Database database = unopened();
    private Catalogue catalogue = read("1");
    private Node here = unmade();

    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @SuppressWarnings("NullAway") // set before each test
    private static Node unmade() {
        return null;
    }

    @BeforeEach
    void openAndMigrate() {
        database = open();
        database.migrate(List.of(Tenants.MIGRATIONS, Acceptances.MIGRATIONS));
        here = new Node("a");
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** What one process holds. */
    private final class Node {
        final Audit audit = new StoredAudit(database);
        final Acceptances acceptances = new Acceptances(database, clock);
        final TermsSource source = new CatalogueTerms(() -> catalogue);
        final AgreementGate agreement = new AgreementGate(List.of(source), acceptances);
        final Agreements agreements =
                new Agreements(() -> catalogue, List.of(source), acceptances, audit, clock);
        final Entitlements entitlements;
        final EntitlementGate entitlement;

        Node(String name) {
            entitlements =
                    new Entitlements(
                            new Entitlements.Parts(
                                    database,
                                    () -> catalogue,
                                    audit,
                                    clock,
                                    new CountingIds(name)));
            entitlement = new EntitlementGate(entitlements);
        }
    }

    @Test
    void aModelIsRefusedUntilItsTermsAreAcceptedAndTheRefusalSaysHow() {
        Verdict no = here.agreement.judge(ask(ADA, "acme/one"));
        assertThat(no.passed()).isFalse();
        assertThat(no.reason())
                .isEqualTo("tenant tn_a has not accepted version 1 of 'Acme's terms'");
        assertThat(no.source()).isEqualTo("terms of acme/* in the catalogue");
        assertThat(no.remedy()).contains("entrepot terms accept acme-use --version 1");

        here.agreements.accept(ADA, "acme-use", "1");

        Verdict yes = here.agreement.judge(ask(BOB, "acme/two"));
        assertThat(yes.passed()).isTrue();
        assertThat(yes.reason()).contains("ada accepted version 1 of acme-use");
        assertThat(here.agreement.judge(ask(ADA, "acme/one"))).isSameAs(yes);
        assertThat(here.agreement.judge(ask(ADA, "rival/three")).passed()).isTrue();
    }

    @Test
    void clausesOfContractsDemandTermsBesideTheCatalogue(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("acme.yaml"), CONTRACT);
        try (ContractFolder contracts = ContractFolder.open(folder, clock)) {
            var source = new ContractTerms(contracts);
            var gate = new AgreementGate(List.of(source), here.acceptances);
            Verdict no = gate.judge(ask(ADA, "acme/one"));
            assertThat(no.passed()).isFalse();
            assertThat(no.source()).isEqualTo("acme/use");
            assertThat(no.remedy()).contains("entrepot terms accept acme/use --version 7");
            assertThat(gate.judge(ask(ADA, "rival/three")).passed()).isTrue();
            assertThat(gate.judge(ask(ADA, "acme/one", Instant.EPOCH)).passed()).isTrue();
            here.acceptances.accept(ADA, "acme/use", "7");
            assertThat(gate.judge(ask(ADA, "acme/one")).passed()).isTrue();
            assertThat(gate.judge(ask(EVE, "acme/one")).passed()).isFalse();
            assertThat(source.ofModel("acme/one", clock.instant())).hasSize(1);

            var both = new AgreementGate(List.of(here.source, source), here.acceptances);
            assertThat(both.judge(ask(ADA, "acme/one")).source())
                    .isEqualTo("terms of acme/* in the catalogue");
            here.agreements.accept(ADA, "acme-use", "1");
            assertThat(both.judge(ask(ADA, "acme/one")).passed()).isTrue();
            var agreements =
                    new Agreements(
                            () -> catalogue,
                            List.of(here.source, source),
                            here.acceptances,
                            here.audit,
                            clock);
            assertThat(agreements.of("tn_a"))
                    .extracting(standing -> standing.terms().id(), Agreements.Standing::models)
                    .containsExactly(
                            tuple("acme-use", List.of("acme/one", "acme/two")),
                            tuple("acme/use", List.of("acme/one")));
        }
    }

    @Test
    void clausesDemandTermsFromTheirFirstInstantAndInTheVersionOfTheirDay(@TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("acme.yaml"), CONTRACT);
        here.acceptances.accept(ADA, "acme/use", "7");
        try (ContractFolder contracts = ContractFolder.open(folder, clock)) {
            var gate = new AgreementGate(List.of(new ContractTerms(contracts)), here.acceptances);
            Instant begins = Instant.parse("2026-04-20T00:00:00Z");
            assertThat(gate.judge(ask(ADA, "acme/two", begins.minusMillis(1))).passed()).isTrue();
            assertThat(gate.judge(ask(ADA, "acme/two", begins)).source()).isEqualTo("acme/more");
            assertThat(gate.judge(ask(ADA, "acme/one", begins)).passed()).isTrue();

            Files.writeString(
                    folder.resolve("acme.yaml"),
                    CONTRACT.replace("version: \"7\"", "version: \"8\""));
            assertThat(contracts.refresh()).isTrue();
            assertThat(gate.judge(ask(ADA, "acme/one")).remedy())
                    .contains("entrepot terms accept acme/use --version 8");
        }
    }

    @Test
    void anotherTenantsAcceptanceCountsForNothing() {
        here.agreements.accept(ADA, "acme-use", "1");
        assertThat(here.agreement.judge(ask(EVE, "acme/one")).passed()).isFalse();
        assertThat(here.agreements.accepted("tn_b")).isEmpty();
        assertThat(here.agreements.of("tn_b").getFirst().acceptance()).isNull();
        assertThat(here.audit.latest("tn_b", 9)).isEmpty();
    }

    @Test
    void aNewVersionMustBeAcceptedAnew() {
        here.agreements.accept(ADA, "acme-use", "1");
        catalogue = read("2");
        assertThat(here.agreement.judge(ask(ADA, "acme/one")).reason()).contains("version 2");
        assertThatThrownBy(() -> here.agreements.accept(ADA, "acme-use", "1"))
                .hasMessageContaining("version 2 is");
        here.agreements.accept(ADA, "acme-use", "2");
        assertThat(here.agreement.judge(ask(ADA, "acme/one")).passed()).isTrue();
        assertThat(here.agreements.accepted("tn_a")).hasSize(2);
    }

    @Test
    void whoAcceptedFirstStandsAndIsInTheAuditLogOnce() {
        Acceptance first = here.agreements.accept(ADA, "acme-use", "1");
        clock.advance(Duration.ofHours(1));
        assertThat(here.agreements.accept(BOB, "acme-use", "1")).isEqualTo(first);
        assertThat(here.audit.latest("tn_a", 9))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.act()).isEqualTo("terms.accept");
                    assertThat(entry.principal()).isEqualTo("ada");
                    assertThat(entry.details()).containsEntry("version", "1");
                });
    }

    @Test
    void thePastIsJudgedAsItWas() {
        Instant before = clock.instant();
        clock.advance(Duration.ofHours(1));
        here.agreements.accept(ADA, "acme-use", "1");
        here.entitlements.grant(ADA, new Holder(Kind.TEAM, "desk"), "acme/one");
        Question then = ask(ADA, "acme/one", before);
        assertThat(here.agreement.judge(then).passed()).isFalse();
        assertThat(here.entitlement.judge(then).passed()).isTrue();
        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).passed()).isFalse();
    }

    @Test
    void allNodesConverge() {
        var there = new Node("b");
        here.agreements.accept(ADA, "acme-use", "1");
        Entitlement granted = here.entitlements.grant(ADA, Holder.EVERYONE, "acme/*");
        there.acceptances.refresh();
        there.entitlements.refresh();
        assertThat(there.agreement.judge(ask(ADA, "acme/one")).passed()).isTrue();
        assertThat(there.entitlement.judge(ask(ADA, "rival/three")).passed()).isFalse();
        assertThat(there.entitlements.revoke(ADA, granted.id())).isNotNull();
        here.entitlements.refresh();
        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).passed()).isFalse();
    }

    @Test
    void withoutEntitlementsEverythingIsAllowedAndWithOneTheRestIsRefused() {
        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).passed()).isTrue();

        here.entitlements.grant(ADA, new Holder(Kind.TEAM, "core"), "acme/one");
        here.entitlements.grant(ADA, new Holder(Kind.PRINCIPAL, "bob"), "small");

        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).reason())
                .isEqualTo("acme/one is granted to team core");
        Verdict no = here.entitlement.judge(ask(ADA, "acme/two"));
        assertThat(no.passed()).isFalse();
        assertThat(no.reason())
                .isEqualTo("acme/two is granted neither to team core nor to principal ada");
        assertThat(no.remedy()).contains("entrepot entitlements grant acme/two --team core");
        assertThat(here.entitlement.judge(ask(BOB, "acme/two")).passed()).isTrue();
        assertThat(here.entitlement.judge(ask(BOB, "acme/one")).passed()).isFalse();
        assertThat(here.entitlement.lists(ADA, model("acme/one"))).isTrue();
        assertThat(here.entitlement.lists(ADA, model("acme/two"))).isFalse();
    }

    @Test
    void entitlementsOfOneTenantConcernNoOther() {
        Entitlement granted =
                here.entitlements.grant(ADA, new Holder(Kind.TEAM, "core"), "acme/one");
        assertThat(here.entitlement.judge(ask(EVE, "rival/three")).passed()).isTrue();
        assertThat(here.entitlements.of("tn_b")).isEmpty();
        assertThat(here.entitlements.revoke(EVE, granted.id())).isNull();
        here.entitlements.grant(EVE, Holder.EVERYONE, "rival/*");
        assertThat(here.entitlement.judge(ask(EVE, "acme/one")).passed()).isFalse();
        assertThat(here.entitlement.judge(ask(ADA, "rival/three")).passed()).isFalse();
    }

    @Test
    void revokingTheLastEntitlementOpensNothing() {
        Entitlement only = here.entitlements.grant(ADA, Holder.EVERYONE, "*");
        assertThat(here.entitlements.grant(BOB, Holder.EVERYONE, "*")).isEqualTo(only);
        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).passed()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(here.entitlements.revoke(BOB, only.id())).isNotNull();
        assertThat(here.entitlements.revoke(BOB, only.id())).isNull();
        assertThat(here.entitlement.judge(ask(ADA, "acme/one")).passed()).isFalse();
        assertThat(here.audit.latest("tn_a", 9))
                .extracting(Audit.Entry::act)
                .containsExactly("entitlement.revoke", "entitlement.grant");
    }

    @Test
    void whatNamesNoModelIsRefusedWithAGuess() {
        assertThatThrownBy(() -> here.entitlements.grant(ADA, Holder.EVERYONE, "acme/onne"))
                .hasMessage("no model is called 'acme/onne'; did you mean 'acme/one'?");
        assertThatThrownBy(() -> here.agreements.accept(ADA, "acme-uze", "1"))
                .hasMessageContaining("did you mean 'acme-use'?");
        assertThat(here.entitlements.of("tn_a")).isEmpty();
    }

    private Question ask(Caller caller, String model) {
        return ask(caller, model, clock.instant());
    }

    private Question ask(Caller caller, String id, Instant at) {
        Model model = model(id);
        Model.Offer offer = model.offers().getFirst();
        var supplier = catalogue.supplier(offer.supplier());
        assertThat(supplier).isNotNull();
        return new Question(
                caller,
                model,
                offer,
                supplier,
                Order.ApiKind.STATELESS,
                "openai.chat",
                Order.Purpose.NONE,
                at,
                at);
    }

    private Model model(String id) {
        return Objects.requireNonNull(catalogue.models().get(id));
    }

    private static Catalogue read(String version) {
        return new CatalogueReader(Map.of(), new SecretSources(Map.of(), Path.of(".")))
                .read("test.yaml", YAML.replace("VERSION", version));
    }

    private static Caller caller(String tenant, String team, String principal) {
        return new Caller(tenant, team, principal, "key_" + principal, Set.of(Scope.MODELS));
    }
}
