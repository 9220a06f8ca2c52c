package entrepot.runtime.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Keeps workers running on one database: each dies at its point, is started again, brings what it
 * left to its end, sometimes dies in that too, and goes on with the next point.
 */
final class Sweep {

    private static final int RECOVERY_WRITES_MAX = 14;
    private static final int DEATHS_IN_RECOVERY_MAX = 3;
    private static final int KILL_MICROS_MAX = 6_000;
    private static final int AWAY_MILLIS = 200;
    private static final int STOP_SHORT_MILLIS = 400;
    private static final int STOP_LONG_MILLIS = 2_500;

    private final Program program;
    private final Path folder;
    private final Tally tally;
    private final boolean zombies;

    /**
     * @param folder of this sweep; a sweep that was stopped goes on from what is there
     * @param zombies whether workers also stand still
     */
    Sweep(Program program, Path folder, Tally tally, boolean zombies) {
        this.program = program;
        this.folder = folder;
        this.tally = tally;
        this.zombies = zombies;
    }

    static Tally tally(String name, Path folder, long seed, int deaths, PrintStream out)
            throws IOException {
        Files.createDirectories(folder);
        return new Tally(name, folder.resolve("tally.properties"), seed, deaths, out);
    }

    /** Makes the starts to come short. */
    void train(String url) throws IOException, InterruptedException {
        program.train(calm(url, "train"));
    }

    private Worker.Orders calm(String url, String name) throws IOException {
        Path points = folder.resolve("calm.points");
        Files.write(points, scripts().stream().map(Point::written).toList());
        return new Worker.Orders(
                url,
                folder,
                name + System.nanoTime(),
                points,
                0,
                scripts().size() - 1,
                false,
                Point.calm(0),
                false);
    }

    /** Plays every script without a fault, and learns how many ends each offers. */
    List<Points.Measured> measure(String url) throws IOException, InterruptedException {
        List<Points.Measured> measured = new ArrayList<>();
        Worker.Orders orders = calm(url, "calm");
        Process process = program.start(orders);
        try (var lines = lines(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 4);
                if (words[0].equals(Worker.HELD)) {
                    measured.add(
                            new Points.Measured(
                                    Integer.parseInt(words[1]),
                                    Integer.parseInt(words[2]),
                                    Integer.parseInt(words[3])));
                } else if (words[0].equals(Worker.BROKEN)) {
                    throw new AssertionError("without any fault: " + line);
                }
            }
        }
        if (process.waitFor() != 0) {
            throw new AssertionError("a worker failed; its log:\n" + program.log(orders));
        }
        return measured;
    }

    private static List<Point> scripts() {
        List<Point> points = new ArrayList<>();
        for (int script = 0; script < Point.SCRIPTS.size(); script++) {
            points.add(Point.calm(script));
        }
        return points;
    }

    private static BufferedReader lines(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** One node's life, from death to death, until the tally is full. */
    void live(String url, String node, List<Point> points)
            throws IOException, InterruptedException {
        Path file = folder.resolve(node + ".points");
        Files.write(file, points.stream().map(Point::written).toList());
        var random = new Random(tally.seed() * 31 + node.hashCode() + tally.next(node));
        boolean left = true;
        int inRecovery = 0;
        int recovering = -1;
        while (true) {
            int scenario = tally.next(node);
            boolean full = tally.isFull();
            if ((full && !left) || scenario >= points.size()) {
                return;
            }
            inRecovery = scenario == recovering ? inRecovery + 1 : 0;
            recovering = scenario;
            Point own = points.get(scenario);
            boolean calm = full || inRecovery > DEATHS_IN_RECOVERY_MAX || random.nextInt(4) > 0;
            Point after = calm ? Point.calm(own.script()) : recovery(own, random);
            int until = full ? scenario : points.size() - 1;
            var orders =
                    new Worker.Orders(
                            url, folder, node, file, scenario, until, left, after, zombies);
            int exit = run(orders, random);
            if (exit == Fate.KILLED) {
                left = true;
            } else if (exit == Worker.DATABASE_AWAY) {
                tally.add("starts.without.database");
                TimeUnit.MILLISECONDS.sleep(AWAY_MILLIS);
            } else if (exit == 0) {
                return;
            } else {
                if (tally.broken().isEmpty()) {
                    tally.broken(
                            node
                                    + " ended by itself with "
                                    + exit
                                    + " in scenario "
                                    + scenario
                                    + "; its log:\n"
                                    + program.log(orders));
                }
                return;
            }
        }
    }

    private static Point recovery(Point own, Random random) {
        List<Point.Kind> kinds = List.of(Point.Kind.BEFORE, Point.Kind.WITHIN, Point.Kind.AFTER);
        return new Point(
                own.script(),
                kinds.get(random.nextInt(kinds.size())),
                1 + random.nextInt(RECOVERY_WRITES_MAX));
    }

    private int run(Worker.Orders orders, Random random) throws IOException, InterruptedException {
        Process process = program.start(orders);
        try (var lines = lines(process)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                heard(orders, process, line, random);
            }
            int exit = process.waitFor();
            if (exit == Fate.KILLED) {
                tally.add("deaths");
                Point own = Point.read(pointOf(orders));
                tally.add("died." + own.kind());
            }
            return exit;
        } finally {
            process.toHandle().destroyForcibly();
        }
    }

    private String pointOf(Worker.Orders orders) throws IOException {
        return Files.readAllLines(orders.points()).get(tally.next(orders.node()));
    }

    private void heard(Worker.Orders orders, Process process, String line, Random random)
            throws IOException, InterruptedException {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case Worker.HELD -> {
                int scenario = Integer.parseInt(words[1]);
                tally.held(orders.node(), scenario);
                new Outside(outside(orders, scenario)).delete();
            }
            case Worker.BROKEN ->
                    tally.broken(
                            orders.node()
                                    + ": "
                                    + line
                                    + "; point "
                                    + pointOf(orders)
                                    + "; its log:\n"
                                    + program.log(orders));
            case "KILL" -> {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(KILL_MICROS_MAX));
                process.toHandle().destroyForcibly();
            }
            case "STOP_SHORT" -> stop(process, STOP_SHORT_MILLIS);
            case "STOP_LONG" -> stop(process, STOP_LONG_MILLIS);
            default -> {}
        }
    }

    private Path outside(Worker.Orders orders, int scenario) {
        return folder.resolve("outside").resolve(orders.node() + "-" + scenario);
    }

    /** The process stands still and does not know it. */
    private void stop(Process process, int millis) throws IOException, InterruptedException {
        signal(process, "STOP");
        TimeUnit.MILLISECONDS.sleep(millis);
        signal(process, "CONT");
        tally.add("stops");
    }

    private static void signal(Process process, String name)
            throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }
}
