package entrepot.runtime.faults;

import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.BlockRandom;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.identity.RandomIds;
import entrepot.market.Market;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.routing.Markets;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.driver.DriverSettings;
import entrepot.runtime.schedule.ScheduleSettings;
import entrepot.runtime.turn.Limits;
import entrepot.store.Database;
import entrepot.store.DatabaseFailed;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process: a runtime, its clients, and a point at which it ends. It brings the scenario it is
 * given to its end, looks whether the laws hold, and goes on with the next, until it dies.
 *
 * <p>What it tells, a line each: {@code READY}, {@code HELD scenario writes tools}, {@code BROKEN
 * scenario why}, and the name of an end that is to come from outside.
 */
final class Worker {

    static final String READY = "READY";
    static final String HELD = "HELD";
    static final String BROKEN = "BROKEN";
    static final int LAW_BROKEN = 3;

    /** It could not start, or not look at the laws: whoever started it tries again. */
    static final int DATABASE_AWAY = 4;

    private static final ScheduleSettings SCHEDULE =
            new ScheduleSettings(64, 100, 1_000, 20, 500, 4);
    private static final DriverSettings DRIVER =
            new DriverSettings(
                    new Limits(12, 3, 60, 8, 100_000), 60_000, 60_000, 60_000, 5, 64, 60, 20, 200);
    private static final int CONNECTIONS_MAX = 6;
    private static final int WAIT_MILLIS_MAX = 5_000;
    private static final int SCENARIO_SECONDS_MAX = 120;

    private final PrintStream told;
    private final Fate fate;
    private final Path folder;
    private final String node;
    private final Database database;
    private final DatabaseLedger ledger;
    private final AgentRuntime runtime;
    private int writes;
    private int tools;

    private Worker(PrintStream told, String url, Path folder, String node) {
        this.told = told;
        this.fate = new Fate(told);
        this.folder = folder;
        this.node = node;
        var settings = new DatabaseSettings(url, CONNECTIONS_MAX, WAIT_MILLIS_MAX, 4_096);
        this.database = new MortalDatabase(Databases.open(settings), fate);
        List<Database.Migrations> migrations = new ArrayList<>(AgentRuntime.MIGRATIONS);
        migrations.add(DatabaseLedger.MIGRATIONS);
        database.migrate(migrations);
        this.ledger = DatabaseLedger.open(database, node);
        Ids ids = new RandomIds(Clock.systemUTC(), new BlockRandom(new SecureRandom()));
        this.runtime =
                AgentRuntime.of(
                        new AgentRuntime.Parts(
                                database,
                                market(ids),
                                new Driver.Tools(
                                        new Effects(this::outside, fate), ToolPolicy.ALLOW),
                                ids,
                                Clock.systemUTC(),
                                DRIVER,
                                SCHEDULE));
    }

    private Market market(Ids ids) {
        var model = new PlannedAnswers();
        Catalogue catalogue =
                new CatalogueReader(Map.of(model.model(), model.note()), SecretSources.pretended())
                        .read("none", "");
        return Markets.open(
                () -> catalogue,
                ledger,
                new NobodyOutside(),
                List.of(model),
                Clock.systemUTC(),
                ids);
    }

    /** Every model is in this process. */
    private static final class NobodyOutside implements HttpClient {
        @Override
        public Incoming send(Outgoing call) {
            throw new IllegalStateException("nobody is to be called");
        }

        @Override
        public void close() {}
    }

    private Outside outside(String tenant) {
        return new Outside(folder.resolve("outside").resolve(tenant));
    }

    /**
     * What a process is told.
     *
     * @param points a file with a {@link Point} in each line
     * @param from the scenario to begin with, and the line of its point, from 0
     * @param until the last one
     * @param left whether the first was left by a process that died: then its end is {@code after}
     * @param zombies whether processes may come back
     */
    record Orders(
            String url,
            Path folder,
            String node,
            Path points,
            int from,
            int until,
            boolean left,
            Point after,
            boolean zombies) {

        List<String> written() {
            return List.of(
                    url,
                    folder.toString(),
                    node,
                    points.toString(),
                    Integer.toString(from),
                    Integer.toString(until),
                    Boolean.toString(left),
                    after.written(),
                    Boolean.toString(zombies));
        }

        static Orders read(String[] args) {
            return new Orders(
                    args[0],
                    Path.of(args[1]),
                    args[2],
                    Path.of(args[3]),
                    Integer.parseInt(args[4]),
                    Integer.parseInt(args[5]),
                    Boolean.parseBoolean(args[6]),
                    Point.read(args[7]),
                    Boolean.parseBoolean(args[8]));
        }
    }

    public static void main(String[] args) {
        try {
            System.exit(live(Orders.read(args)) ? 0 : LAW_BROKEN);
        } catch (DatabaseFailed away) {
            Runtime.getRuntime().halt(DATABASE_AWAY);
        } catch (Exception | Error e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static boolean live(Orders orders) throws InterruptedException, IOException {
        Worker worker = new Worker(System.out, orders.url(), orders.folder(), orders.node());
        worker.told.println(READY);
        boolean held = worker.run(orders);
        worker.runtime.close();
        worker.ledger.close();
        worker.database.close();
        return held;
    }

    private boolean run(Orders orders) throws InterruptedException, IOException {
        List<String> points = Files.readAllLines(orders.points());
        for (int scenario = orders.from(); scenario <= orders.until(); scenario++) {
            Point own = Point.read(points.get(scenario));
            boolean left = orders.left() && scenario == orders.from();
            fate.meet(left ? orders.after() : own);
            if (scenario == orders.from()) {
                runtime.start();
            }
            String broken = play(scenario, own, orders.zombies());
            if (!broken.isEmpty()) {
                told.println(BROKEN + " " + scenario + " " + broken);
                return false;
            }
            told.println(HELD + " " + scenario + " " + writes + " " + tools);
        }
        return true;
    }

    /**
     * @return which law is broken; empty when all hold
     */
    private String play(int scenario, Point point, boolean zombies) throws InterruptedException {
        String tenant = node + "-" + scenario;
        Caller caller =
                new Caller(
                        tenant,
                        "team",
                        "alice",
                        "key_1",
                        Set.of(Caller.Scope.AGENTS, Caller.Scope.MODELS));
        Outside outside = outside(tenant);
        Laws laws = new Laws(database, ledger, runtime.sessions(), caller, outside, zombies);
        List<List<String>> script = Point.SCRIPTS.get(point.script());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < script.size(); i++) {
                Client client =
                        new Client(
                                runtime.sessions(),
                                caller,
                                outside,
                                "s" + i,
                                script.get(i),
                                laws::isAtRest);
                running.add(
                        threads.submit(() -> {
                            client.run();
                            return null;
                        }));
            }
            String stuck = await(running);
            if (!stuck.isEmpty()) {
                running.forEach(each -> each.cancel(true));
                return stuck;
            }
        }
        writes = fate.writes();
        tools = fate.tools();
        fate.meet(Point.calm(point.script()));
        ledger.flush();
        try {
            laws.hold(script);
            return "";
        } catch (Laws.Broken broken) {
            return String.valueOf(broken.getMessage()).replace('\n', ' ');
        }
    }

    private static String await(List<Future<?>> running) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SCENARIO_SECONDS_MAX);
        for (Future<?> each : running) {
            try {
                each.get(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return "NoSessionIsStuck: not at rest after " + SCENARIO_SECONDS_MAX + " s";
            } catch (ExecutionException e) {
                return "ClientsAreServed: " + e.getCause();
            }
        }
        return "";
    }
}
