package entrepot.store.rows;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

abstract class InsertsContract {

    private static final List<String> COLUMNS = List.of("id", "kind", "note", "amount", "weight");

    private Database database = unopened();
    private final SplittableRandom random = new SplittableRandom(17);
    private long id;

    abstract Database open();

    @SuppressWarnings("NullAway") // set before each test
    private static Database unopened() {
        return null;
    }

    @BeforeEach
    void openAndMakeTable() {
        database = open();
        database.write(sql ->
                sql.update(
                        "create table parcel (id bigint not null primary key, kind text not null,"
                                + " note text, amount bigint, weight text)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void rowsOfAllShapesAreWrittenAsTheyAre() {
        var inserts = new Inserts("parcel", COLUMNS, Set.of("kind", "amount"), "");
        var expected = new TreeSet<String>();
        for (int rows : new int[] {1, 7, 40, 400, 3}) {
            var batch = new ArrayList<@Nullable Object[]>();
            for (int i = 0; i < rows; i++) {
                batch.add(parcels(expected, 1));
            }
            write(inserts, batch);
        }
        assertThat(stored()).isEqualTo(expected);
    }

    @Test
    void severalRowsOfTheTableMayStandInOne() {
        var inserts = new Inserts("parcel", COLUMNS, Set.of("kind"), "");
        var expected = new TreeSet<String>();
        var batch = new ArrayList<@Nullable Object[]>();
        for (int i = 0; i < 200; i++) {
            batch.add(parcels(expected, 1 + random.nextInt(3)));
        }
        write(inserts, batch);
        assertThat(stored()).isEqualTo(expected);
    }

    @Test
    void moreShapesThanAreKeptAreWrittenAllTheSame() {
        var inserts = new Inserts("parcel", COLUMNS, Set.of("amount"), "");
        var expected = new TreeSet<String>();
        for (int round = 0; round < 3; round++) {
            var batch = new ArrayList<@Nullable Object[]>();
            for (int i = 0; i < 150; i++) {
                @Nullable Object[] row = {id++, "LETTER", null, (long) i, "1"};
                batch.add(row);
                expected.add(Arrays.toString(row));
            }
            write(inserts, batch);
        }
        assertThat(stored()).isEqualTo(expected);
    }

    @Test
    void whatFollowsTheValuesHoldsForEachStatement() {
        var inserts =
                new Inserts(
                        "parcel",
                        COLUMNS,
                        Set.of("kind"),
                        "on conflict (id) do update set note = excluded.note");
        write(inserts, List.<@Nullable Object[]>of(row(1, null), row(2, "b"), row(3, null)));
        write(inserts, List.<@Nullable Object[]>of(row(2, null), row(3, "c"), row(4, "d")));
        assertThat(stored())
                .containsExactly(
                        "[1, BOX, null, 5, null]",
                        "[2, BOX, null, 5, null]",
                        "[3, BOX, c, 5, null]",
                        "[4, BOX, d, 5, null]");
    }

    @Test
    void nothingIsNoStatement() {
        var inserts = new Inserts("there_is_no_such_table", COLUMNS, Set.of(), "");
        write(inserts, List.of());
        assertThat(stored()).isEmpty();
    }

    private static @Nullable Object[] row(long id, @Nullable String note) {
        return new @Nullable Object[] {id, "BOX", note, 5L, null};
    }

    private @Nullable Object[] parcels(Set<String> expected, int count) {
        var all = new ArrayList<@Nullable Object>();
        for (int i = 0; i < count; i++) {
            @Nullable Object[] row = {
                id++,
                pick("BOX", "LETTER", "it's", ""),
                pick(null, null, "", "a 'word'; --"),
                random.nextInt(3) == 0 ? null : (Long) (long) (random.nextInt(5) - 2),
                pick(null, "0", "1.5")
            };
            expected.add(Arrays.toString(row));
            all.addAll(Arrays.asList(row));
        }
        return all.toArray();
    }

    private @Nullable String pick(@Nullable String... of) {
        return of[random.nextInt(of.length)];
    }

    private void write(Inserts inserts, List<@Nullable Object[]> rows) {
        database.write(sql -> {
            inserts.write(sql, rows);
            return true;
        });
    }

    private Set<String> stored() {
        List<String> rows =
                database.read(sql -> sql.query("select * from parcel", InsertsContract::text));
        return new TreeSet<>(rows);
    }

    private static String text(Sql.Row row) throws SQLException {
        return Arrays.asList(
                        row.number("id"),
                        row.text("kind"),
                        row.textIf("note").orElse(null),
                        row.numberIf("amount").orElse(null),
                        row.textIf("weight").orElse(null))
                .toString();
    }
}
