package entrepot.runtime.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A few deaths by default. {@code -Dfaults.deaths=2000} makes each a sweep over every write of
 * every script, {@code -Dfaults.folder=} one that can be stopped and goes on later, {@code
 * -Dfaults.seed=} another order.
 */
class FaultSweepTest {

    private static final int DEATHS = Integer.getInteger("faults.deaths", 12);
    private static final long SEED = Long.getLong("faults.seed", 20_261_120L);
    private static final List<String> NODES = List.of("a", "b", "c");

    @TempDir Path temporary;

    private Path folder(String name) throws IOException {
        String kept = System.getProperty("faults.folder");
        return Files.createDirectories(
                (kept == null ? temporary : Path.of(kept)).resolve(name).toAbsolutePath());
    }

    /** One process on one file. */
    @Test
    void nothingIsLostAndNothingIsDoneTwiceOnSqlite() throws Exception {
        Path folder = folder("sqlite");
        Tally tally = Sweep.tally("SQLite", folder, SEED, DEATHS, System.out);
        var sweep = new Sweep(Program.pack(folder), folder, tally, false);
        sweep.train(folder.resolve("train.db").toString());
        String url = folder.resolve("sweep.db").toString();
        List<Point> all = Points.all(sweep.measure(url), false);
        sweep.live(url, "node", Points.shuffled(all, tally.seed(), 2 * DEATHS + 10));
        holds(tally);
    }

    /** Three nodes on one server; one of them over a wire that loses answers. */
    @Test
    void nothingIsLostAndNothingIsDoneTwiceOnPostgres() throws Exception {
        Path folder = folder("postgres");
        try (Server server = Server.start(folder.resolve("data"));
                Wire wire = new Wire(server.port())) {
            Tally tally = Sweep.tally("PostgreSQL", folder, SEED, DEATHS, System.out);
            var sweep = new Sweep(Program.pack(folder), folder, tally, true);
            sweep.train(server.url(server.port()));
            List<Point> all = Points.all(sweep.measure(server.url(server.port())), true);
            List<Point> points = Points.shuffled(all, tally.seed(), 2 * DEATHS + 10);
            var weather = new Weather(server, wire, tally);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> nodes = new ArrayList<>();
                for (int i = 0; i < NODES.size(); i++) {
                    String node = NODES.get(i);
                    String url = server.url(i == 0 ? wire.port() : server.port());
                    List<Point> own = share(points, i);
                    nodes.add(
                            threads.submit(() -> {
                                sweep.live(url, node, own);
                                return null;
                            }));
                }
                Future<?> storm = threads.submit(weather);
                for (Future<?> each : nodes) {
                    each.get();
                }
                weather.end();
                storm.get();
            }
            holds(tally);
        }
    }

    private static List<Point> share(List<Point> points, int node) {
        List<Point> own = new ArrayList<>();
        for (int i = node; i < points.size(); i += NODES.size()) {
            own.add(points.get(i));
        }
        return own;
    }

    private static void holds(Tally tally) {
        tally.tell();
        assertThat(tally.broken()).isEmpty();
        assertThat(tally.count("deaths")).isGreaterThanOrEqualTo(DEATHS);
    }
}
