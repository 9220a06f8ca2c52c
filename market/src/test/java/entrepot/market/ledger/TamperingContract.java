package entrepot.market.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.books.Posting;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.store.Database;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Whatever is done to the rows behind the ledger's back is found and told where. */
abstract class TamperingContract {

    private static final int ROWS = 30;
    private static final Set<String> NUMBERS =
            Set.of(
                    "sequence",
                    "number",
                    "crc",
                    "attempt",
                    "estimated",
                    "started_millis",
                    "ended_millis",
                    "first_event_millis",
                    "form",
                    "about_millis",
                    "postings");

    private Database database;
    private LedgerReader reader;

    abstract Database open();

    @BeforeEach
    void write() throws Exception {
        database = open();
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        reader = new LedgerReader(database);
        var rule = new ChargeRule("up", null, null, null, BigDecimal.TEN);
        try (var ledger =
                DatabaseLedger.open(
                        database, "node-1", () -> new Books(List.of(rule), List.of()))) {
            var seeds = new Seeds(7);
            for (int i = 0; i < ROWS; i++) {
                ledger.append(
                        RandomReceipts.next(seeds, i)
                                .withPricing(Money.of("1.25", "USD"), "book-1/standard")
                                .withCharge(null));
            }
            ledger.flush();
        }
        withoutTriggers();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aByteFlippedInAnyColumnOfAnyRowIsFound() {
        assertThat(flaw()).isNull();
        var columns = new ArrayList<>(ReceiptRow.COLUMNS);
        columns.addAll(List.of("chain", "sequence", "hash"));
        for (String column : columns) {
            flip("receipt", column, "sequence = 12");
        }
        for (String column : List.of("sequence", "hash")) {
            flip("ledger_chain", column, "chain = 'node-1'");
        }
        assertThat(flaw()).isNull();
    }

    @Test
    void aByteFlippedInAnyColumnOfARowOfTheSecondFormIsFound() {
        writeSecondForm();
        assertThat(flaw()).isNull();
        for (String column : ReceiptRow.COLUMNS) {
            flip("receipt", column, "chain = 'second' and sequence = 9");
        }
        for (String column : PostingRow.COLUMNS.split(", ")) {
            flip("posting", column, "chain = 'second' and sequence = 9 and number = 2");
        }
        assertThat(flaw()).isNull();
        database.write(sql ->
                sql.update(
                        "insert into posting select 'node-1', 12, number, tenant, account, party,"
                                + " amount, currency, rule, crc from posting where sequence = 8"));
        assertThat(flaw()).contains("row 12", "more than rows of its form");
    }

    @Test
    void rowsOfTheSecondFormTellTheirPostings() throws Exception {
        writeSecondForm();
        var second = reader.row(RandomReceipts.TENANT, "rcpt_000709").orElseThrow();
        assertThat(second.postings()).hasSize(4);
        assertThat(second.postings().get(3).rule()).isEqualTo("up");
        List<Long> seen =
                database.read(sql ->
                        sql.query(
                                "select count(*) as seen from posting_of_all where sequence = 9"
                                        + " and account = 'REVENUE' and rule = 'up'",
                                row -> row.number("seen")));
        assertThat(seen).as("one of each form").containsExactly(2L);
        database.write(sql ->
                sql.update(
                        "update ledger_chain set sequence = 0, hash = ''"
                                + " where chain = 'second'"));
        DatabaseLedger.open(database, "second").close();
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
    }

    /** Ten rows as they were written when postings stood in a table of their own. */
    private void writeSecondForm() {
        var rule = new ChargeRule("up", null, null, null, BigDecimal.TEN);
        var books = new Books(List.of(rule), List.of());
        Chain chain = Chain.start("second");
        for (int i = 0; i < 10; i++) {
            Receipt receipt =
                    RandomReceipts.next(new Seeds(70 + i), 701 + i)
                            .withPricing(Money.of("1.25", "USD"), "book-1/standard")
                            .withCharge(null);
            Books.Charged charged = books.charge(ReceiptRow.cleaned(receipt), receipt.endedAt());
            List<Posting> postings = books.postings(charged, receipt.endedAt());
            Entry entry = Entry.attempt(charged.receipt(), charged.rule());
            int columns = ReceiptRow.SECOND_FORM_COLUMNS;
            @Nullable Object[] values = Arrays.copyOf(ReceiptRow.values(entry, postings), columns);
            values[ReceiptRow.FIRST_FORM_COLUMNS] = ReceiptRow.SECOND;
            var hashed = Arrays.copyOf(values, columns + postings.size() * PostingRow.HASHED);
            for (int number = 0; number < postings.size(); number++) {
                Posting posting = postings.get(number);
                @Nullable Object[] row = {
                    "second",
                    (long) i + 1,
                    (long) number,
                    receipt.tenant(),
                    posting.account().name(),
                    posting.party(),
                    posting.amount().amount().toPlainString(),
                    posting.amount().currency(),
                    posting.rule(),
                    0L
                };
                System.arraycopy(
                        row,
                        PostingRow.HASHED_FROM,
                        hashed,
                        columns + number * PostingRow.HASHED,
                        PostingRow.HASHED);
                row[9] = PostingRow.checksum(row);
                database.write(sql ->
                        sql.update(
                                "insert into posting ("
                                        + PostingRow.COLUMNS
                                        + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                row));
            }
            chain = chain.next(new RowHash(), hashed);
            insert(chain, ReceiptRow.COLUMNS.subList(0, columns), values);
        }
        Chain end = chain;
        database.write(
                sql -> sql.update("insert into ledger_chain values ('second', 10, ?)", end.hash()));
    }

    /** Changes one value by one byte, looks whether it is found, and puts the value back. */
    private void flip(String table, String column, String where) {
        boolean number = NUMBERS.contains(column);
        Object before = value(table, column, where);
        Object after = number ? flipped((Long) before) : flipped((String) before);
        String back = moved(column, where, after);
        set(table, column, where, after);
        assertThat(flaw()).as(table + "." + column + ": " + before + " to " + after).isNotNull();
        if (!table.equals("ledger_chain") && where.equals(back)) {
            String row = where.replaceAll(".*sequence = (\\d+).*", "row $1");
            assertThat(flaw()).as(table + "." + column).contains(row);
        }
        set(table, column, back, before);
    }

    private static String moved(String column, String where, Object after) {
        String value = after instanceof Long ? after.toString() : "'" + after + "'";
        return where.contains(column + " = ")
                ? where.replaceAll(column + " = ('[^']*'|-?\\d+)", column + " = " + value)
                : where;
    }

    private static Long flipped(@Nullable Long number) {
        // Beyond all rows, so that no other stands there already.
        return number == null ? 1L : number ^ 4096L;
    }

    private static String flipped(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return "x";
        }
        return (char) (text.charAt(0) ^ 1) + text.substring(1);
    }

    @Test
    void aRowTakenOutPutInSwappedOrCutOffIsFound() {
        database.write(sql -> sql.update("update receipt set sequence = 1000 where sequence = 5"));
        assertThat(flaw()).contains("row 5 is missing before row 6");
        database.write(sql -> sql.update("update receipt set sequence = 5 where sequence = 6"));
        assertThat(flaw()).contains("row 5");
        database.write(sql -> sql.update("update receipt set sequence = 6 where sequence = 1000"));
        assertThat(flaw()).contains("row 5");
        swap(5, 6);
        assertThat(flaw()).isNull();
        database.write(sql -> sql.update("update receipt set sequence = 31 where sequence = 30"));
        assertThat(flaw()).contains("row 30 is missing before row 31");
        database.write(sql -> sql.update("update receipt set chain = 'x' where sequence = 31"));
        assertThat(flaw()).contains("rows 30 to 30 are missing at its end");
        database.write(sql -> sql.update("delete from receipt where chain = 'x'"));
        assertThat(flaw()).contains("rows 30 to 30 are missing at its end");
    }

    @Test
    void aForgedRowAtTheEndOfAChainIsFound() {
        Chain end = end();
        Receipt forged = RandomReceipts.next(new Seeds(9), 999);
        @Nullable Object[] values = ReceiptRow.values(Entry.attempt(forged, null), List.of());
        insert(end.next(new RowHash(), values), ReceiptRow.COLUMNS, values);
        assertThat(flaw()).contains("row 31 stands after its end");
    }

    @Test
    void aPostingTakenOutOrPutInIsFound() {
        writeSecondForm();
        database.write(sql -> sql.update("delete from posting where sequence = 9 and number = 3"));
        assertThat(flaw()).contains("row 9 has 4 postings, and 3 are there");
    }

    @Test
    void postingsOfNoRowAreFound() {
        writeSecondForm();
        database.write(sql -> sql.update("update posting set sequence = 77 where sequence = 9"));
        assertThat(flaw()).contains("row 9 has 4 postings, and 0 are there");
        database.write(sql ->
                sql.update(
                        "insert into posting select 'node-9', 1, number, tenant, account, party,"
                                + " amount, currency, rule, crc from posting where sequence = 8"));
        database.write(sql -> sql.update("update posting set sequence = 9 where sequence = 77"));
        assertThat(flaw()).contains("node-9");
    }

    @Test
    void rowsWrittenBeforeThereWerePostingsStayWholeAndAreAddedUpAtTheNextStart() throws Exception {
        Chain chain = Chain.start("old");
        var seeds = new Seeds(8);
        for (int i = 0; i < 3; i++) {
            Receipt receipt =
                    RandomReceipts.next(seeds, 500 + i)
                            .withTrade(null, null, null)
                            .withProject(null)
                            .withClauses(List.of())
                            .withCharge(null)
                            .withPricing(Money.of("0.5", "USD"), null);
            @Nullable Object[] values =
                    Arrays.copyOf(
                            ReceiptRow.values(
                                    Entry.attempt(ReceiptRow.cleaned(receipt), null), List.of()),
                            ReceiptRow.FIRST_FORM_COLUMNS);
            chain = chain.next(new RowHash(), values);
            insert(chain, ReceiptRow.COLUMNS.subList(0, ReceiptRow.FIRST_FORM_COLUMNS), values);
        }
        database.write(sql -> sql.update("insert into ledger_chain values ('old', 0, '')"));
        DatabaseLedger.open(database, "node-2").close();

        assertThat(reader.verify(Progress.NONE)).isEqualTo(new Ledger.Verification(33, null));
        assertThat(reader.row(RandomReceipts.TENANT, "rcpt_000501").orElseThrow().postings())
                .isEmpty();
        assertThat(reader.rebuild(Progress.NONE)).isEmpty();
        var all =
                UsageQuery.all(
                        RandomReceipts.TENANT,
                        RandomReceipts.FROM,
                        RandomReceipts.FROM.plus(Duration.ofDays(90)));
        long requests =
                new Rollups(database)
                        .usage(all).stream().mapToLong(row -> row.sums().requests()).sum();
        assertThat(requests).isEqualTo(33);
        database.write(
                sql -> sql.update("update receipt set project = 'p' where id = 'rcpt_000501'"));
        assertThat(flaw()).contains("chain old: row 2", "rcpt_000501");
    }

    @Test
    void progressIsTold() {
        var told = new ArrayList<Long>();
        reader.verify((rows, rowsAll) -> {
            told.add(rows);
            assertThat(rowsAll).isEqualTo(ROWS);
        });
        assertThat(told).containsExactly((long) ROWS);
    }

    private @Nullable String flaw() {
        return reader.verify(Progress.NONE).flaw();
    }

    private void swap(long one, long other) {
        database.write(sql -> {
            sql.update("update receipt set sequence = 2000 where sequence = ?", one);
            sql.update("update receipt set sequence = ? where sequence = ?", one, other);
            return sql.update("update receipt set sequence = ? where sequence = 2000", other);
        });
    }

    private Chain end() {
        return database.read(sql ->
                sql.one(
                                "select sequence, hash from ledger_chain where chain = 'node-1'",
                                row ->
                                        new Chain(
                                                "node-1", row.number("sequence"), row.text("hash")))
                        .orElseThrow());
    }

    private void insert(Chain place, List<String> columns, @Nullable Object[] values) {
        var row = new ArrayList<@Nullable Object>();
        row.add(place.name());
        row.add(place.sequence());
        row.add(place.hash());
        row.addAll(Arrays.asList(values));
        database.write(sql ->
                sql.update(
                        "insert into receipt (chain, sequence, hash, "
                                + String.join(", ", columns)
                                + ") values (?"
                                + ", ?".repeat(row.size() - 1)
                                + ")",
                        row.toArray()));
    }

    private @Nullable Object value(String table, String column, String where) {
        return database.read(sql ->
                sql.one(
                                "select " + column + " from " + table + " where " + where,
                                row ->
                                        new Object[] {
                                            NUMBERS.contains(column)
                                                    ? row.numberIf(column).orElse(null)
                                                    : row.textIf(column).orElse(null)
                                        })
                        .orElseThrow())[0];
    }

    private void set(String table, String column, String where, @Nullable Object value) {
        int changed =
                database.write(sql ->
                        sql.update(
                                "update " + table + " set " + column + " = ? where " + where,
                                value));
        assertThat(changed).as(table + "." + column + " where " + where).isEqualTo(1);
    }

    private void withoutTriggers() {
        List<String> drops =
                switch (database.engine()) {
                    case SQLITE ->
                            List.of(
                                    "drop trigger receipt_never_changes",
                                    "drop trigger receipt_never_goes",
                                    "drop trigger posting_never_changes",
                                    "drop trigger posting_never_goes");
                    case POSTGRES ->
                            List.of(
                                    "drop trigger receipt_stays on receipt",
                                    "drop trigger posting_stays on posting");
                };
        database.write(sql -> {
            for (String drop : drops) {
                sql.update(drop);
            }
            return true;
        });
    }
}
