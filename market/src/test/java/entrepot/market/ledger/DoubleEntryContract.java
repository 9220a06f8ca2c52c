package entrepot.market.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.books.Account;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.books.Kind;
import entrepot.market.ledger.books.Posting;
import entrepot.market.ledger.books.ShareRule;
import entrepot.market.ledger.rollups.Balance;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.Sums;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.store.Database;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What double entry, charges, re-rating and the kept sums promise, on whatever engine. */
abstract class DoubleEntryContract {

    private static final String TENANT = RandomReceipts.TENANT;
    private static final Instant FROM = RandomReceipts.FROM;
    private static final Instant TO = FROM.plus(Duration.ofDays(365));
    private static final Books BOOKS =
            new Books(
                    List.of(
                            new ChargeRule("blue-off", TENANT, "blue", "acme/*", dec("-12.5")),
                            new ChargeRule("all-up", null, null, null, dec("7.25"))),
                    List.of(
                            ShareRule.between("share-1", "Partner", "acme/*", dec("20"), FROM, TO),
                            ShareRule.between(
                                    "ended", "Other", null, dec("5"), Instant.EPOCH, FROM)));

    private Database database;
    private DatabaseLedger ledger;
    private LedgerReader reader;
    private Rollups rollups;

    abstract Database open();

    @BeforeEach
    void openLedger() {
        database = open();
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        ledger = DatabaseLedger.open(database, "node-1", () -> BOOKS);
        reader = new LedgerReader(database);
        rollups = new Rollups(database);
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
        database.close();
    }

    @Test
    void debitsEqualCreditsToTheLastDigitRowByRowAndOverall() throws Exception {
        List<Receipt> receipts = append(new Seeds(1), 400);
        var overall = new HashMap<String, BigDecimal>();
        var parties = new HashMap<String, BigDecimal>();
        List<LedgerRow> rows = reader.rows(TENANT, null, 1_000);
        assertThat(rows).hasSize(receipts.size());
        for (LedgerRow row : rows) {
            var sums = new HashMap<String, BigDecimal>();
            for (Posting posting : row.postings()) {
                String currency = posting.amount().currency();
                BigDecimal amount = posting.amount().amount();
                sums.merge(currency, amount, BigDecimal::add);
                overall.merge(currency, amount, BigDecimal::add);
                parties.merge(
                        posting.account() + " " + posting.party() + " " + currency,
                        amount,
                        BigDecimal::add);
            }
            assertThat(sums.values()).as(row.toString()).allMatch(sum -> sum.signum() == 0);
        }
        assertThat(overall.keySet()).contains("USD", "EUR", "JPY");
        assertThat(overall.values()).allMatch(sum -> sum.signum() == 0);
        for (Balance balance : rollups.balances(TENANT, FROM, TO)) {
            String key =
                    balance.account() + " " + balance.party() + " " + balance.amount().currency();
            assertThat(balance.amount().amount()).as(key).isEqualByComparingTo(parties.remove(key));
        }
        assertThat(parties).isEmpty();
        assertThat(reader.verify(Progress.NONE).flaw()).isNull();
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
    }

    @Test
    void aReceiptIsChargedByTheFirstRuleThatCoversItAndTheRowNamesIt() throws Exception {
        ledger.append(receipt("rcpt_1", "blue", "acme/one", Money.of("0.000123", "USD")));
        ledger.append(receipt("rcpt_2", "blue", "zeta/x", Money.of("0.000123", "USD")));
        ledger.append(receipt("rcpt_3", "red", "acme/one", null));
        ledger.append(
                receipt("rcpt_4", "red", "acme/one", Money.of("1", "USD"))
                        .withCharge(Money.of("3", "EUR")));
        ledger.flush();
        LedgerRow first = row("rcpt_1");
        assertThat(first.entry().receipt().charge()).isEqualTo(Money.of("0.000107625", "USD"));
        assertThat(first.entry().chargeRule()).isEqualTo("blue-off");
        assertThat(first.postings())
                .contains(
                        new Posting(
                                Account.REVENUE,
                                "blue",
                                Money.of("-0.000107625", "USD"),
                                "blue-off"),
                        new Posting(
                                Account.SHARE_PAYABLE,
                                "Partner",
                                Money.of("-0.000021525", "USD"),
                                "share-1"));
        assertThat(row("rcpt_2").entry().receipt().charge())
                .isEqualTo(Money.of("0.0001319175", "USD"));
        assertThat(row("rcpt_3").entry().receipt().charge()).isNull();
        assertThat(row("rcpt_3").postings()).isEmpty();
        assertThat(row("rcpt_4").entry().receipt().charge()).isEqualTo(Money.of("3", "EUR"));
        assertThat(row("rcpt_4").entry().chargeRule()).isNull();
    }

    @Test
    void whatWasEstimatedStandsInSuspenseUntilItIsReRated() throws Exception {
        // R53: a cancelled stream has its row, and its estimate is told apart until it is known
        Receipt estimated =
                with(
                        receipt("rcpt_1", "red", "zeta/x", Money.of("2", "USD")),
                        new Usage(Map.of(Meter.OUTPUT, 10L), true));
        ledger.append(estimated);
        ledger.flush();
        assertThat(balance(Account.SUPPLIER_ESTIMATED)).isEqualTo(Money.of("-2", "USD"));

        LedgerRow rated = rerating("2026-09-20T00:00:00Z").rerate(TENANT, "rcpt_1", price("1.5"));

        assertThat(rated.entry().kind()).isEqualTo(Kind.RERATED);
        assertThat(balance(Account.SUPPLIER_ESTIMATED)).isEqualTo(Money.zero("USD"));
        assertThat(balance(Account.SUPPLIER_PAYABLE)).isEqualTo(Money.of("-1.5", "USD"));
        assertThat(balance(Account.REVENUE)).isEqualTo(Money.of("-1.60875", "USD"));
        assertThat(row("rcpt_1").entry().receipt().cost()).isEqualTo(Money.of("2", "USD"));
    }

    @Test
    void reRatingAddsRowsAndCountsNoRequestTwice() throws Exception {
        ledger.append(receipt("rcpt_1", "red", "zeta/x", Money.of("2", "USD")));
        ledger.append(receipt("rcpt_2", "red", "zeta/x", null));
        ledger.flush();
        Rerating rerating = rerating("2026-10-20T00:00:00Z");
        rerating.rerate(TENANT, "rcpt_1", price("3"));
        rerating.rerate(TENANT, "rcpt_1", price("2.5"));
        rerating.rerate(TENANT, "rcpt_2", price("1"));
        assertThat(reader.corrections(TENANT, "rcpt_1"))
                .extracting(row -> row.entry().kind())
                .containsExactly(Kind.REVERSAL, Kind.RERATED, Kind.REVERSAL, Kind.RERATED);
        assertThat(reader.corrections(TENANT, "rcpt_2"))
                .extracting(row -> row.entry().kind())
                .containsExactly(Kind.PRICED);
        Sums all = sum(UsageQuery.all(TENANT, FROM, TO));
        assertThat(all.requests()).isEqualTo(2);
        assertThat(all.unpriced()).isZero();
        assertThat(all.cost()).isEqualByComparingTo("3.5");
        UsageQuery october =
                UsageQuery.all(TENANT, Instant.parse("2026-10-01T00:00:00Z"), TO)
                        .by(Dimension.OUTCOME);
        assertThat(rollups.usage(october))
                .singleElement()
                .satisfies(row -> assertThat(row.of(Dimension.OUTCOME)).isEqualTo("corrected"));
        assertThat(ledger.latest(TENANT, 10)).hasSize(2);
        assertThat(ledger.verify().flaw()).isNull();
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
        assertThatThrownBy(() -> rerating.rerate(TENANT, "rcpt_9", price("1")))
                .isInstanceOf(Rerating.Refused.class)
                .hasMessageContaining("rcpt_9");
    }

    @Test
    void theSumsAreWhatTheRowsAddUpToForAnyTimeAndDimension() throws Exception {
        // R79: what was used is told from sums that are kept, never from rows
        List<Receipt> receipts = append(new Seeds(2), 300);
        Seeds.each(
                30,
                seeds -> {
                    Instant from = FROM.plusSeconds(3_600L * seeds.upTo(60 * 24));
                    Instant to = from.plusSeconds(3_600L * seeds.upTo(60 * 24));
                    Dimension by = seeds.pick(List.of(Dimension.values()));
                    @Nullable Grain every =
                            seeds.oneIn(2) ? null : seeds.pick(List.of(Grain.values()));
                    var query = UsageQuery.all(TENANT, from, to).by(by);
                    query = every == null ? query : query.every(every);
                    query =
                            seeds.oneIn(2)
                                    ? query
                                    : query.where(Map.of(Dimension.TEAM, Set.of("red")));
                    assertThat(text(rollups.usage(query)))
                            .isEqualTo(text(naive(receipts, query, by)));
                });
    }

    @Test
    void aSecondWriterAndARestartAddToTheSameSums() throws Exception {
        append(new Seeds(3), 50);
        ledger.close();
        ledger = DatabaseLedger.open(database, "node-1", () -> BOOKS);
        try (var other = DatabaseLedger.open(database, "node-2", () -> BOOKS)) {
            var seeds = new Seeds(4);
            for (int i = 1_000; i < 1_100; i++) {
                (i % 2 == 0 ? ledger : other).append(RandomReceipts.next(seeds, i));
            }
            ledger.flush();
            other.flush();
        }
        assertThat(sum(UsageQuery.all(TENANT, FROM, TO)).requests()).isEqualTo(150);
        assertThat(reader.verify(Progress.NONE)).isEqualTo(new Ledger.Verification(150, null));
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
    }

    @Test
    void aSumThatDoesNotFollowFromTheRowsIsFound() throws Exception {
        append(new Seeds(5), 20);
        database.write(sql ->
                sql.update(
                        "update ledger_rollup set requests = requests + 1" + " where grain = 'm'"));
        database.write(sql ->
                sql.update(
                        "update ledger_balance set micros = micros + 1"
                                + " where account = 'REVENUE'"));
        assertThat(reader.rebuild(Progress.NONE))
                .anyMatch(found -> found.contains("grain=MONTH"))
                .anyMatch(found -> found.contains("REVENUE"))
                .noneMatch(found -> found.contains("grain=HOUR"));
    }

    @Test
    void everyMeterHasAColumn() throws Exception {
        var meters = new HashMap<Meter, Long>();
        for (Meter meter : Meter.values()) {
            meters.put(meter, 1L + meters.size());
        }
        ledger.append(with(receipt("rcpt_1", "red", "zeta/x", null), new Usage(meters, false)));
        ledger.flush();
        assertThat(sum(UsageQuery.all(TENANT, FROM, TO)).meters()).isEqualTo(meters);
    }

    private List<Receipt> append(Seeds seeds, int count) throws InterruptedException {
        var receipts = new ArrayList<Receipt>();
        for (int i = 0; i < count; i++) {
            Receipt receipt = RandomReceipts.next(seeds, i);
            receipts.add(receipt);
            ledger.append(receipt);
            if (i % 37 == 0) {
                ledger.flush();
            }
        }
        ledger.flush();
        return receipts;
    }

    private List<UsageRow> naive(List<Receipt> receipts, UsageQuery query, Dimension by) {
        var rows = new ArrayList<UsageRow>();
        for (Receipt receipt : receipts) {
            Receipt charged = BOOKS.charge(receipt, receipt.endedAt()).receipt();
            boolean red = query.where().isEmpty() || receipt.team().equals("red");
            if (receipt.endedAt().isBefore(query.from())
                    || !receipt.endedAt().isBefore(query.to())
                    || !red) {
                continue;
            }
            Grain every = query.every();
            rows.add(
                    new UsageRow(
                            every == null
                                    ? null
                                    : Instant.ofEpochMilli(
                                            every.bucket(receipt.endedAt().toEpochMilli())),
                            Map.of(by, value(charged, by)),
                            currency(charged.cost()),
                            currency(charged.charge()),
                            entrepot.market.ledger.rollups.SumsOf.receipt(charged)));
        }
        return rows;
    }

    private static String value(Receipt receipt, Dimension by) {
        String value =
                switch (by) {
                    case TEAM -> receipt.team();
                    case PROJECT -> receipt.project();
                    case MODEL -> receipt.model();
                    case SUPPLIER -> receipt.supplier();
                    case CHANNEL -> receipt.channel();
                    case REGION -> receipt.region();
                    case API -> receipt.api() == null ? "" : lower(receipt.api());
                    case OUTCOME -> lower(receipt.outcome());
                };
        return value == null ? "" : value;
    }

    private static String lower(@Nullable Enum<?> value) {
        return String.valueOf(value).toLowerCase(java.util.Locale.ROOT);
    }

    private static String currency(@Nullable Money money) {
        return money == null ? "" : money.currency();
    }

    /** Rows by key, equal keys added up, in one order. */
    private static Map<String, String> text(List<UsageRow> rows) {
        var sums = new java.util.TreeMap<String, Sums>();
        for (UsageRow row : rows) {
            String key =
                    row.bucket()
                            + " "
                            + row.values()
                            + " "
                            + row.costCurrency()
                            + " "
                            + row.chargeCurrency();
            sums.merge(key, row.sums(), Sums::add);
        }
        var told = new java.util.TreeMap<String, String>();
        sums.forEach((key, sum) -> told.put(key, sum.toString()));
        return told;
    }

    private Sums sum(UsageQuery query) {
        var sum = new Sums[] {null};
        rollups.usage(query)
                .forEach(row -> sum[0] = sum[0] == null ? row.sums() : sum[0].add(row.sums()));
        return java.util.Objects.requireNonNull(sum[0]);
    }

    private Money balance(Account account) {
        return rollups.balances(TENANT, FROM, TO).stream()
                .filter(balance -> balance.account() == account)
                .map(Balance::amount)
                .reduce(Money.zero("USD"), Money::plus);
    }

    private LedgerRow row(String id) {
        return reader.row(TENANT, id).orElseThrow();
    }

    private Rerating rerating(String at) {
        return new Rerating(ledger, InstantSource.fixed(Instant.parse(at)));
    }

    private static Rerating.Price price(String cost) {
        return new Rerating.Price(Money.of(cost, "USD"), null, "book-2", "the supplier said so");
    }

    private static Receipt receipt(String id, String team, String model, @Nullable Money cost) {
        Instant at = Instant.parse("2026-09-16T10:20:30Z");
        return Receipt.builder()
                .id(id)
                .orderId("ord_1")
                .attempt(1)
                .tenant(TENANT)
                .team(team)
                .principal("someone")
                .keyId("key_1")
                .storefront("openai.chat")
                .modelAsked("m")
                .model(model)
                .supplier("azure-1")
                .outcome(Receipt.Outcome.DELIVERED)
                .usage(new Usage(Map.of(Meter.FRESH_INPUT, 12L), false))
                .cost(cost)
                .startedAt(at)
                .endedAt(at)
                .build();
    }

    private static Receipt with(Receipt receipt, Usage usage) {
        return Receipt.builder()
                .id(receipt.id())
                .orderId(receipt.orderId())
                .attempt(receipt.attempt())
                .tenant(receipt.tenant())
                .team(receipt.team())
                .principal(receipt.principal())
                .keyId(receipt.keyId())
                .storefront(receipt.storefront())
                .modelAsked(receipt.modelAsked())
                .model(receipt.model())
                .supplier(receipt.supplier())
                .outcome(receipt.outcome())
                .usage(usage)
                .cost(receipt.cost())
                .startedAt(receipt.startedAt())
                .endedAt(receipt.endedAt())
                .build();
    }

    private static BigDecimal dec(String text) {
        return new BigDecimal(text);
    }
}
