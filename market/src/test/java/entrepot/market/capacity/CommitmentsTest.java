package entrepot.market.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.statements.Statements;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Commitments of contracts, forecast from what tenants of the debtor have spent. */
class CommitmentsTest {

    private static final String CONTRACT =
            """
            contracts:
              c:
                title: A contract
                currency: USD
                learned: 2026-01-01
                parties:
                  us: {name: Us}
                  m: {name: Marine, channels: [azure]}
                documents:
                  d: {title: Agreement}
                clauses:
                  spend: {kind: commitment, says: We spend a thousand, source: d, debtor: us,
                          creditor: m, amount: 1000, deadline: 2027-01-01, shortfall: owed,
                          models: [acme/*], apis: [stateless], from: 2026-01-01}
                  more: {kind: commitment, says: And as much again, source: d, debtor: us,
                         creditor: m, amount: 1000, deadline: 2028-01-01, adds_to: spend,
                         from: 2026-07-01}
                  theirs: {kind: commitment, says: They spend, source: d, debtor: m,
                           creditor: us, channels: [azure], amount: 5, term: 1y,
                           from: 2026-01-01}
                  endless: {kind: commitment, says: Some day, source: d, debtor: us,
                            creditor: m, amount: 10, from: 2026-01-01}
            """;

    @TempDir private Path folder = Path.of("");
    private final SettableClock clock = SettableClock.at("2026-07-02T00:00:00Z");
    private final ContractBook book =
            new ContractsReader().read(new TreeMap<>(Map.of("c.yaml", CONTRACT)));
    private final Catalogue catalogue =
            new CatalogueReader(Map.of(), SecretSources.pretended())
                    .read(
                            "c.yaml",
                            "tenants: {tn: {party: us}, other: {party: us}," + " z: {party: y}}");
    private Database database;
    private DatabaseLedger ledger;
    private Commitments commitments;

    @BeforeEach
    void open() {
        database = TestDatabases.sqlite(folder);
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        ledger = DatabaseLedger.open(database, "n");
        commitments =
                new Commitments(
                        new Statements(new Rollups(database)), () -> catalogue, () -> book, clock);
    }

    @AfterEach
    void close() {
        commitments.close();
        ledger.close();
        database.close();
    }

    @Test
    void whatIsBehindPlanIsAtRiskForTheCallsThatBurnItDown() throws Exception {
        spend("tn", "acme/one", "azure", "200");
        spend("other", "acme/one", "azure", "100"); // the same party
        spend("tn", "acme/one", "elsewhere", "700");
        spend("tn", "zeta/x", "azure", "700");
        commitments.refresh();

        Commitments.Plan plan = plan("c/spend");
        assertThat(plan.burnDown().spent()).isEqualTo(Money.of("300", "USD"));
        assertThat(plan.isAtRisk()).isTrue();
        assertThat(plan.words()).contains("of 1000 USD are expected to be missing on 2027-01-01");
        assertThat(commitments.atRisk("us", "azure", "acme/one", ApiKind.STATELESS))
                .isEqualTo(plan("c/more")); // the first by name
        assertThat(commitments.atRisk("us", "azure", "zeta/x", ApiKind.STATELESS))
                .isEqualTo(plan("c/more"));
        assertThat(commitments.atRisk("us", "elsewhere", "acme/one", ApiKind.STATELESS)).isNull();
        assertThat(commitments.atRisk("m", "azure", "acme/one", ApiKind.STATELESS)).isNull();
        assertThat(commitments.atRisk(null, "azure", "acme/one", ApiKind.STATELESS)).isNull();
        assertThat(commitments.of("z")).isEmpty();
        assertThat(commitments.of("tn")).isEqualTo(commitments.of("other"));
    }

    @Test
    void whatIsOnPlanIsNot() throws Exception {
        spend("tn", "acme/one", "azure", "2000");
        commitments.refresh();
        assertThat(plan("c/spend").isAtRisk()).isFalse();
        assertThat(plan("c/more").isAtRisk()).as("it comes on top").isFalse();
    }

    @Test
    void oneThatAddsToAnotherIsReckonedWithIt() {
        var more = (Clause.Commitment) Objects.requireNonNull(book.clause("c/more"));
        var terms = Objects.requireNonNull(Commitments.terms(book, more));
        assertThat(terms.amount()).isEqualTo(Money.of("2000", "USD"));
        assertThat(terms.from()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(terms.to()).isEqualTo(Instant.parse("2028-01-01T00:00:00Z"));
    }

    @Test
    void withoutAnEndNothingIsForecast() {
        commitments.refresh();
        assertThat(commitments.of("tn"))
                .extracting(plan -> plan.clause().ref())
                .containsExactly("c/more", "c/spend");
    }

    private Commitments.Plan plan(String ref) {
        return commitments.of("tn").stream()
                .filter(plan -> plan.clause().ref().equals(ref))
                .findFirst()
                .orElseThrow();
    }

    private int spent;

    private void spend(String tenant, String model, String channel, String cost)
            throws InterruptedException {
        spent++;
        Instant ended = Instant.parse("2026-03-10T10:00:00Z").plusSeconds(spent);
        ledger.append(
                Receipt.builder()
                        .id("rcpt_" + spent)
                        .orderId("ord_" + spent)
                        .attempt(1)
                        .tenant(tenant)
                        .team("blue")
                        .principal("someone")
                        .keyId("key_1")
                        .storefront("openai.chat")
                        .modelAsked("m")
                        .model(model)
                        .supplier(channel + "-1")
                        .outcome(Receipt.Outcome.DELIVERED)
                        .usage(new Usage(Map.of(Meter.OUTPUT, 3L), false))
                        .cost(Money.of(cost, "USD"))
                        .startedAt(ended)
                        .endedAt(ended)
                        .build()
                        .withTrade(channel, null, ApiKind.STATELESS));
        ledger.flush();
    }
}
