package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.store.DatabaseFailed.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** How works share one commit. The writer is held by a first work until the others are queued. */
final class SqliteWriterTest {

    private static final String ADD = "insert into goods (name, amount) values (?, 1)";

    @TempDir Path folder = Path.of("");

    private final CountDownLatch letGo = new CountDownLatch(1);
    private final List<FutureTask<Integer>> works = new ArrayList<>();
    private Database database = unopened();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void open() {
        String file = folder.resolve("test.db").toString();
        database = Databases.open(new DatabaseSettings(file, 4, 50, 8));
        database.migrate(List.of(DatabaseContract.STOCK));
    }

    @AfterEach
    void close() {
        letGo.countDown();
        database.close();
    }

    @Test
    void a_work_that_fails_before_it_changed_anything_costs_its_neighbours_nothing()
            throws Exception {
        AtomicInteger runs = new AtomicInteger();
        database.once(sql -> sql.update(ADD, "taken"));
        hold();
        submit(sql -> sql.update(ADD, "before" + runs.incrementAndGet()));
        submit(sql -> sql.update(ADD, "taken"));
        submit(sql -> sql.update(ADD, "after" + runs.incrementAndGet()));
        letGo.countDown();
        assertThat(works.get(1).get()).isEqualTo(1);
        assertThatThrownBy(() -> works.get(2).get()).hasCauseInstanceOf(DatabaseFailed.class);
        assertThat(works.get(3).get()).isEqualTo(1);
        assertThat(runs).hasValue(2);
        assertThat(names()).containsExactly("after2", "before1", "first", "taken");
    }

    @Test
    void a_work_that_fails_half_way_is_undone_and_its_neighbours_run_again() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        hold();
        submit(sql -> sql.update(ADD, "before") + 0 * runs.incrementAndGet());
        submit(sql -> {
            sql.update(ADD, "half");
            throw new IllegalStateException("no");
        });
        submit(sql -> sql.update(ADD, "after"));
        letGo.countDown();
        assertThat(works.get(1).get()).isEqualTo(1);
        assertThatThrownBy(() -> works.get(2).get())
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(works.get(3).get()).isEqualTo(1);
        assertThat(runs).hasValue(2);
        assertThat(names()).containsExactly("after", "before", "first");
    }

    @Test
    void a_constraint_that_speaks_up_at_commit_fails_only_who_broke_it() throws Exception {
        database.write(sql ->
                sql.update(
                        "create table part (of_name text references goods (name)"
                                + " deferrable initially deferred)"));
        hold();
        submit(sql -> sql.update(ADD, "before"));
        submit(sql -> sql.update("insert into part values ('nothing')"));
        submit(sql -> sql.update(ADD, "after"));
        letGo.countDown();
        assertThat(works.get(1).get()).isEqualTo(1);
        assertThatThrownBy(() -> works.get(2).get())
                .cause()
                .isInstanceOfSatisfying(
                        DatabaseFailed.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONSTRAINT));
        assertThat(works.get(3).get()).isEqualTo(1);
        assertThat(names()).containsExactly("after", "before", "first");
    }

    @Test
    void a_queue_that_stays_full_turns_callers_away() throws Exception {
        hold();
        for (int i = 0; i < 7; i++) {
            String name = "queued" + i;
            submit(sql -> sql.update(ADD, name));
        }
        assertThatThrownBy(() -> database.once(sql -> sql.update(ADD, "late")))
                .isInstanceOfSatisfying(
                        DatabaseFailed.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("behind");
        letGo.countDown();
        for (FutureTask<Integer> work : works) {
            assertThat(work.get()).isEqualTo(1);
        }
        assertThat(names()).hasSize(8).doesNotContain("late");
    }

    @Test
    void an_error_in_a_work_reaches_its_caller_and_the_writer_lives_on() {
        assertThatThrownBy(() ->
                        database.write(_ -> {
                            throw new StackOverflowError("deep");
                        }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(database.once(sql -> sql.update(ADD, "next")).intValue()).isEqualTo(1);
    }

    @Test
    void what_is_queued_when_the_database_closes_is_still_written() throws Exception {
        hold();
        submit(sql -> sql.update(ADD, "queued"));
        Thread closing = Thread.ofVirtual().start(database::close);
        waitUntilParked(closing);
        letGo.countDown();
        closing.join();
        assertThat(works.get(1).get()).isEqualTo(1);
        open();
        assertThat(names()).containsExactly("first", "queued");
    }

    private void hold() throws InterruptedException {
        CountDownLatch held = new CountDownLatch(1);
        FutureTask<Integer> first =
                new FutureTask<>(() ->
                        database.write(sql -> {
                            held.countDown();
                            awaitLetGo();
                            return sql.update(ADD, "first");
                        }));
        works.add(first);
        Thread.ofVirtual().start(first);
        held.await();
    }

    private void awaitLetGo() {
        try {
            letGo.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In this order, one after the other. */
    private void submit(Database.Work<Integer> work) {
        FutureTask<Integer> task = new FutureTask<>(() -> database.write(work));
        works.add(task);
        waitUntilParked(Thread.ofVirtual().start(task));
    }

    private static void waitUntilParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private List<String> names() {
        return database.read(
                sql -> sql.query("select name from goods order by name", row -> row.text("name")));
    }
}
