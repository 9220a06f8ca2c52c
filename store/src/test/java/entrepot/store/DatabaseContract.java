package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.store.Database.Migrations;
import entrepot.store.DatabaseFailed.Kind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

abstract class DatabaseContract {

    static final Migrations STOCK = new Migrations("stock", "entrepot/store/stock");

    private static final String ADD = "insert into goods (name, amount) values (?, ?)";

    Database database = unopened();

    abstract Database open() throws Exception;

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void openAndMigrate() throws Exception {
        database = open();
        database.migrate(List.of(STOCK));
    }

    @AfterEach
    void close() {
        if (database != null) {
            database.close();
        }
    }

    @Test
    void every_kind_of_value_comes_back_as_it_went_in() {
        byte[] picture = {0, 1, (byte) 0xff};
        database.write(sql ->
                sql.update(
                        "insert into goods (name, amount, note, picture) values (?, ?, ?, ?)",
                        "gr\u00fcner Tee \ud83c\udf75 ' ; --",
                        Long.MAX_VALUE,
                        new BigDecimal("1E-9"),
                        picture));
        Sql.RowReader<Boolean> matches =
                row -> {
                    assertThat(row.text("name")).isEqualTo("gr\u00fcner Tee \ud83c\udf75 ' ; --");
                    assertThat(row.number("amount")).isEqualTo(Long.MAX_VALUE);
                    assertThat(row.textIf("note")).contains("0.000000001");
                    assertThat(row.bytes("picture")).isEqualTo(picture);
                    return true;
                };
        Optional<Boolean> seen = database.read(sql -> sql.one("select * from goods", matches));
        assertThat(seen).contains(true);
    }

    @Test
    void nothing_is_not_zero_and_not_empty() {
        database.once(sql ->
                sql.update(
                        "insert into goods (name, amount, note, picture) values (?, ?, ?, ?)",
                        "salt",
                        true,
                        null,
                        null));
        List<String> seen =
                database.read(sql ->
                        sql.query(
                                "select * from goods",
                                row ->
                                        row.number("amount")
                                                + " "
                                                + row.textIf("note")
                                                + " "
                                                + row.bytesIf("picture")
                                                + " "
                                                + row.numberIf("amount")));
        assertThat(seen).containsExactly("1 Optional.empty Optional.empty Optional[1]");
        assertThatThrownBy(() ->
                        database.read(sql -> sql.one("select * from goods", r -> r.text("note"))))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("note");
    }

    @Test
    void a_parameter_is_never_part_of_the_statement() {
        add("tea", 1);
        String attack = "x' or 1=1; drop table goods; --";
        assertThat(amount(attack)).isEqualTo(-1);
        assertThat(amount("tea")).isEqualTo(1);
    }

    @Test
    void a_value_of_another_kind_is_refused_before_it_is_sent() {
        assertThatThrownBy(
                        () -> database.write(sql -> sql.update(ADD, "tea", java.util.Locale.ROOT)))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("Parameter 2")
                .hasMessageContaining("Locale");
    }

    @Test
    void a_write_is_all_or_nothing() {
        assertThatThrownBy(() ->
                        database.write(sql -> {
                            sql.update(ADD, "tea", 1);
                            throw new IllegalStateException("changed my mind");
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("changed my mind");
        assertThat(amount("tea")).isEqualTo(-1);
    }

    @Test
    void a_statement_that_failed_ends_the_work_even_if_caught() {
        add("tea", 1);
        assertThatThrownBy(() ->
                        database.write(sql -> {
                            sql.update(ADD, "salt", 1);
                            try {
                                sql.update(ADD, "tea", 2);
                            } catch (SQLException _) {
                                // What PostgreSQL would not forgive either.
                            }
                            return 0;
                        }))
                .isInstanceOfSatisfying(
                        DatabaseFailed.class, e -> assertThat(e.kind()).isEqualTo(Kind.DUPLICATE));
        assertThat(amount("salt")).isEqualTo(-1);
    }

    @Test
    void a_duplicate_and_a_broken_rule_are_told_apart() {
        add("tea", 1);
        assertThat(kindOf(sql -> sql.update(ADD, "tea", 2))).isEqualTo(Kind.DUPLICATE);
        assertThat(kindOf(sql -> sql.update(ADD, "salt", null))).isEqualTo(Kind.CONSTRAINT);
        assertThat(kindOf(sql -> sql.update("insert into nowhere values (1)")))
                .isEqualTo(Kind.BROKEN);
    }

    @Test
    void once_refuses_a_second_statement_and_keeps_neither() {
        assertThatThrownBy(() ->
                        database.once(sql -> {
                            sql.one("select 1 as one", row -> row.number("one"));
                            return sql.update(ADD, "tea", 2);
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("write()");
        assertThat(amount("tea")).isEqualTo(-1);
    }

    @Test
    void returning_gives_the_rows_that_were_touched() {
        add("tea", 1);
        List<Long> amounts =
                database.once(sql ->
                        sql.query(
                                "update goods set amount = amount + ? returning amount",
                                row -> row.number("amount"),
                                41));
        assertThat(amounts).containsExactly(42L);
        assertThat(amount("tea")).isEqualTo(42);
    }

    @Test
    void one_refuses_a_second_row() {
        add("tea", 1);
        add("salt", 2);
        assertThatThrownBy(() ->
                        database.read(
                                sql -> sql.one("select name from goods", row -> row.text("name"))))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("more than 1 row");
    }

    @Test
    void many_rows_are_counted_one_by_one() {
        add("b", 0);
        List<@Nullable Object[]> rows =
                List.of(new Object[] {"a", 1}, new Object[] {"b", 2}, new Object[] {"c", 3});
        String add = ADD + " on conflict do nothing";
        int[] first = database.write(sql -> sql.updateAll(add, rows));
        int[] second = database.once(sql -> sql.updateAll(add, rows));
        int[] none = database.once(sql -> sql.updateAll(add, List.of()));
        assertThat(first).containsExactly(1, 0, 1);
        assertThat(second).containsExactly(0, 0, 0);
        assertThat(none).isEmpty();
    }

    @Test
    void many_rows_given_to_once_are_all_or_nothing() {
        List<@Nullable Object[]> rows = List.of(new Object[] {"a", 1}, new Object[] {"a", 2});
        assertThat(kindOf(sql -> sql.updateAll(ADD, rows).length)).isEqualTo(Kind.DUPLICATE);
        assertThatThrownBy(() -> database.once(sql -> sql.updateAll(ADD, rows)))
                .isInstanceOf(DatabaseFailed.class);
        assertThat(amount("a")).isEqualTo(-1);
    }

    @Test
    void a_read_changes_nothing() {
        assertThatThrownBy(() -> database.read(sql -> sql.update(ADD, "tea", 1)))
                .isInstanceOf(DatabaseFailed.class);
        assertThat(amount("tea")).isEqualTo(-1);
    }

    @Test
    void a_read_sees_one_moment_and_does_not_hold_up_the_writer() {
        add("tea", 1);
        String select = "select amount from goods where name = 'tea'";
        List<Long> seen =
                database.read(sql -> {
                    List<Long> amounts = new ArrayList<>();
                    amounts.addAll(sql.query(select, row -> row.number("amount")));
                    inAnotherThread(() -> add("salt", 5));
                    inAnotherThread(() -> set("tea", 2));
                    amounts.addAll(sql.query(select, row -> row.number("amount")));
                    return amounts;
                });
        assertThat(seen).containsExactly(1L, 1L);
        assertThat(amount("tea")).isEqualTo(2);
    }

    @Test
    void a_work_may_not_call_the_database_again() {
        assertThatThrownBy(
                        () -> database.write(_ -> database.write(sql -> sql.update(ADD, "a", 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Sql");
        assertThat(amount("a")).isEqualTo(-1);
    }

    @Test
    void many_writers_lose_nothing_and_one_failure_undoes_only_its_own() throws Exception {
        int writers = 32;
        int each = 50;
        add("sum", 0);
        List<Future<Integer>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                int number = writer;
                done.add(threads.submit(() -> writeSome(number, each)));
            }
        }
        int kept = 0;
        for (Future<Integer> one : done) {
            kept += one.get();
        }
        assertThat(kept).isEqualTo(writers * each - writers * (each / 5));
        assertThat(amount("sum")).isEqualTo(kept);
        assertThat(number("select count(*) as n from log")).isEqualTo(kept);
    }

    /** Each fifth work fails after it changed something. Returns how many did not. */
    private int writeSome(int writer, int count) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int n = i;
            boolean fails = i % 5 == 4;
            try {
                database.write(sql -> {
                    sql.update("update goods set amount = amount + 1 where name = 'sum'");
                    sql.update("insert into log values (?, ?, 1)", writer * 1000 + n, writer);
                    if (fails) {
                        throw new IllegalStateException("this one fails");
                    }
                    return 0;
                });
                kept++;
            } catch (IllegalStateException e) {
                assertThat(fails).isTrue();
            }
        }
        return kept;
    }

    @Test
    void an_interrupted_caller_still_gets_its_write_done() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        boolean[] stillInterrupted = new boolean[1];
        Thread thread =
                Thread.ofVirtual()
                        .unstarted(() -> {
                            Thread.currentThread().interrupt();
                            add("tea", 7);
                            stillInterrupted[0] = Thread.currentThread().isInterrupted();
                            ended.countDown();
                        });
        thread.start();
        ended.await();
        assertThat(amount("tea")).isEqualTo(7);
        assertThat(stillInterrupted[0]).isTrue();
    }

    @Test
    void the_clock_of_the_database_counts_milliseconds() {
        long now = number("select " + database.engine().nowMillis() + " as n");
        assertThat(now).isBetween(1_700_000_000_000L, 4_000_000_000_000L);
    }

    @Test
    void migrating_again_changes_nothing() {
        add("tea", 1);
        database.migrate(List.of(STOCK));
        assertThat(amount("tea")).isEqualTo(1);
        assertThat(number("select count(*) as n from only_here")).isZero();
        assertThat(number("select count(*) as n from schema_history")).isEqualTo(2);
    }

    @Test
    void a_changed_migration_and_a_newer_database_are_refused_by_name() {
        assertThatThrownBy(() -> database.migrate(stock("entrepot/store/stock_changed")))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("stock_changed/V1__goods.sql")
                .hasMessageContaining("changed after it ran");
        assertThatThrownBy(() -> database.migrate(stock("entrepot/store/stock_older")))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("stock are at version 2")
                .hasMessageContaining("up to 1");
    }

    @Test
    void a_migration_that_fails_leaves_nothing_and_says_which() {
        List<Migrations> broken = List.of(new Migrations("bad", "entrepot/store/stock_broken"));
        assertThatThrownBy(() -> database.migrate(broken))
                .isInstanceOf(DatabaseFailed.class)
                .hasMessageContaining("stock_broken/V1__half.sql");
        assertThat(kindOf(sql -> sql.update("insert into half values (1)"))).isEqualTo(Kind.BROKEN);
    }

    @Test
    void a_closed_database_says_so() {
        database.close();
        assertThatThrownBy(() -> add("tea", 1)).isInstanceOf(DatabaseFailed.class);
        assertThatThrownBy(() -> amount("tea")).isInstanceOf(DatabaseFailed.class);
    }

    final void add(String name, long amount) {
        database.once(sql -> sql.update(ADD, name, amount));
    }

    private void set(String name, long amount) {
        database.once(
                sql -> sql.update("update goods set amount = ? where name = ?", amount, name));
    }

    final long amount(String name) {
        return database.read(sql ->
                sql.one(
                                "select amount from goods where name = ?",
                                row -> row.number("amount"),
                                name)
                        .orElse(-1L));
    }

    final long number(String query) {
        return database.read(sql -> sql.one(query, row -> row.number("n")).orElseThrow());
    }

    private static List<Migrations> stock(String location) {
        return List.of(new Migrations("stock", location));
    }

    final Kind kindOf(Database.Work<Integer> work) {
        try {
            database.write(work);
        } catch (DatabaseFailed e) {
            return e.kind();
        }
        throw new AssertionError("The work did not fail.");
    }

    static void inAnotherThread(Runnable task) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(task).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
