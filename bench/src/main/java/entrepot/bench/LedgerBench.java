package entrepot.bench;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.books.Kind;
import entrepot.market.ledger.rollups.Change;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.RollupWriter;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.statements.Statements;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * What the ledger adds to an order's processor time at 1,000 orders a second, against making the
 * same receipts and keeping none, in turns; and how long a burn-down takes over the sums of a year
 * with many rows. The year's sums are made by the ledger's own adding up; its rows are not stored,
 * since no statement reads them.
 */
final class LedgerBench {

    private static final int ORDERS_PER_SECOND = 1_000;
    private static final double MICROS_PER_ORDER_MAX = 40;
    private static final double BURN_DOWN_MILLIS_MAX = 200;
    private static final int DAYS = 365;
    private static final Instant YEAR = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<Verdict> VERDICTS =
            List.of(new Verdict("key", true, "known"), new Verdict("budget", true, "enough left"));

    private final Path folder;
    private final int seconds;
    private final PrintStream out;
    private final SplittableRandom random = new SplittableRandom(4711);
    private long number;

    LedgerBench(Path folder, int seconds, PrintStream out) {
        this.folder = folder;
        this.seconds = seconds;
        this.out = out;
    }

    void run(int rounds, long rows, Report report) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        orders(rounds, report);
        burnDown(rounds, rows, report);
    }

    private void orders(int rounds, Report report) throws InterruptedException {
        var up = new ChargeRule("up", null, null, null, BigDecimal.TEN);
        var books = new Books(List.of(up), List.of());
        var bare = new ArrayList<Double>();
        var kept = new ArrayList<Double>();
        try (Database database = Databases.open(DatabaseSettings.file(folder.resolve("o.db")))) {
            database.migrate(List.of(DatabaseLedger.MIGRATIONS));
            try (var ledger = DatabaseLedger.open(database, "bench", () -> books)) {
                // What runs for days has been compiled.
                for (int i = 0; i < 60_000; i++) {
                    ledger.append(receipt(YEAR.plusMillis(i)));
                }
                ledger.flush();
                for (int round = 0; round < rounds; round++) {
                    bare.add(paced(null));
                    kept.add(paced(ledger));
                    out.printf(
                            "  bare %.1f, kept %.1f µs CPU/order%n",
                            bare.getLast(), kept.getLast());
                }
            }
        }
        double ours = Report.median(kept) - Report.median(bare);
        report.add(
                new Report.Row(
                        "ledger, 1000 orders/s",
                        "µs CPU/order",
                        "what we ask for",
                        MICROS_PER_ORDER_MAX,
                        "kept less bare",
                        ours,
                        1.0,
                        true));
    }

    /** Processor time of this process per order, in microseconds. */
    private double paced(@org.jspecify.annotations.Nullable DatabaseLedger ledger)
            throws InterruptedException {
        ProcessHandle self = ProcessHandle.current();
        long cpu = ProcessTime.micros(self) - ProcessTime.compilerMicros(self);
        long begin = System.nanoTime();
        int orders = seconds * ORDERS_PER_SECOND;
        long made = 0;
        for (int i = 0; i < orders; i++) {
            Receipt receipt = receipt(YEAR.plusMillis(i));
            made += receipt.attempt();
            if (ledger != null) {
                ledger.append(receipt);
            }
            if (i % 10 == 9) {
                long until = begin + (i + 1) * (1_000_000_000L / ORDERS_PER_SECOND);
                LockSupport.parkNanos(until - System.nanoTime());
            }
        }
        if (ledger != null) {
            ledger.flush();
        }
        if (made != orders) {
            throw new IllegalStateException("made " + made + " receipts of " + orders);
        }
        long after = ProcessTime.micros(self) - ProcessTime.compilerMicros(self);
        return (double) (after - cpu) / orders;
    }

    private void burnDown(int rounds, long rows, Report report) {
        try (Database database = Databases.open(DatabaseSettings.file(folder.resolve("b.db")))) {
            database.migrate(List.of(DatabaseLedger.MIGRATIONS));
            fill(database, rows);
            var statements = new Statements(new Rollups(database));
            var terms =
                    new CommitmentTerms(
                            "cl",
                            "ct",
                            "azure",
                            "",
                            Money.of("1000000000", "USD"),
                            YEAR,
                            YEAR.plus(Duration.ofDays(DAYS)),
                            Scope.of(Dimension.MODEL, "acme/*"),
                            true);
            var millis = new ArrayList<Double>();
            for (int i = 0; i < 3 * rounds; i++) {
                Instant at = YEAR.plus(Duration.ofDays(DAYS - 3)).plus(Duration.ofHours(7 + i));
                long begin = System.nanoTime();
                var found = statements.burnDown("tn", terms, at);
                millis.add((System.nanoTime() - begin) / 1e6);
                if (found.spent().amount().signum() <= 0) {
                    throw new IllegalStateException("nothing was spent");
                }
            }
            out.printf("  burn-down: first %.0f ms, then %s%n", millis.getFirst(), millis);
            report.add(
                    new Report.Row(
                            "burn-down, " + rows + " rows",
                            "ms",
                            "what we ask for",
                            BURN_DOWN_MILLIS_MAX,
                            "slowest",
                            millis.stream().max(Double::compare).orElseThrow(),
                            1.0,
                            true));
        }
    }

    private void fill(Database database, long rows) {
        long begin = System.nanoTime();
        var writer = new RollupWriter("bench");
        for (int day = 0; day < DAYS; day++) {
            var change = new Change();
            Instant from = YEAR.plus(Duration.ofDays(day));
            long until = rows * (day + 1) / DAYS;
            for (long i = rows * day / DAYS; i < until; i++) {
                change.add(
                        receipt(from.plusSeconds(random.nextInt(86_400))),
                        Kind.ATTEMPT,
                        null,
                        List.of());
            }
            writer.remember(database.write(sql -> writer.write(sql, change)));
        }
        out.printf("  %d rows added up in %.0f s%n", rows, (System.nanoTime() - begin) / 1e9);
    }

    private Receipt receipt(Instant at) {
        int team = random.nextInt(4);
        int model = random.nextInt(4);
        String supplier = model < 2 ? "azure-1" : "bedrock-1";
        return Receipt.builder()
                .id("rcpt_%012d".formatted(number++))
                .orderId("ord_1")
                .attempt(1)
                .tenant("tn")
                .team("team-" + team)
                .principal("ada")
                .keyId("key_1")
                .storefront("openai.chat")
                .modelAsked("small")
                .model((model % 2 == 0 ? "acme/m" : "zeta/m") + model)
                .supplier(supplier)
                .outcome(random.nextInt(20) == 0 ? Outcome.CANCELLED : Outcome.DELIVERED)
                .usage(
                        new Usage(
                                Map.of(
                                        Meter.FRESH_INPUT,
                                        random.nextLong(5_000),
                                        Meter.OUTPUT,
                                        random.nextLong(2_000)),
                                false))
                .cost(new Money(BigDecimal.valueOf(1 + random.nextLong(900_000), 8), "USD"))
                .startedAt(at)
                .endedAt(at)
                .firstEventMillis(20L)
                .verdicts(VERDICTS)
                .build()
                .withTrade(model < 2 ? "azure" : "bedrock", "eu", Order.ApiKind.STATELESS)
                .withProject("project-" + team + "-" + random.nextInt(3));
    }
}
