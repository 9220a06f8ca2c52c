package entrepot.app.crash;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Servers are killed with {@code kill -9} whenever some more turns have ended, while clients create
 * sessions, send input, answer function calls and follow streams. Afterwards every accepted input
 * has ended in a completed turn, no recorded result was made twice, and every stream that was taken
 * up again shows what an unbroken one shows: E5 E7 E9 E10 E18 E22 E31.
 *
 * <p>{@code -Dcrash.sessions} and {@code -Dcrash.kills} make it longer.
 */
abstract class CrashContract {

    private static final int SESSIONS = Integer.getInteger("crash.sessions", 200);
    private static final int KILLS = Integer.getInteger("crash.kills", 5);
    private static final Duration ALL_MAX = Duration.ofMinutes(8);

    @TempDir Path folder;

    /** The servers, not yet started. The first one has the admin key. */
    abstract List<Node> nodes(Path folder, List<String> flags, Map<String, String> environment)
            throws IOException;

    /** Looks into the database when all servers have stopped. */
    abstract void databaseHolds() throws Exception;

    @Test
    void whatever_was_accepted_survives_kill_9() throws Exception {
        try (ScriptedSupplier supplier = ScriptedSupplier.start().always(Model::answer);
                HttpClient http =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            List<Node> nodes = nodes(folder, flags(supplier), Map.of("CRASH_KEY", "test-key"));
            try {
                start(nodes);
                List<Driver> drivers = drive(nodes, http);
                for (Driver driver : drivers) {
                    holds(driver);
                }
                assertThat(drivers.stream().mapToInt(d -> d.reconnects).sum())
                        .as("streams that broke and were taken up again")
                        .isPositive();
                for (Node node : nodes) {
                    node.stop();
                }
                databaseHolds();
            } finally {
                nodes.forEach(Node::close);
            }
        }
    }

    private List<String> flags(ScriptedSupplier supplier) throws IOException {
        Path notes = Files.createDirectories(folder.resolve("notes"));
        Files.writeString(notes.resolve("a.txt"), "The first note says one thing.\n");
        Files.writeString(notes.resolve("b.txt"), "The second note says another.\n");
        Path catalogue =
                Files.writeString(
                        folder.resolve("catalogue.yaml"), CrashCatalogue.text(supplier.baseUrl()));
        return List.of("--catalogue", catalogue.toString(), "--folders", "notes=" + notes);
    }

    private static void start(List<Node> nodes) throws InterruptedException {
        for (Node node : nodes) {
            node.start();
            node.awaitReady();
        }
    }

    private static List<Driver> drive(List<Node> nodes, HttpClient http)
            throws IOException, InterruptedException, ExecutionException {
        String key = nodes.getFirst().key();
        var turnsDone = new AtomicInteger();
        var drivers = new ArrayList<Driver>();
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            drivers.add(
                    new Driver(
                            number,
                            tries -> nodes.get((number + tries) % nodes.size()),
                            key,
                            http,
                            turnsDone));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (Driver driver : drivers) {
                running.add(
                        threads.submit(() -> {
                            driver.run();
                            return null;
                        }));
            }
            try {
                killAsTurnsEnd(nodes, turnsDone, running);
                for (Future<?> each : running) {
                    each.get();
                }
            } finally {
                running.forEach(each -> each.cancel(true));
            }
        }
        return drivers;
    }

    /** By progress and not by time, so that a slow machine is hit as often as a fast one. */
    private static void killAsTurnsEnd(
            List<Node> nodes, AtomicInteger turnsDone, List<Future<?>> running)
            throws InterruptedException {
        long until = System.nanoTime() + ALL_MAX.toNanos();
        int turns = SESSIONS * Driver.INPUTS;
        for (int kill = 0; kill < KILLS; kill++) {
            int at = turns * (2 * kill + 1) / (2 * KILLS + 2);
            while (turnsDone.get() < at) {
                if (running.stream().anyMatch(each -> each.state() == Future.State.FAILED)) {
                    return;
                }
                if (System.nanoTime() > until) {
                    throw new AssertionError(
                            "only "
                                    + turnsDone
                                    + " of "
                                    + turns
                                    + " turns ended in "
                                    + ALL_MAX
                                    + "; log of the first node:\n"
                                    + nodes.getFirst().tail());
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            Node victim = nodes.get(kill % nodes.size());
            victim.kill();
            victim.start();
            victim.awaitReady();
        }
    }

    private static void holds(Driver driver) throws IOException, InterruptedException {
        assertThat(driver.ends)
                .as("EveryAcceptedInputIsAnswered: turns of session %s", driver.session)
                .hasSize(Driver.INPUTS)
                .allMatch(end -> end.startsWith("agent.session.turn.completed"));
        assertThat(driver.list("turns"))
                .as("turns of session %s", driver.session)
                .hasSize(Driver.INPUTS)
                .allMatch(turn -> turn.path("status").asString().equals("completed"));
        var calls = new ArrayList<String>();
        for (JsonNode item : driver.list("items")) {
            if (item.path("type").asString().endsWith("_call")) {
                calls.add(item.path("id").asString());
                assertThat(item.path("status").asString()).isEqualTo("completed");
            }
        }
        assertThat(new HashSet<>(calls)).as("NoToolRunsTwiceUnasked").hasSameSizeAs(calls);
        assertThat(calls).hasSize(driver.charges() ? Driver.INPUTS : 3 * Driver.INPUTS);
        assertThat(new HashSet<>(driver.seen)).as("no event twice").hasSameSizeAs(driver.seen);
        assertThat(driver.seen)
                .as("FeedHasNoGapAndNoRepeat: session %s", driver.session)
                .isEqualTo(driver.replay(driver.seen.size()));
    }
}
