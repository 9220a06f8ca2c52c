package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.store.DatabaseFailed.Kind;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** What only a server has: connections that are lost, and others who lock the same rows. */
final class PostgresServerTest {

    private static final String END_OTHERS =
            "select count(pg_terminate_backend(pid)) as n from pg_stat_activity"
                    + " where datname = current_database() and pid <> pg_backend_pid()";

    private DatabaseSettings settings = DatabaseSettings.of("none");
    private Database database = unopened();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void open() {
        settings = TestDatabases.postgresSettings();
        database = Databases.open(settings);
        database.migrate(List.of(DatabaseContract.STOCK));
        add("a");
        add("b");
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    void a_connection_that_the_server_ended_is_replaced_unseen() {
        useAllConnections();
        try (Database other = Databases.open(settings)) {
            long ended = other.write(sql -> sql.one(END_OTHERS, row -> row.number("n"))).orElse(0L);
            assertThat(ended).isPositive();
        }
        AtomicInteger runs = new AtomicInteger();
        int count =
                database.write(sql -> {
                    runs.incrementAndGet();
                    return sql.update("update goods set amount = amount + 1");
                });
        assertThat(count).isEqualTo(2);
        assertThat(runs.get()).isGreaterThan(1);
        assertThat(amounts()).containsExactly(2L, 2L);
    }

    @Test
    void works_that_lock_each_other_out_both_succeed_in_the_end() throws Exception {
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> one = threads.submit(() -> addToBoth("a", "b", bothHoldOne));
            Future<Integer> other = threads.submit(() -> addToBoth("b", "a", bothHoldOne));
            assertThat(one.get() + other.get()).isEqualTo(2);
        }
        assertThat(amounts()).containsExactly(3L, 3L);
    }

    @Test
    void a_lost_answer_to_one_statement_is_said_to_be_unknown() {
        assertThatThrownBy(() ->
                        database.once(sql ->
                                sql.one(
                                        "select pg_terminate_backend(pg_backend_pid()) as n",
                                        row -> row.text("n"))))
                .isInstanceOfSatisfying(
                        DatabaseFailed.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_OUTCOME));
        assertThat(amounts()).containsExactly(1L, 1L);
    }

    @Test
    void nodes_that_start_together_migrate_once() throws Exception {
        DatabaseSettings fresh = TestDatabases.postgresSettings();
        List<Future<Boolean>> nodes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int node = 0; node < 4; node++) {
                nodes.add(
                        threads.submit(() -> {
                            try (Database each = Databases.open(fresh)) {
                                each.migrate(List.of(DatabaseContract.STOCK));
                                return true;
                            }
                        }));
            }
        }
        for (Future<Boolean> node : nodes) {
            assertThat(node.get()).isTrue();
        }
    }

    @Test
    void a_server_that_is_not_there_is_named_without_its_password() {
        String url = "postgresql://ann:hunter2@127.0.0.1:1/stock";
        assertThatThrownBy(() -> Databases.open(new DatabaseSettings(url, 2, 300, 1)))
                .isInstanceOfSatisfying(
                        DatabaseFailed.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessageContaining("postgresql://ann:***@127.0.0.1:1/stock")
                .hasMessageContaining("refused")
                .hasStackTraceContaining("127.0.0.1:1")
                .satisfies(e -> assertThat(e).hasMessageNotContaining("hunter2"));
    }

    private int addToBoth(String first, String second, CountDownLatch bothHoldOne) {
        String addOne = "update goods set amount = amount + 1 where name = ?";
        return database.write(sql -> {
            sql.update(addOne, first);
            bothHoldOne.countDown();
            try {
                bothHoldOne.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return sql.update(addOne, second);
        });
    }

    /** So that each has a connection to lose. */
    private void useAllConnections() {
        for (int i = 0; i < 8; i++) {
            database.once(sql -> sql.update("update goods set amount = 1"));
        }
    }

    private void add(String name) {
        database.once(sql -> sql.update("insert into goods (name, amount) values (?, 1)", name));
    }

    private List<Long> amounts() {
        return database.read(sql ->
                sql.query("select amount from goods order by name", row -> row.number("amount")));
    }
}
