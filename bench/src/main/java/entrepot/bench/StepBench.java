package entrepot.bench;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.FactCodec;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.journal.Step;
import entrepot.store.Database;

import java.io.PrintStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Durable steps a second, and what one costs: the runtime's own append (fence, session row and a
 * fact of 2 KB) against a bare loop that does nothing but one statement and its commit.
 */
final class StepBench {

    static final int PAYLOAD_CHARS = 2000;
    private static final long KEEP_MILLIS = 60_000;

    private final Database database;
    private final Bare bare;
    private final int secondsEach;
    private final PrintStream progress;

    StepBench(Database database, Bare bare, int secondsEach, PrintStream progress) {
        this.database = database;
        this.bare = bare;
        this.secondsEach = secondsEach;
        this.progress = progress;
        database.migrate(AgentRuntime.MIGRATIONS);
    }

    /** The floor of one engine. */
    interface Bare extends AutoCloseable {

        String name();

        /** How many threads the floor runs on. */
        int threads();

        /** Appends until told to stop; returns how many became durable. */
        long append(int thread, Running running) throws SQLException;

        /** Processor time of this process and of the database's, in microseconds. */
        long cpuMicros();

        @Override
        void close() throws SQLException;
    }

    /** Whether to go on. */
    @FunctionalInterface
    interface Running {
        boolean yes();
    }

    List<Measured> run(int rounds, int... writers) throws InterruptedException {
        var measured = new ArrayList<Measured>();
        for (int round = 0; round <= rounds; round++) {
            var each = new ArrayList<Measured>();
            each.add(floor());
            for (int count : writers) {
                each.add(runtime(round, count));
            }
            for (Measured one : each) {
                progress.printf(
                        "  round %d/%d  %-30s %8.0f steps/s  %6.1f µs CPU/step%n",
                        round, rounds, one.name(), one.perSecond(), one.microsPerStep());
            }
            if (round > 0) {
                measured.addAll(each);
            }
        }
        return measured;
    }

    private Measured floor() throws InterruptedException {
        return timed(bare.name(), bare.threads(), bare::append);
    }

    private Measured runtime(int round, int writers) throws InterruptedException {
        var journal = new Journal(database, new FactCodec());
        String name = "entrepot, " + writers + " sessions";
        return timed(name, writers, (writer, running) -> append(journal, round, writer, running));
    }

    private long append(Journal journal, int round, int writer, Running running)
            throws SQLException {
        var key = new SessionKey("bench", "s-" + round + "-" + writer + "-" + System.nanoTime());
        insert(key);
        Fact fact =
                new Fact.ToolReturned(
                        "turn",
                        "call",
                        List.of(new Part.Text("x".repeat(PAYLOAD_CHARS), Extras.NONE)),
                        false,
                        1);
        long head = 0;
        while (running.yes()) {
            var step =
                    new Step(
                            key,
                            1,
                            head,
                            List.of(fact),
                            0,
                            "{}",
                            0,
                            new Step.Then.Keep(KEEP_MILLIS));
            if (!(journal.append(step) instanceof Step.Written.Done)) {
                throw new IllegalStateException("an append was fenced, and nobody else writes");
            }
            head++;
        }
        return head;
    }

    private void insert(SessionKey key) {
        database.once(sql ->
                sql.update(
                        "insert into session (tenant, id, agent_id, team, head, epoch,"
                                + " inbox_head, inbox_seen, owner, attempts, summary,"
                                + " created_ms, updated_ms)"
                                + " values (?, ?, 'a', 't', 0, 1, 0, 0, 'n', 0, '{}', 0, 0)",
                        key.tenant(),
                        key.id()));
    }

    private Measured timed(String name, int threads, Appending appending)
            throws InterruptedException {
        var done = new AtomicLong();
        var finished = new CountDownLatch(threads);
        var failure = new AtomicLong();
        long from = System.nanoTime();
        long until = from + secondsEach * 1_000_000_000L;
        long cpuBefore = bare.cpuMicros();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            Thread.ofVirtual()
                    .start(() -> {
                        try {
                            done.addAndGet(
                                    appending.append(thread, () -> System.nanoTime() < until));
                        } catch (SQLException | RuntimeException e) {
                            failure.incrementAndGet();
                            progress.println("  failed: " + e);
                        } finally {
                            finished.countDown();
                        }
                    });
        }
        finished.await();
        double seconds = (System.nanoTime() - from) / 1e9;
        long cpu = bare.cpuMicros() - cpuBefore;
        if (failure.get() > 0) {
            throw new IllegalStateException(name + ": " + failure + " writers failed");
        }
        return new Measured(name, done.get() / seconds, (double) cpu / Math.max(1, done.get()));
    }

    @FunctionalInterface
    private interface Appending {
        long append(int thread, Running running) throws SQLException;
    }

    /** One measurement. */
    record Measured(String name, double perSecond, double microsPerStep) {}
}
