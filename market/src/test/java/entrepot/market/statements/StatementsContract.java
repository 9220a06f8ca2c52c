package entrepot.market.statements;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.store.Database;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Statements of a small ledger, on whatever engine. */
abstract class StatementsContract {

    private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");

    private Database database;
    private Statements statements;

    abstract Database open();

    @BeforeEach
    void write() throws Exception {
        database = open();
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        statements = new Statements(new Rollups(database));
        var up = new ChargeRule("up", null, null, null, new BigDecimal("50"));
        try (var ledger =
                DatabaseLedger.open(database, "n", () -> new Books(List.of(up), List.of()))) {
            ledger.append(receipt("1", "2026-01-10T10:30:00Z", "acme/one", "azure-1", "10"));
            ledger.append(receipt("2", "2026-01-20T10:30:00Z", "acme/two", "aws-1", "20"));
            ledger.append(receipt("3", "2026-02-10T10:30:00Z", "acme/one", "azure-1", "40"));
            ledger.append(receipt("4", "2026-02-14T23:59:59Z", "zeta/x", "azure-1", "5"));
            ledger.flush();
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aCommitmentCountsTheEligibleCostOfItsTime() {
        var terms =
                new CommitmentTerms(
                        "cl_1",
                        "ct_1",
                        "Azure",
                        "",
                        Money.of("100", "USD"),
                        JANUARY,
                        Instant.parse("2027-01-01T00:00:00Z"),
                        new Scope(
                                Map.of(
                                        Dimension.SUPPLIER,
                                        Set.of("azure-1"),
                                        Dimension.MODEL,
                                        Set.of("acme/*"))),
                        false);
        BurnDown half = statements.burnDown("tn", terms, Instant.parse("2026-02-10T10:00:00Z"));
        assertThat(half.spent()).isEqualTo(Money.of("10", "USD"));
        BurnDown all = statements.burnDown("tn", terms, MARCH);
        assertThat(all.spent()).isEqualTo(Money.of("50", "USD"));
        assertThat(all.months()).hasSize(2);
        assertThat(statements.burnDown("other", terms, MARCH).spent()).isEqualTo(Money.zero("USD"));
    }

    @Test
    void aShareIsReckonedOnWhatWasCharged() {
        var terms =
                new ShareTerms(
                        "cl_2",
                        "Partner",
                        new BigDecimal("20"),
                        ShareTerms.Measure.CHARGE,
                        Scope.of(Dimension.MODEL, "acme/*"),
                        "USD",
                        JANUARY,
                        Instant.parse("2030-01-01T00:00:00Z"),
                        null,
                        Money.zero("USD"));
        RevenueShare share = statements.share("tn", terms, MARCH);
        assertThat(share.months().getFirst().afterCap()).isEqualTo(Money.of("9", "USD"));
        assertThat(share.owed()).isEqualTo(Money.of("21", "USD"));
    }

    @Test
    void segmentsTellCostRevenueMarginAndForecast() {
        var period = UsageQuery.all("tn", JANUARY, MARCH);
        String csv =
                statements
                        .segments(
                                period,
                                Set.of(Dimension.CHANNEL),
                                Instant.parse("2026-01-30T12:00:00Z"))
                        .csv();
        assertThat(csv)
                .contains("azure,1,0,10,USD,20.00,15,USD,30.00,5")
                .contains("aws,1,0,20,USD,40.00,30,USD,60.00,10");
    }

    @Test
    void segmentsTellWhatShareOfTheRevenueEachIsAndWillBe() {
        String csv =
                statements
                        .segments(
                                UsageQuery.all("tn", JANUARY, MARCH),
                                Set.of(Dimension.CHANNEL),
                                Instant.parse("2026-02-11T00:00:00Z"))
                        .csv();
        assertThat(csv).contains("margin,revenue_share,revenue_share_forecast");
        // azure: 75 of 105, and rising; aws: 30, on a day of which the trend is falling
        assertThat(csv).containsPattern("azure,2,.*,71\\.43,(7[2-9]|[89]\\d)\\.\\d\\d");
        assertThat(csv).containsPattern("aws,1,.*,28\\.57,([01]?\\d|2[0-7])\\.\\d\\d");
    }

    @Test
    void aPartysStatementHasItsUsageItsTotalAndItsAccounts() {
        String supplier =
                statements.party("tn", Dimension.SUPPLIER, "azure-1", JANUARY, MARCH).csv();
        assertThat(supplier)
                .contains("usage,2026-01,acme/one,1,0,0,10,USD")
                .contains("total,,,,,,55,USD")
                .contains("account,,supplier_payable,,,,-55,USD");
        String team = statements.party("tn", Dimension.TEAM, "blue", JANUARY, MARCH).csv();
        assertThat(team).contains("total,,,,,,112.5,USD").contains("receivable,,,,112.5,USD");
    }

    private static Receipt receipt(
            String id, String at, String model, String supplier, String cost) {
        Instant ended = Instant.parse(at);
        return Receipt.builder()
                .id("rcpt_" + id)
                .orderId("ord_1")
                .attempt(1)
                .tenant("tn")
                .team("blue")
                .principal("someone")
                .keyId("key_1")
                .storefront("openai.chat")
                .modelAsked("m")
                .model(model)
                .supplier(supplier)
                .outcome(Receipt.Outcome.DELIVERED)
                .usage(new Usage(Map.of(Meter.OUTPUT, 3L), false))
                .cost(Money.of(cost, "USD"))
                .startedAt(ended)
                .endedAt(ended)
                .build()
                .withTrade(supplier.replace("-1", ""), null, null);
    }
}
