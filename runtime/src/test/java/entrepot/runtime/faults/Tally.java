package entrepot.runtime.faults;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What a sweep has done so far. It is kept in a file, so that a sweep that was stopped goes on
 * where it was.
 */
final class Tally {

    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String name;
    private final Path file;
    private final int deathsMax;
    private final PrintStream out;
    private final Properties counts = new Properties();
    private final List<String> broken = new ArrayList<>();
    private final long fromNanos = System.nanoTime();
    private final int deathsBefore;
    private long toldNanos = System.nanoTime();

    Tally(String name, Path file, long seed, int deathsMax, PrintStream out) {
        this.name = name;
        this.file = file;
        this.deathsMax = deathsMax;
        this.out = out;
        if (Files.exists(file)) {
            try (var in = Files.newInputStream(file)) {
                counts.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        counts.putIfAbsent("seed", Long.toString(seed));
        this.deathsBefore = count("deaths");
        out.printf("%s: seed %d, %d deaths to come%n", name, seed(), deathsMax - deathsBefore);
    }

    synchronized long seed() {
        return Long.parseLong(counts.getProperty("seed"));
    }

    synchronized int count(String what) {
        return Integer.parseInt(counts.getProperty(what, "0"));
    }

    synchronized boolean isFull() {
        return count("deaths") >= deathsMax || !broken.isEmpty();
    }

    synchronized void add(String what) {
        counts.setProperty(what, Integer.toString(count(what) + 1));
        if (System.nanoTime() - toldNanos > TOLD_NANOS) {
            toldNanos = System.nanoTime();
            tell();
        }
    }

    /** A node has brought a scenario to its end. */
    synchronized void held(String node, int scenario) {
        counts.setProperty("next." + node, Integer.toString(scenario + 1));
        add("held");
        save();
    }

    /** The scenario with which a node goes on. */
    synchronized int next(String node) {
        return count("next." + node);
    }

    synchronized void broken(String what) {
        broken.add(what);
        out.println(name + ": BROKEN " + what);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized void tell() {
        double seconds = (System.nanoTime() - fromNanos) / 1e9;
        int deaths = count("deaths");
        double rate = (deaths - deathsBefore) / Math.max(1e-3, seconds);
        var kinds = new StringBuilder();
        for (String each : new TreeSet<>(counts.stringPropertyNames())) {
            if (!each.startsWith("next.") && !each.equals("seed") && !each.equals("deaths")) {
                kinds.append(", ").append(each).append(' ').append(counts.getProperty(each));
            }
        }
        out.printf(
                "%s: %d of %d deaths, %.2f/s, %.1f min left, seed %d%s%n",
                name,
                deaths,
                deathsMax,
                rate,
                Math.max(0, deathsMax - deaths) / Math.max(1e-3, rate) / 60,
                seed(),
                kinds);
    }

    private void save() {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            try (var stream = Files.newOutputStream(fresh)) {
                counts.store(stream, name);
            }
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
