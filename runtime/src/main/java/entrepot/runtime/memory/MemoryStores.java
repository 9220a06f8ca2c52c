package entrepot.runtime.memory;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.runtime.agents.IdempotencyKeys;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The memory stores of a tenant. Keys see their team's; keys that administer see all. Refusals are
 * thrown as {@code entrepot.conversation.Failed}.
 */
public final class MemoryStores {

    static final int STORES_MAX = 1_000;
    public static final int NAME_CHARS_MAX = 255;
    public static final int DESCRIPTION_CHARS_MAX = 1_024;

    private final Database database;
    private final IdempotencyKeys keys;
    private final Ids ids;
    private final String now;

    public MemoryStores(Database database, Ids ids) {
        this.database = database;
        this.keys = new IdempotencyKeys(database);
        this.ids = ids;
        this.now = database.engine().nowMillis();
    }

    /** What its owner says of a store. */
    public record About(String name, String description, Map<String, String> metadata) {
        public About {
            metadata = Map.copyOf(metadata);
            if (name.isBlank() || name.length() > NAME_CHARS_MAX || hasControls(name)) {
                throw invalid(
                        "name",
                        "it must be 1 to " + NAME_CHARS_MAX + " characters, none a control.");
            }
            if (description.length() > DESCRIPTION_CHARS_MAX || description.indexOf('\0') >= 0) {
                throw invalid(
                        "description",
                        "it must be at most " + DESCRIPTION_CHARS_MAX + " characters, none NUL.");
            }
        }

        private static boolean hasControls(String text) {
            return text.chars().anyMatch(Character::isISOControl);
        }

        private static Failed invalid(String param, String problem) {
            return new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Invalid value for '" + param + "': " + problem,
                            param));
        }
    }

    public MemoryStore create(Caller caller, About about, @Nullable String idempotencyKey) {
        String made = ids.next("memstore_");
        String metadata = MemoryRows.write(about.metadata());
        String id =
                database.write(sql -> {
                    Optional<String> before =
                            keys.claim(
                                    sql,
                                    caller.tenant(),
                                    "memory_store.create",
                                    idempotencyKey,
                                    about.name() + about.description() + metadata,
                                    made);
                    if (before.isEmpty()) {
                        insert(sql, caller, made, about, metadata);
                    }
                    return before.orElse(made);
                });
        return find(Viewer.of(caller), id).orElseThrow(() -> missing(id));
    }

    private void insert(Sql sql, Caller caller, String id, About about, String metadata)
            throws SQLException {
        long count =
                sql.one(
                                "select count(*) n from memory_store where tenant = ?",
                                row -> row.number("n"),
                                caller.tenant())
                        .orElse(0L);
        if (count >= STORES_MAX) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.LIMITED,
                            "There are "
                                    + count
                                    + " memory stores; at most "
                                    + STORES_MAX
                                    + " are kept. Delete one first."));
        }
        sql.update(
                "insert into memory_store (tenant, id, team, name, description, metadata,"
                        + " memories, bytes, versions, created_ms, updated_ms)"
                        + " values (?, ?, ?, ?, ?, ?, 0, 0, 0, "
                        + now
                        + ", "
                        + now
                        + ")",
                caller.tenant(),
                id,
                caller.team(),
                about.name(),
                about.description(),
                metadata);
    }

    public Optional<MemoryStore> find(Viewer viewer, String storeId) {
        return database.read(sql -> find(sql, viewer, storeId));
    }

    static Optional<MemoryStore> find(Sql sql, Viewer viewer, String storeId) throws SQLException {
        return viewer.team() == null
                ? sql.one(
                        MemoryRows.STORE + " where tenant = ? and id = ?",
                        MemoryRows::store,
                        viewer.tenant(),
                        storeId)
                : sql.one(
                        MemoryRows.STORE + " where tenant = ? and id = ? and team = ?",
                        MemoryRows::store,
                        viewer.tenant(),
                        storeId,
                        viewer.team());
    }

    /**
     * By id.
     *
     * @param archived whether those that are archived are among them
     */
    public Page<MemoryStore> list(Viewer viewer, boolean archived, Page.Query query) {
        var where = new StringBuilder(" where tenant = ?");
        List<Object> parameters = new ArrayList<>(List.of(viewer.tenant()));
        if (viewer.team() != null) {
            where.append(" and team = ?");
            parameters.add(viewer.team());
        }
        if (!archived) {
            where.append(" and archived_ms is null");
        }
        if (query.after() != null) {
            where.append(query.ascending() ? " and id > ?" : " and id < ?");
            parameters.add(query.after());
        }
        parameters.add(query.countMax() + 1);
        String order = query.ascending() ? " order by id limit ?" : " order by id desc limit ?";
        return Page.of(
                database.read(sql ->
                        sql.query(
                                MemoryRows.STORE + where + order,
                                MemoryRows::store,
                                parameters.toArray())),
                query.countMax());
    }

    /** Changes what is said of a store; an archived one stays as it is. */
    public MemoryStore update(Viewer viewer, String storeId, UnaryOperator<About> change) {
        database.write(sql -> {
            MemoryStore old = find(sql, viewer, storeId).orElseThrow(() -> missing(storeId));
            if (old.archivedMillis() != null) {
                throw archived(storeId);
            }
            About next = change.apply(new About(old.name(), old.description(), old.metadata()));
            return sql.update(
                    "update memory_store set name = ?, description = ?, metadata = ?,"
                            + " updated_ms = "
                            + now
                            + " where tenant = ? and id = ?",
                    next.name(),
                    next.description(),
                    MemoryRows.write(next.metadata()),
                    viewer.tenant(),
                    storeId);
        });
        return find(viewer, storeId).orElseThrow(() -> missing(storeId));
    }

    /** From now on nothing in it changes, for good. An archived one stays archived. */
    public MemoryStore archive(Viewer viewer, String storeId) {
        database.write(sql -> {
            require(sql, viewer, storeId);
            return sql.update(
                    "update memory_store set archived_ms = "
                            + now
                            + ", updated_ms = "
                            + now
                            + " where tenant = ? and id = ? and archived_ms is null",
                    viewer.tenant(),
                    storeId);
        });
        return find(viewer, storeId).orElseThrow(() -> missing(storeId));
    }

    private static void require(Sql sql, Viewer viewer, String storeId) throws SQLException {
        if (find(sql, viewer, storeId).isEmpty()) {
            throw missing(storeId);
        }
    }

    /** Deletes a store with all its memories and their versions. */
    public void delete(Viewer viewer, String storeId) {
        database.write(sql -> {
            require(sql, viewer, storeId);
            for (String table : List.of("memory_version", "memory")) {
                sql.update(
                        "delete from " + table + " where tenant = ? and store = ?",
                        viewer.tenant(),
                        storeId);
            }
            return sql.update(
                    "delete from memory_store where tenant = ? and id = ?",
                    viewer.tenant(),
                    storeId);
        });
    }

    static Failed missing(String storeId) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "There is no memory store " + storeId + "."));
    }

    static Failed archived(String storeId) {
        return new Failed(
                Failure.of(
                        Failure.Cause.CONFLICT,
                        "Memory store "
                                + storeId
                                + " is archived: its memories can be read and deleted, and"
                                + " nothing else."));
    }
}
