package entrepot.runtime.memory;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.runtime.memory.MemoryVersion.Operation;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;

/** Writes one change of a memory, its version and the sums of its store. */
final class Ink {

    private final Sql sql;
    private final Memories.Change change;
    private final Memories.Held held;
    private final String version;
    private final String now;

    /**
     * @param version the id of the version that the change makes
     * @param now SQL for the database's clock
     */
    Ink(Sql sql, Memories.Change change, Memories.Held held, String version, String now) {
        this.sql = sql;
        this.change = change;
        this.held = held;
        this.version = version;
        this.now = now;
    }

    /**
     * @param before null for a new memory
     */
    void write(@Nullable Memory before, String id, String path, String content)
            throws SQLException {
        byte[] bytes = MemoryRows.bytes(content);
        String digest = MemoryRows.sha256(bytes);
        long grownBytes = bytes.length - (before == null ? 0 : before.bytes());
        requireRoom(before == null ? 1 : 0, grownBytes);
        if (before == null) {
            sql.update(
                    "insert into memory (tenant, store, id, path, content, sha256, bytes, version,"
                            + " created_ms, updated_ms) values (?, ?, ?, ?, ?, ?, ?, ?, "
                            + now
                            + ", "
                            + now
                            + ")",
                    change.viewer().tenant(),
                    change.storeId(),
                    id,
                    path,
                    content,
                    digest,
                    (long) bytes.length,
                    version);
        } else {
            sql.update(
                    "update memory set path = ?, content = ?, sha256 = ?, bytes = ?, version = ?,"
                            + " updated_ms = "
                            + now
                            + " where tenant = ? and store = ? and id = ?",
                    path,
                    content,
                    digest,
                    (long) bytes.length,
                    version,
                    change.viewer().tenant(),
                    change.storeId(),
                    id);
        }
        Operation operation = before == null ? Operation.CREATED : Operation.MODIFIED;
        version(id, operation, path, new Content(content, digest, bytes.length));
        count(before == null ? 1 : 0, grownBytes);
    }

    void delete(Memory before) throws SQLException {
        sql.update(
                "delete from memory where tenant = ? and store = ? and id = ?",
                change.viewer().tenant(),
                change.storeId(),
                before.id());
        version(before.id(), Operation.DELETED, before.path(), null);
        count(-1, -before.bytes());
    }

    private record Content(String text, String digest, long bytes) {}

    private void version(String id, Operation operation, String path, @Nullable Content content)
            throws SQLException {
        Author author = change.author();
        Author.Work work = author.work();
        sql.update(
                "insert into memory_version (tenant, store, id, memory, operation, path, content,"
                        + " sha256, bytes, principal, key_id, session, turn, call, call_key, at_ms)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                        + now
                        + ")",
                change.viewer().tenant(),
                change.storeId(),
                version,
                id,
                MemoryRows.word(operation),
                path,
                content == null ? null : content.text(),
                content == null ? null : content.digest(),
                content == null ? null : content.bytes(),
                author.principal(),
                author.keyId(),
                work == null ? null : work.sessionId(),
                work == null ? null : work.turnId(),
                work == null ? null : work.callId(),
                change.callKey());
    }

    private void requireRoom(int more, long grownBytes) {
        if (held.memories() + more > Memories.MEMORIES_MAX) {
            throw full("memories", Memories.MEMORIES_MAX);
        }
        if (grownBytes > 0 && held.bytes() + grownBytes > Memories.STORE_BYTES_MAX) {
            throw full("bytes", Memories.STORE_BYTES_MAX);
        }
    }

    private Failed full(String what, long max) {
        return new Failed(
                Failure.of(
                        Failure.Cause.LIMITED,
                        "Memory store "
                                + change.storeId()
                                + " is full: it has at most "
                                + max
                                + " "
                                + what
                                + ". Delete some memories, or use another store."));
    }

    /** Keeps the sums, and forgets the oldest versions that no memory needs when they are many. */
    private void count(int memories, long bytes) throws SQLException {
        int forgotten = 0;
        if (held.versions() + 1 > Memories.VERSIONS_MAX) {
            forgotten =
                    sql.update(
                            "delete from memory_version where tenant = ? and store = ? and id in"
                                    + " (select v.id from memory_version v where v.tenant = ? and"
                                    + " v.store = ? and not exists (select 1 from memory m where"
                                    + " m.tenant = v.tenant and m.store = v.store and m.version ="
                                    + " v.id) order by v.id limit ?)",
                            change.viewer().tenant(),
                            change.storeId(),
                            change.viewer().tenant(),
                            change.storeId(),
                            held.versions() + 1 - Memories.VERSIONS_MAX);
        }
        sql.update(
                "update memory_store set memories = memories + ?, bytes = bytes + ?, versions ="
                        + " versions + ? where tenant = ? and id = ?",
                memories,
                bytes,
                1 - forgotten,
                change.viewer().tenant(),
                change.storeId());
    }
}
