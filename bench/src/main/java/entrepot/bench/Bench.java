package entrepot.bench;

import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/** {@code bench/run}: measures, prints a table of ratios and writes them as JSON. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        description = "Measures Entrepot against a peer or a floor, in turns, in one run.")
public final class Bench implements Callable<Integer> {

    private static final double SQLITE_RATIO_MIN = 0.6;
    private static final double POSTGRES_RATIO_MIN = 0.5;
    private static final int POSTGRES_THREADS = 8;

    @Option(names = "--rounds", defaultValue = "3", description = "Measured rounds.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "4", description = "Of each.")
    private int seconds;

    @Option(
            names = "--only",
            defaultValue = "all",
            description = "all, http, streams, sqlite, postgres, gates or ledger.")
    private String only = "all";

    @Option(
            names = "--json",
            defaultValue = "bench/target/results.json",
            description = "Where to write the results.")
    private Path json = Path.of("bench/target/results.json");

    @Option(
            names = "--rows",
            defaultValue = "10000000",
            description = "Rows of the ledger that the sums of --only ledger stand for.")
    private long rows;

    @Option(names = "--strict", description = "Exit with 1 when a ratio falls short.")
    private boolean strict;

    @Option(names = "--case", description = "Only HTTP cases whose name has this in it.")
    private String part = "";

    private final PrintStream out;

    private Bench(PrintStream out) {
        this.out = out;
    }

    /** Runs the benchmarks. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench(System.out)).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        var report = new Report();
        Path folder = Files.createTempDirectory("entrepot-bench");
        if (wants("http")) {
            out.println("HTTP: processor time against nginx proxy_pass and Portkey");
            report.http(http(folder), part);
        }
        if (wants("streams")) {
            out.println("Many at once: slow streams, paced streams, large bodies");
            streams(folder.resolve("streams"), report);
        }
        if (wants("gates")) {
            out.println("Gates: what judging each offer adds to an order");
            new GateBench(folder.resolve("gates"), out).run(rounds, report);
        }
        if (wants("sqlite")) {
            out.println("Steps on SQLite, synchronous=FULL");
            report.steps("SQLite", sqlite(folder), SQLITE_RATIO_MIN);
        }
        if (wants("postgres")) {
            out.println("Steps on PostgreSQL, fsync on");
            report.steps("PostgreSQL", postgres(), POSTGRES_RATIO_MIN);
        }
        if (wants("ledger")) {
            out.println("The ledger: what an order costs it, and a burn-down over its sums");
            new LedgerBench(folder.resolve("ledger"), seconds, out).run(rounds, rows, report);
        }
        report.print(out);
        Files.createDirectories(json.toAbsolutePath().getParent());
        Files.writeString(json, report.json());
        out.println("\nwritten to " + json);
        return strict && !report.held() ? 1 : 0;
    }

    private boolean wants(String part) {
        return only.equals("all") || only.equals(part);
    }

    private List<HttpBench.Measured> http(Path folder)
            throws IOException, InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (var upstream = new Upstream(vertx);
                var nginx = new Nginx(folder.resolve("nginx"), upstream.port());
                var portkey = Portkey.start(folder.resolve("portkey"), upstream.port());
                var entrepot = new EntrepotServer(folder, upstream.port())) {
            var targets = new ArrayList<>(List.of(nginx.target(), entrepot.target()));
            if (portkey == null) {
                out.println("  portkey is not installed: its rows are missing");
            } else {
                targets.add(portkey.target());
            }
            return new HttpBench(vertx, targets, seconds, out).run(rounds, part);
        } finally {
            vertx.close();
        }
    }

    private void streams(Path folder, Report report)
            throws IOException, InterruptedException, ExecutionException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        try (var upstream = new Upstream(vertx);
                var nginx = new Nginx(folder.resolve("nginx"), upstream.port());
                var entrepot = new EntrepotServer(folder, upstream.port())) {
            new StreamsBench(vertx, nginx.target(), entrepot.target(), out).run(report);
        } finally {
            vertx.close();
        }
    }

    private List<StepBench.Measured> sqlite(Path folder) throws SQLException, InterruptedException {
        try (Database database = Databases.open(DatabaseSettings.file(folder.resolve("steps.db")));
                var bare = new BareSqlite(folder.resolve("bare.db"))) {
            return new StepBench(database, bare, seconds, out).run(rounds, 1, 64);
        }
    }

    private List<StepBench.Measured> postgres() throws SQLException, InterruptedException {
        DatabaseSettings settings = TestDatabases.durablePostgresSettings();
        try (Database database = Databases.open(settings);
                var bare = new BarePostgres(settings.url(), POSTGRES_THREADS)) {
            return new StepBench(database, bare, seconds, out)
                    .run(rounds, POSTGRES_THREADS, 8 * POSTGRES_THREADS);
        }
    }
}
