package entrepot.runtime.memory;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Ids;
import entrepot.runtime.memory.MemoryVersion.Operation;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Memories and their versions. Each change is one transaction; the same call key makes it once.
 * Refusals are thrown as {@code entrepot.conversation.Failed}, with NOT_FOUND for a store that the
 * viewer does not see.
 */
public final class Memories {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("memory", "entrepot/runtime/memory/migrations");

    public static final int CONTENT_BYTES_MAX = 102_400;

    /** Of one store. */
    static final int MEMORIES_MAX = 2_000;

    static final long STORE_BYTES_MAX = 32L << 20;
    static final int VERSIONS_MAX = 20_000;

    private final Database database;
    private final Ids ids;
    private final String now;

    public Memories(Database database, Ids ids) {
        this.database = database;
        this.ids = ids;
        this.now = database.engine().nowMillis();
    }

    /**
     * A change that is asked for.
     *
     * @param callKey the same for each try of one change; null when it is tried once
     */
    public record Change(Viewer viewer, String storeId, Author author, @Nullable String callKey) {}

    // ---- what there is

    public Optional<Memory> find(Viewer viewer, String storeId, String memoryId) {
        return database.read(sql -> {
            require(sql, viewer, storeId);
            return byId(sql, viewer.tenant(), storeId, memoryId);
        });
    }

    public Optional<Memory> at(Viewer viewer, String storeId, String path) {
        return database.read(sql -> {
            require(sql, viewer, storeId);
            return byPath(sql, viewer.tenant(), storeId, path);
        });
    }

    /** All memories by path, without their contents. */
    public List<Memory> all(Viewer viewer, String storeId) {
        return database.read(sql -> {
            require(sql, viewer, storeId);
            return lines(sql, viewer.tenant(), storeId);
        });
    }

    /** The memories that answer a question best, best first. */
    public List<MemorySearch.Hit> search(
            Viewer viewer, String storeId, String query, int countMax) {
        var search = new MemorySearch(query);
        for (Memory line : all(viewer, storeId)) {
            // One at a time: a whole store may be large.
            database.read(sql -> byId(sql, viewer.tenant(), storeId, line.id()))
                    .ifPresent(search::add);
        }
        return search.best(countMax);
    }

    private static void require(Sql sql, Viewer viewer, String storeId) throws SQLException {
        if (MemoryStores.find(sql, viewer, storeId).isEmpty()) {
            throw MemoryStores.missing(storeId);
        }
    }

    private static Optional<Memory> byId(Sql sql, String tenant, String storeId, String id)
            throws SQLException {
        return sql.one(
                MemoryRows.MEMORY + " where tenant = ? and store = ? and id = ?",
                MemoryRows::memory,
                tenant,
                storeId,
                id);
    }

    private static Optional<Memory> byPath(Sql sql, String tenant, String storeId, String path)
            throws SQLException {
        return sql.one(
                MemoryRows.MEMORY + " where tenant = ? and store = ? and path = ?",
                MemoryRows::memory,
                tenant,
                storeId,
                path);
    }

    private static List<Memory> lines(Sql sql, String tenant, String storeId) throws SQLException {
        List<Memory> lines =
                new ArrayList<>(
                        sql.query(
                                MemoryRows.MEMORY_LINE + " where tenant = ? and store = ?",
                                MemoryRows::memory,
                                tenant,
                                storeId));
        // Databases disagree on the order of texts; this is the same everywhere.
        lines.sort(Comparator.comparing(Memory::path));
        return lines;
    }

    // ---- changes

    /** Makes a memory, or puts another content into the one at the path. */
    public Written put(Change change, String path, String content, Expected expected) {
        Paths.check(path);
        return write(
                change,
                sql -> byPath(sql, change.viewer().tenant(), change.storeId(), path),
                path,
                content,
                expected);
    }

    /** Makes a memory where there is none. */
    public Written create(Change change, String path, String content) {
        Paths.check(path);
        return write(change, sql -> Optional.empty(), path, content, new Expected.Anything());
    }

    /**
     * Changes content, path or both of a memory.
     *
     * @param path null to keep it
     * @param content null to keep it
     */
    public Written update(
            Change change,
            String memoryId,
            @Nullable String path,
            @Nullable String content,
            Expected expected) {
        if (path != null) {
            Paths.check(path);
        }
        return write(
                change,
                sql ->
                        Optional.of(
                                byId(sql, change.viewer().tenant(), change.storeId(), memoryId)
                                        .orElseThrow(() -> missing(memoryId))),
                path,
                content,
                expected);
    }

    private Written write(
            Change change,
            Database.Work<Optional<Memory>> target,
            @Nullable String path,
            @Nullable String content,
            Expected expected) {
        if (content != null) {
            requireContent(content);
        }
        String version = ids.next("memver_");
        String fresh = ids.next("mem_");
        return database.write(sql -> {
            Held held = hold(sql, change, false);
            Optional<MemoryVersion> done = doneBefore(sql, change);
            if (done.isPresent()) {
                return new Written.Done(asOf(done.get()));
            }
            Memory before = target.run(sql).orElse(null);
            String toPath = path == null ? required(before).path() : path;
            String toContent = content == null ? required(required(before).content()) : content;
            if (before != null
                    && before.path().equals(toPath)
                    && toContent.equals(before.content())) {
                return new Written.Done(before);
            }
            if (!expected.holds(before)) {
                return new Written.Stale(before);
            }
            for (Memory other : lines(sql, change.viewer().tenant(), change.storeId())) {
                if ((before == null || !other.id().equals(before.id()))
                        && Paths.overlap(other.path(), toPath)) {
                    return new Written.Taken(other);
                }
            }
            new Ink(sql, change, held, version, now)
                    .write(before, before == null ? fresh : before.id(), toPath, toContent);
            return new Written.Done(
                    byPath(sql, change.viewer().tenant(), change.storeId(), toPath).orElseThrow());
        });
    }

    /** Deletes a memory; its versions stay. Done is told with the memory as it was. */
    public Written delete(Change change, String memoryId, Expected expected) {
        return delete(
                        change,
                        sql -> byId(sql, change.viewer().tenant(), change.storeId(), memoryId),
                        expected)
                .orElseThrow(() -> missing(memoryId));
    }

    /** Deletes the memory at a path; empty when there is none. */
    public Optional<Written> remove(Change change, String path, Expected expected) {
        return delete(
                change,
                sql -> byPath(sql, change.viewer().tenant(), change.storeId(), path),
                expected);
    }

    private Optional<Written> delete(
            Change change, Database.Work<Optional<Memory>> target, Expected expected) {
        String version = ids.next("memver_");
        return database.write(sql -> {
            Held held = hold(sql, change, true);
            Optional<MemoryVersion> done = doneBefore(sql, change);
            if (done.isPresent()) {
                return Optional.<Written>of(new Written.Done(asOf(done.get())));
            }
            Memory before = target.run(sql).orElse(null);
            if (before == null) {
                return Optional.<Written>empty();
            }
            if (!expected.holds(before)) {
                return Optional.<Written>of(new Written.Stale(before));
            }
            new Ink(sql, change, held, version, now).delete(before);
            return Optional.<Written>of(new Written.Done(before));
        });
    }

    /** Sums of a store, whose row is ours for the rest of the transaction. */
    record Held(long memories, long bytes, long versions) {}

    private static Held hold(Sql sql, Change change, boolean evenArchived) throws SQLException {
        Viewer viewer = change.viewer();
        String storeId = change.storeId();
        sql.update(
                "update memory_store set versions = versions where tenant = ? and id = ?",
                viewer.tenant(),
                storeId);
        MemoryStore store =
                MemoryStores.find(sql, viewer, storeId)
                        .orElseThrow(() -> MemoryStores.missing(storeId));
        if (store.archivedMillis() != null && !evenArchived) {
            throw MemoryStores.archived(storeId);
        }
        return sql.one(
                        "select memories, bytes, versions from memory_store"
                                + " where tenant = ? and id = ?",
                        row ->
                                new Held(
                                        row.number("memories"),
                                        row.number("bytes"),
                                        row.number("versions")),
                        viewer.tenant(),
                        storeId)
                .orElseThrow();
    }

    private static Optional<MemoryVersion> doneBefore(Sql sql, Change change) throws SQLException {
        return change.callKey() == null
                ? Optional.empty()
                : sql.one(
                        MemoryRows.VERSION + " where tenant = ? and store = ? and call_key = ?",
                        MemoryRows::version,
                        change.viewer().tenant(),
                        change.storeId(),
                        change.callKey());
    }

    private static Memory asOf(MemoryVersion version) {
        return new Memory(
                version.memoryId(),
                version.path() == null ? "" : version.path(),
                version.content(),
                version.sha256() == null ? "" : version.sha256(),
                version.bytes() == null ? 0 : version.bytes(),
                version.id(),
                version.createdMillis(),
                version.createdMillis());
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a change of what is not there names path and content");
        }
        return value;
    }

    private static void requireContent(String content) {
        if (content.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(content)) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Invalid value for 'content': it must be text, without NUL and"
                                    + " without halves of letters.",
                            "content"));
        }
        int bytes = MemoryRows.bytes(content).length;
        if (bytes > CONTENT_BYTES_MAX) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "Invalid value for 'content': it has "
                                    + bytes
                                    + " bytes, and a memory at most "
                                    + CONTENT_BYTES_MAX
                                    + ". Divide it into several.",
                            "content"));
        }
    }

    static Failed missing(String memoryId) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "There is no memory " + memoryId + "."));
    }

    // ---- versions

    /**
     * Which versions.
     *
     * @param memoryId of a memory that may be gone; null for any, and so for the rest
     */
    public record Filter(
            @Nullable String memoryId,
            @Nullable Operation operation,
            @Nullable String sessionId,
            @Nullable String keyId) {
        public static final Filter ALL = new Filter(null, null, null, null);
    }

    /** Without their contents. */
    public Page<MemoryVersion> versions(
            Viewer viewer, String storeId, Filter filter, Page.Query query) {
        var where = new StringBuilder(" where tenant = ? and store = ?");
        List<Object> parameters = new ArrayList<>(List.of(viewer.tenant(), storeId));
        and(where, parameters, " and memory = ?", filter.memoryId());
        and(
                where,
                parameters,
                " and operation = ?",
                filter.operation() == null ? null : MemoryRows.word(filter.operation()));
        and(where, parameters, " and session = ?", filter.sessionId());
        and(where, parameters, " and key_id = ?", filter.keyId());
        and(where, parameters, query.ascending() ? " and id > ?" : " and id < ?", query.after());
        parameters.add(query.countMax() + 1);
        String order = query.ascending() ? " order by id limit ?" : " order by id desc limit ?";
        return database.read(sql -> {
            require(sql, viewer, storeId);
            return Page.of(
                    sql.query(
                            MemoryRows.VERSION_LINE + where + order,
                            MemoryRows::version,
                            parameters.toArray()),
                    query.countMax());
        });
    }

    private static void and(
            StringBuilder where, List<Object> parameters, String clause, @Nullable String value) {
        if (value != null) {
            where.append(clause);
            parameters.add(value);
        }
    }

    public Optional<MemoryVersion> version(Viewer viewer, String storeId, String versionId) {
        return database.read(sql -> {
            require(sql, viewer, storeId);
            return version(sql, viewer.tenant(), storeId, versionId);
        });
    }

    private static Optional<MemoryVersion> version(
            Sql sql, String tenant, String storeId, String versionId) throws SQLException {
        return sql.one(
                MemoryRows.VERSION + " where tenant = ? and store = ? and id = ?",
                MemoryRows::version,
                tenant,
                storeId,
                versionId);
    }

    /**
     * Takes content and path of an earlier version away for good. Its digest and author stay. What
     * a memory holds now is not an earlier version: change or delete it first.
     */
    public MemoryVersion redact(Viewer viewer, String storeId, String versionId, Author author) {
        return database.write(sql -> {
            hold(sql, new Change(viewer, storeId, author, null), true);
            if (version(sql, viewer.tenant(), storeId, versionId).isEmpty()) {
                throw noVersion(versionId);
            }
            boolean current =
                    sql.one(
                                    "select id from memory where tenant = ? and store = ? and"
                                            + " version = ?",
                                    row -> row.text("id"),
                                    viewer.tenant(),
                                    storeId,
                                    versionId)
                            .isPresent();
            if (current) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.CONFLICT,
                                "Version "
                                        + versionId
                                        + " is what its memory holds now: change or delete the"
                                        + " memory, then redact."));
            }
            sql.update(
                    "update memory_version set content = null, path = null, redacted_ms = "
                            + now
                            + ", redacted_by = ?, redacted_key = ?"
                            + " where tenant = ? and store = ? and id = ? and redacted_ms is null",
                    author.principal(),
                    author.keyId(),
                    viewer.tenant(),
                    storeId,
                    versionId);
            return version(sql, viewer.tenant(), storeId, versionId).orElseThrow();
        });
    }

    private static Failed noVersion(String versionId) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND, "There is no memory version " + versionId + "."));
    }
}
