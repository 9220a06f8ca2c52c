package entrepot.knowledge.index;

import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which sources there are, who reads them, how far they have come. */
public final class SourceTable {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("knowledge", "entrepot/knowledge/index/migrations");

    private static final String COLUMNS =
            "select tenant, id, incarnation, kind, listed, change_head, epoch, owner,"
                    + " owned_until_millis, due_millis, synced_millis, progress from source";

    private final Database database;
    private final String now;

    public SourceTable(Database database) {
        this.database = database;
        this.now = database.engine().nowMillis();
    }

    /**
     * A source as it stands.
     *
     * @param listed what to list changes since; null to list everything
     * @param changeHead how many changes its documents have seen
     * @param epoch how many passes were begun
     * @param owner the node that reads it, or did last
     * @param syncedAt when it was last read to the end
     * @param progress of the pass under way, or the last one; a JSON object
     */
    public record Row(
            SourceKey key,
            String incarnation,
            String kind,
            @Nullable String listed,
            long changeHead,
            long epoch,
            @Nullable String owner,
            @Nullable Instant syncedAt,
            String progress) {}

    /** One node's right to write what it reads from a source. */
    public record Lease(SourceKey key, long epoch) {}

    /**
     * Makes a source known. One whose identity has changed is read anew as if nothing of it was
     * known.
     */
    public void register(SourceKey key, String kind, String identity, String incarnation) {
        database.write(sql -> {
            int fresh =
                    sql.update(
                            "insert into source (tenant, id, incarnation, kind, identity, listed,"
                                    + " change_head, owner, owned_until_millis, epoch, due_millis,"
                                    + " synced_millis, progress)"
                                    + " values (?, ?, ?, ?, ?, null, 0, null, 0, 0, 0, null, '{}')"
                                    + " on conflict do nothing",
                            key.tenant(),
                            key.id(),
                            incarnation,
                            kind,
                            identity);
            int changed =
                    fresh == 1
                            ? 0
                            : sql.update(
                                    "update source set identity = ?, kind = ?, listed = null,"
                                            + " due_millis = 0"
                                            + " where tenant = ? and id = ? and identity <> ?",
                                    identity,
                                    kind,
                                    key.tenant(),
                                    key.id(),
                                    identity);
            if (changed == 1) {
                sql.update(
                        "update document set stamp = '' where tenant = ? and source = ?",
                        key.tenant(),
                        key.id());
            }
            return changed;
        });
    }

    public Optional<Row> get(SourceKey key) {
        return database.read(sql ->
                sql.one(
                        COLUMNS + " where tenant = ? and id = ?",
                        SourceTable::row,
                        key.tenant(),
                        key.id()));
    }

    public List<Row> all() {
        return database.read(sql -> sql.query(COLUMNS + " order by tenant, id", SourceTable::row));
    }

    private static Row row(Sql.Row row) throws SQLException {
        return new Row(
                new SourceKey(row.text("tenant"), row.text("id")),
                row.text("incarnation"),
                row.text("kind"),
                row.textIf("listed").orElse(null),
                row.number("change_head"),
                row.number("epoch"),
                row.textIf("owner").orElse(null),
                row.numberIf("synced_millis").map(Instant::ofEpochMilli).orElse(null),
                row.text("progress"));
    }

    /** Has a source read soon, by whichever node is first. Returns whether there is such one. */
    public boolean wake(SourceKey key) {
        return database.once(sql ->
                sql.update(
                        "update source set due_millis = 0 where tenant = ? and id = ?",
                        key.tenant(),
                        key.id()))
                == 1;
    }

    /** Sources that a node could take now. */
    public Set<SourceKey> due(String owner) {
        return Set.copyOf(
                database.read(sql ->
                        sql.query(
                                "select tenant, id from source where due_millis <= "
                                        + now
                                        + " and (owned_until_millis <= "
                                        + now
                                        + " or owner = ?)",
                                row -> new SourceKey(row.text("tenant"), row.text("id")),
                                owner)));
    }

    /**
     * Takes a source to read, if it is due and nobody else is reading it. What this node itself had
     * taken before it ended does not keep it waiting.
     *
     * @param owner this node
     * @param millis how long the taking holds unless it is renewed
     * @param progress of the pass that begins
     */
    public Optional<Lease> take(SourceKey key, String owner, long millis, String progress) {
        return database.once(sql ->
                sql.one(
                        "update source set owner = ?, progress = ?, epoch = epoch + 1,"
                                + " owned_until_millis = "
                                + now
                                + " + ? where tenant = ? and id = ? and due_millis <= "
                                + now
                                + " and (owned_until_millis <= "
                                + now
                                + " or owner = ?) returning epoch",
                        row -> new Lease(key, row.number("epoch")),
                        owner,
                        progress,
                        millis,
                        key.tenant(),
                        key.id(),
                        owner));
    }

    /**
     * Renews the taking and tells how far the pass has come.
     *
     * @throws Fenced when it is another's by now
     */
    public void renew(Lease lease, long millis, String progress) {
        int mine =
                database.once(sql ->
                        sql.update(
                                "update source set progress = ?, owned_until_millis = "
                                        + now
                                        + " + ? where tenant = ? and id = ? and epoch = ?",
                                progress,
                                millis,
                                lease.key().tenant(),
                                lease.key().id(),
                                lease.epoch()));
        if (mine != 1) {
            throw new Fenced();
        }
    }

    /**
     * Ends a pass and gives the source up.
     *
     * @param listed what to list changes since; null when the pass did not come to its end
     * @param pauseMillis until the next
     */
    public void done(Lease lease, @Nullable String listed, long pauseMillis, String progress) {
        boolean whole = listed != null;
        int mine =
                database.once(sql ->
                        sql.update(
                                "update source set progress = ?, owned_until_millis = 0,"
                                        + (whole ? " listed = ?, synced_millis = " + now + "," : "")
                                        + " due_millis = "
                                        + now
                                        + " + ? where tenant = ? and id = ? and epoch = ?",
                                whole
                                        ? new Object[] {
                                            progress,
                                            listed,
                                            pauseMillis,
                                            lease.key().tenant(),
                                            lease.key().id(),
                                            lease.epoch()
                                        }
                                        : new Object[] {
                                            progress,
                                            pauseMillis,
                                            lease.key().tenant(),
                                            lease.key().id(),
                                            lease.epoch()
                                        }));
        if (mine != 1) {
            throw new Fenced();
        }
    }

    /**
     * The number of the next change of a source's documents, in the transaction that makes it: its
     * row keeps writers in line, so that changes become visible in the order of their numbers.
     */
    static long nextChange(Sql sql, Lease lease) throws SQLException {
        return sql.one(
                        "update source set change_head = change_head + 1"
                                + " where tenant = ? and id = ? and epoch = ?"
                                + " returning change_head",
                        row -> row.number("change_head"),
                        lease.key().tenant(),
                        lease.key().id(),
                        lease.epoch())
                .orElseThrow(Fenced::new);
    }

    /** Takes a source and all that was read from it out of the database. */
    public boolean forget(SourceKey key) {
        return database.write(sql -> {
            Object[] which = {key.tenant(), key.id()};
            sql.update("delete from passage where tenant = ? and source = ?", which);
            sql.update("delete from document where tenant = ? and source = ?", which);
            return sql.update("delete from source where tenant = ? and id = ?", which) == 1;
        });
    }
}
