package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.identity.StoredAudit;
import entrepot.identity.Tenants;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Wishes;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.policy.PolicyGate;
import entrepot.market.routing.Broker;
import entrepot.market.routing.Markets;
import entrepot.market.terms.Acceptances;
import entrepot.market.terms.AgreementGate;
import entrepot.market.terms.CatalogueResidency;
import entrepot.market.terms.CatalogueTerms;
import entrepot.market.terms.Entitlement.Holder;
import entrepot.market.terms.EntitlementGate;
import entrepot.market.terms.Entitlements;
import entrepot.market.terms.RegionGate;
import entrepot.market.testing.MemoryLedger;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What terms, entitlements, policies and residency refuse, as callers of two dialects see it. */
class MarketRulesTest {

    private static final Caller ADA =
            new Caller("acme", "core-team", "ada", "key_1", Set.of(Scope.MODELS));
    private static final Caller EVE =
            new Caller("umbrella", "core-team", "ada", "key_4", Set.of(Scope.MODELS));

    private static final String YAML =
            """
            suppliers:
              eu: {kind: openai-compatible, base_url: "URL", territory: EU}
              us: {kind: openai-compatible, base_url: "URL", territory: US}
              somewhere: {kind: openai-compatible, base_url: "URL"}
            models:
              v/free: {offers: [{supplier: us, name: free, prices: free}]}
              v/bound: {offers: [{supplier: us, name: bound, prices: free}]}
              v/both:
                offers:
                  - {supplier: us, name: both, prices: free}
                  - {supplier: eu, name: both, prices: free}
              v/unclear: {offers: [{supplier: somewhere, name: u, prices: free}]}
            terms:
              v/bound: {id: bound-use, version: "3", title: Bound use, url: "https://v.invalid/3"}
            """;

    @TempDir private Path folder;

    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final Clock clock = Clock.systemUTC();
    private final MemoryLedger ledger = new MemoryLedger();
    private Parts parts = unmade();

    @SuppressWarnings("NullAway") // set before each test
    private static Parts unmade() {
        return null;
    }

    /** What a test changes while the gateway runs. */
    private static final class Parts {
        final Database database;
        final Acceptances acceptances;
        final Entitlements entitlements;
        final PolicyFolder policies;
        final Broker broker;
        final Served served;
        volatile Catalogue catalogue;

        Parts(MarketRulesTest test) {
            database = TestDatabases.sqlite(test.folder);
            database.migrate(List.of(Tenants.MIGRATIONS, Acceptances.MIGRATIONS));
            catalogue = test.read("");
            acceptances = new Acceptances(database, test.clock);
            var ids = new CountingIds("m");
            var audit = new StoredAudit(database);
            entitlements =
                    new Entitlements(
                            new Entitlements.Parts(
                                    database, () -> catalogue, audit, test.clock, ids));
            policies = PolicyFolder.open(test.folder.resolve("policies"), test.clock);
            broker =
                    Markets.open(
                            new Markets.Parts(
                                    () -> catalogue,
                                    test.ledger,
                                    test.http,
                                    List.of(),
                                    test.clock,
                                    ids),
                            new Markets.Rules(
                                    List.of(
                                            new AgreementGate(
                                                    List.of(new CatalogueTerms(() -> catalogue)),
                                                    acceptances),
                                            new EntitlementGate(entitlements),
                                            new PolicyGate(policies),
                                            new RegionGate(
                                                    List.of(
                                                            new CatalogueResidency(
                                                                    () -> catalogue)))),
                                    null));
            served = new Served(broker);
        }
    }

    @BeforeEach
    void open() {
        supplier.always(ChatScripts.answer("Good day", 3, 2));
        parts = new Parts(this);
    }

    @AfterEach
    void close() {
        parts.served.close();
        parts.database.close();
        http.close();
        supplier.close();
    }

    private Catalogue read(String more) {
        String url = supplier.baseUrl().toString();
        return new CatalogueReader(Map.of(), new SecretSources(Map.of(), Path.of(".")))
                .read("test.yaml", YAML.replace("URL", url) + more);
    }

    @Test
    void termsAreAcceptedOnceForTheTenantAndForNoOther() {
        JsonNode openAi = refused(chat("v/bound", KnownKeys.ALL));
        assertThat(openAi.at("/error/code").asString()).isEqualTo("agreement_refused");
        assertThat(openAi.at("/error/message").asString())
                .contains("tenant acme has not accepted version 3 of 'Bound use'")
                .contains("(terms of v/bound in the catalogue)")
                .contains("read https://v.invalid/3")
                .contains("entrepot terms accept bound-use --version 3");
        JsonNode anthropic = refused(messages("v/bound", KnownKeys.ALL));
        assertThat(anthropic.path("type").asString()).isEqualTo("error");
        assertThat(anthropic.at("/error/type").asString()).isEqualTo("permission_error");
        assertThat(anthropic.at("/error/message").asString())
                .contains("entrepot terms accept bound-use --version 3");
        assertThat(ledger.all())
                .extracting(Receipt::outcome)
                .containsOnly(Receipt.Outcome.REFUSED)
                .hasSize(2);

        parts.acceptances.accept(ADA, "bound-use", "3");

        assertThat(chat("v/bound", KnownKeys.ALL).statusCode()).isEqualTo(200);
        assertThat(messages("v/bound", KnownKeys.ALL).statusCode()).isEqualTo(200);
        refused(chat("v/bound", KnownKeys.OTHER_TENANT));
        assertThat(supplier.requests()).hasSize(2);
    }

    @Test
    void whatIsNotGrantedIsNeitherSoldNorListed() {
        assertThat(listed(KnownKeys.ALL)).contains("v/free", "v/both", "v/unclear");

        parts.entitlements.grant(ADA, Holder.EVERYONE, "v/free");

        assertThat(listed(KnownKeys.ALL)).containsExactly("v/free");
        assertThat(listed(KnownKeys.OTHER_TENANT)).contains("v/both");
        assertThat(chat("v/free", KnownKeys.ALL).statusCode()).isEqualTo(200);
        assertThat(refused(chat("v/both", KnownKeys.ALL)).at("/error/message").asString())
                .contains("v/both is granted neither to team core-team nor to principal ada")
                .contains("(entitlements of tenant acme)")
                .contains("entrepot entitlements grant v/both --team core-team");
        assertThat(refused(messages("v/both", KnownKeys.ALL)).at("/error/message").asString())
                .contains("entrepot entitlements grant v/both --team core-team");
        assertThat(chat("v/both", KnownKeys.OTHER_TENANT).statusCode()).isEqualTo(200);
    }

    @Test
    void policiesOfARunningGatewayAreTakenUpWhole() throws Exception {
        Path policies = Files.createDirectory(folder.resolve("policies"));
        Files.writeString(
                policies.resolve("main.cedar"),
                """
                @id("acme-calls")
                permit(principal in Entrepot::Tenant::"acme", action, resource)
                when { context.storefront == "openai.chat" || context.territory == "EU" };
                """);
        assertThat(parts.policies.refresh()).isFalse(); // territory may be missing
        assertThat(parts.policies.status().problems()).isNotEmpty();
        assertThat(chat("v/free", KnownKeys.OTHER_TENANT).statusCode()).isEqualTo(200);

        Files.writeString(
                policies.resolve("main.cedar"),
                """
                @id("acme-calls")
                permit(principal in Entrepot::Tenant::"acme", action, resource)
                when { context.storefront == "openai.chat"
                       || context has territory && context.territory == "EU" };
                """);
        assertThat(parts.policies.refresh()).isTrue();

        assertThat(chat("v/free", KnownKeys.ALL).statusCode()).isEqualTo(200);
        JsonNode anthropic = refused(messages("v/free", KnownKeys.ALL));
        assertThat(anthropic.at("/error/message").asString())
                .contains("no policy permits it")
                .contains("entrepot policies show");
        assertThat(messages("v/both", KnownKeys.ALL).statusCode()).isEqualTo(200);
        JsonNode other = refused(chat("v/free", KnownKeys.OTHER_TENANT));
        assertThat(other.at("/error/code").asString()).isEqualTo("policy_refused");
    }

    @Test
    void contentStaysWhereItMustAndAnotherOfferIsTaken() {
        parts.catalogue = read("residency: [{tenant: acme, territories: [EU]}]\n");

        assertThat(chat("v/both", KnownKeys.ALL).statusCode()).isEqualTo(200);
        assertThat(ledger.all().getLast().supplier()).isEqualTo("eu");
        assertThat(chat("v/both", KnownKeys.OTHER_TENANT).statusCode()).isEqualTo(200);
        assertThat(ledger.all().getLast().supplier()).isEqualTo("us");
        assertThat(refused(chat("v/free", KnownKeys.ALL)).at("/error/message").asString())
                .contains("its territory is US, and it must be one of EU")
                .contains("residency[0] of the catalogue");
        assertThat(refused(messages("v/unclear", KnownKeys.ALL)).at("/error/message").asString())
                .contains("the territory of somewhere is not known")
                .contains("say 'territory' of suppliers.somewhere in the catalogue");
    }

    @Test
    void theCallerSaysHowSensitiveItsContentIs() {
        parts.catalogue = read("residency: [{data_class: personal, territories: [EU]}]\n");
        String body =
                "{\"model\":\"v/both\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
        var request = parts.served.request("POST", "/v1/chat/completions", body);
        assertThat(parts.served.send(request.build()).statusCode()).isEqualTo(200);
        assertThat(ledger.all().getLast().supplier()).isEqualTo("us");
        request.header("x-entrepot-data-class", "personal");
        assertThat(parts.served.send(request.build()).statusCode()).isEqualTo(200);
        assertThat(ledger.all().getLast().supplier()).isEqualTo("eu");
    }

    @Test
    void anExplanationHearsEveryGateOfEveryWay() {
        parts.catalogue = read("residency: [{territories: [EU]}]\n");
        parts.entitlements.grant(EVE, Holder.EVERYONE, "v/free");

        Explanation ada = explain(ADA, "v/both");
        assertThat(ada.allowed()).isTrue();
        assertThat(ada.ways())
                .extracting(Explanation.Way::supplier, Explanation.Way::place)
                .containsExactly(tuple("eu", 1), tuple("us", 0));
        Explanation eve = explain(EVE, "v/both");
        assertThat(eve.allowed()).isFalse();
        assertThat(eve.ways().getFirst().verdicts())
                .extracting(Receipt.Verdict::gate)
                .containsSubsequence("agreement", "entitlement", "policy", "region");
        assertThat(ledger.all()).isEmpty();
    }

    @Test
    void aReceiptNamesOnlyGatesThatHadSomethingToJudge() {
        parts.catalogue = read("residency: [{tenant: umbrella, territories: [US]}]\n");
        parts.entitlements.grant(EVE, Holder.EVERYONE, "v/free");

        chat("v/free", KnownKeys.ALL);
        chat("v/free", KnownKeys.OTHER_TENANT);

        assertThat(ledger.all())
                .extracting(
                        receipt -> receipt.verdicts().stream().map(Receipt.Verdict::gate).toList())
                .containsExactly(
                        List.of("key", "capacity", "ledger", "route"),
                        List.of("key", "capacity", "ledger", "entitlement", "region", "route"));
        assertThat(explain(ADA, "v/free").ways().getFirst().verdicts())
                .extracting(Receipt.Verdict::gate)
                .as("an explanation hears them all")
                .containsExactly("agreement", "entitlement", "policy", "region", "route");
    }

    private Explanation explain(Caller caller, String model) {
        Instant now = clock.instant();
        return parts.broker.explain(
                new Inquiry(
                        caller,
                        model,
                        Order.ApiKind.STATELESS,
                        "openai.chat",
                        Order.Purpose.NONE,
                        Wishes.NONE,
                        now,
                        now));
    }

    private HttpResponse<String> chat(String model, String key) {
        String body =
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .formatted(model);
        return parts.served.send(
                parts.served
                        .request("POST", "/v1/chat/completions", body)
                        .setHeader("authorization", "Bearer " + key)
                        .build());
    }

    private HttpResponse<String> messages(String model, String key) {
        String body =
                ("{\"model\":\"%s\",\"max_tokens\":9,"
                                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                        .formatted(model);
        return parts.served.send(
                parts.served
                        .request("POST", "/v1/messages", body)
                        .setHeader("authorization", "Bearer " + key)
                        .header("anthropic-version", "2023-06-01")
                        .build());
    }

    private List<String> listed(String key) {
        JsonNode list =
                Served.json(
                        parts.served.send(
                                parts.served
                                        .request("GET", "/v1/models", "")
                                        .setHeader("authorization", "Bearer " + key)
                                        .build()));
        return list.path("data").valueStream().map(each -> each.path("id").asString()).toList();
    }

    private static JsonNode refused(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        return Served.json(response);
    }
}
