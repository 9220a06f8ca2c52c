package entrepot.knowledge.index;

import entrepot.knowledge.sources.Access;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Documents and their passages. Every change is one transaction with its number. */
public final class DocumentTable {

    private static final String COLUMNS =
            "tenant, source, id, change, gone, revision, title, uri, content_type, label, access,"
                    + " bytes, passages, error, read_millis";

    private final Database database;
    private final InstantSource clock;

    public DocumentTable(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What is known of a document before it is read again. */
    public record Known(String stamp, String revision, String title, String label, Access access) {}

    /** A document whose passages are searched, or that is gone. */
    record Changed(String id, long change, boolean gone, StoredDocument document) {}

    /** A passage with its vector. */
    record Embedded(Passage passage, float[] vector) {}

    /** A passage of a document, as both stand now. */
    record Found(StoredDocument document, Passage passage, float[] vector) {}

    /** What a source has, by id. */
    public Map<String, Known> known(SourceKey source) {
        Map<String, Known> known = new HashMap<>();
        database.read(sql ->
                        sql.query(
                                "select id, stamp, revision, title, label, access from document"
                                        + " where tenant = ? and source = ? and gone = 0",
                                row ->
                                        Map.entry(
                                                row.text("id"),
                                                new Known(
                                                        row.text("stamp"),
                                                        row.text("revision"),
                                                        row.text("title"),
                                                        row.text("label"),
                                                        Access.read(row.text("access")))),
                                source.tenant(),
                                source.id()))
                .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        return known;
    }

    /** Stores a document and its passages in place of what there was of it. */
    public void put(SourceTable.Lease lease, Reading reading) {
        List<@Nullable Object[]> rows = rows(lease.key(), reading);
        long now = clock.millis();
        database.write(sql -> {
            long change = SourceTable.nextChange(sql, lease);
            deletePassages(sql, lease.key(), reading.id());
            sql.update(
                    "insert into document (tenant, source, id, change, gone, stamp, revision,"
                        + " title, uri, content_type, label, access, bytes, passages, body, error,"
                        + " read_millis) values (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " on conflict (tenant, source, id) do update set change ="
                        + " excluded.change, gone = 0, stamp = excluded.stamp, revision ="
                        + " excluded.revision, title = excluded.title, uri = excluded.uri,"
                        + " content_type = excluded.content_type, label = excluded.label, access ="
                        + " excluded.access, bytes = excluded.bytes, passages = excluded.passages,"
                        + " body = excluded.body, error = excluded.error, read_millis ="
                        + " excluded.read_millis",
                    lease.key().tenant(),
                    lease.key().id(),
                    reading.id(),
                    change,
                    reading.stamp(),
                    reading.revision(),
                    reading.title(),
                    reading.uri(),
                    reading.contentType(),
                    reading.label(),
                    reading.access().stored(),
                    reading.bytes(),
                    (long) rows.size(),
                    reading.body(),
                    reading.error(),
                    now);
            if (!rows.isEmpty()) {
                sql.updateAll(
                        "insert into passage (tenant, source, document, ordinal, from_char,"
                                + " to_char, line, page, heading, text, vector)"
                                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        rows);
            }
            return change;
        });
    }

    private static List<@Nullable Object[]> rows(SourceKey source, Reading reading) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < reading.passages().size(); i++) {
            Passage passage = reading.passages().get(i);
            Integer page = passage.page();
            rows.add(
                    new @Nullable Object[] {
                        source.tenant(),
                        source.id(),
                        reading.id(),
                        (long) passage.ordinal(),
                        (long) passage.from(),
                        (long) passage.to(),
                        (long) passage.line(),
                        page == null ? null : (Long) page.longValue(),
                        passage.heading(),
                        passage.text(),
                        Vectors.bytes(reading.vectors().get(i))
                    });
        }
        return rows;
    }

    /** What changed beside the text of a document: it is not read again. */
    public void touch(
            SourceTable.Lease lease, String id, String stamp, String label, Access access) {
        database.write(sql -> {
            long change = SourceTable.nextChange(sql, lease);
            return sql.update(
                    "update document set change = ?, stamp = ?, label = ?, access = ?"
                            + " where tenant = ? and source = ? and id = ?",
                    change,
                    stamp,
                    label,
                    access.stored(),
                    lease.key().tenant(),
                    lease.key().id(),
                    id);
        });
    }

    /** Notes that a document could not be read again; what is known of it stays. */
    public void fail(SourceTable.Lease lease, String id, String why) {
        database.write(sql -> {
            SourceTable.nextChange(sql, lease);
            return sql.update(
                    "update document set stamp = '', error = ?"
                            + " where tenant = ? and source = ? and id = ?",
                    why,
                    lease.key().tenant(),
                    lease.key().id(),
                    id);
        });
    }

    /** Takes a document's text and passages away; that it is gone stays on record. */
    public void remove(SourceTable.Lease lease, String id) {
        database.write(sql -> {
            long change = SourceTable.nextChange(sql, lease);
            deletePassages(sql, lease.key(), id);
            return sql.update(
                    "update document set change = ?, gone = 1, stamp = '', body = '', title = '',"
                            + " uri = '', access = '', passages = 0, error = null"
                            + " where tenant = ? and source = ? and id = ?",
                    change,
                    lease.key().tenant(),
                    lease.key().id(),
                    id);
        });
    }

    private static void deletePassages(Sql sql, SourceKey source, String id) throws SQLException {
        sql.update(
                "delete from passage where tenant = ? and source = ? and document = ?",
                source.tenant(),
                source.id(),
                id);
    }

    /** A source's documents by id, readable or not: for its operator. */
    public Page<StoredDocument> list(SourceKey source, @Nullable String after, int countMax) {
        return Page.of(
                database.read(sql ->
                        sql.query(
                                "select "
                                        + COLUMNS
                                        + " from document where tenant = ? and source = ?"
                                        + " and gone = 0 and id > ? order by id limit ?",
                                DocumentTable::document,
                                source.tenant(),
                                source.id(),
                                after == null ? "" : after,
                                (long) countMax + 1)),
                countMax);
    }

    /** How much of a source there is to search. */
    public record Totals(long documents, long passages, long errors) {}

    public Totals totals(SourceKey source) {
        return database.read(sql ->
                sql.one(
                                "select count(*) as documents,"
                                        + " coalesce(sum(passages), 0) as passages,"
                                        + " count(error) as errors from document"
                                        + " where tenant = ? and source = ? and gone = 0",
                                row ->
                                        new Totals(
                                                row.number("documents"),
                                                row.number("passages"),
                                                row.number("errors")),
                                source.tenant(),
                                source.id())
                        .orElseThrow());
    }

    /** A document as it stands; empty when there is none, or none any more. */
    public Optional<StoredDocument> get(SourceKey source, String id) {
        return database.read(sql ->
                sql.one(
                        "select "
                                + COLUMNS
                                + " from document where tenant = ? and source = ? and id = ?"
                                + " and gone = 0",
                        DocumentTable::document,
                        source.tenant(),
                        source.id(),
                        id));
    }

    /** A document's text with what else is known of it. */
    public record Text(StoredDocument document, String body) {}

    public Optional<Text> text(SourceKey source, String id) {
        return database.read(sql ->
                sql.one(
                        "select "
                                + COLUMNS
                                + ", body from document where tenant = ? and source = ? and id = ?"
                                + " and gone = 0",
                        row -> new Text(document(row), row.text("body")),
                        source.tenant(),
                        source.id(),
                        id));
    }

    /** Passages with their documents as both stand now; those that are gone are left out. */
    List<Found> find(List<PassageKey> keys) {
        return database.read(sql -> {
            var found = new ArrayList<Found>(keys.size());
            for (PassageKey key : keys) {
                sql.one(
                                "select d.tenant, d.source, d.id, d.change, d.gone, d.revision,"
                                    + " d.title, d.uri, d.content_type, d.label, d.access, d.bytes,"
                                    + " d.passages, d.error, d.read_millis, p.ordinal, p.from_char,"
                                    + " p.to_char, p.line, p.page, p.heading, p.text, p.vector from"
                                    + " passage p join document d on d.tenant = p.tenant and"
                                    + " d.source = p.source and d.id = p.document where p.tenant ="
                                    + " ? and p.source = ? and p.document = ? and p.ordinal = ? and"
                                    + " d.gone = 0 and d.change = ?",
                                row ->
                                        new Found(
                                                document(row),
                                                passage(row),
                                                Vectors.of(row.bytes("vector"))),
                                key.source().tenant(),
                                key.source().id(),
                                key.document(),
                                (long) key.ordinal(),
                                key.change())
                        .ifPresent(found::add);
            }
            return found;
        });
    }

    /** Documents that changed after a number, in order. */
    List<Changed> changes(SourceKey source, long after, int countMax) {
        return database.read(sql ->
                sql.query(
                        "select "
                                + COLUMNS
                                + " from document where tenant = ? and source = ? and change > ?"
                                + " order by change limit ?",
                        row ->
                                new Changed(
                                        row.text("id"),
                                        row.number("change"),
                                        row.number("gone") == 1,
                                        document(row)),
                        source.tenant(),
                        source.id(),
                        after,
                        (long) countMax));
    }

    List<Embedded> passages(SourceKey source, String document) {
        return database.read(sql ->
                sql.query(
                        "select ordinal, from_char, to_char, line, page, heading, text, vector"
                                + " from passage where tenant = ? and source = ? and document = ?"
                                + " order by ordinal",
                        row -> new Embedded(passage(row), Vectors.of(row.bytes("vector"))),
                        source.tenant(),
                        source.id(),
                        document));
    }

    private static Passage passage(Sql.Row row) throws SQLException {
        return new Passage(
                (int) row.number("ordinal"),
                (int) row.number("from_char"),
                (int) row.number("to_char"),
                (int) row.number("line"),
                row.numberIf("page").map(Long::intValue).orElse(null),
                row.text("heading"),
                row.text("text"));
    }

    private static StoredDocument document(Sql.Row row) throws SQLException {
        return new StoredDocument(
                new SourceKey(row.text("tenant"), row.text("source")),
                row.text("id"),
                row.text("revision"),
                row.text("title"),
                row.text("uri"),
                row.text("content_type"),
                row.text("label"),
                Access.read(row.text("access")),
                row.number("bytes"),
                (int) row.number("passages"),
                row.textIf("error").orElse(null),
                Instant.ofEpochMilli(row.number("read_millis")));
    }
}
