package entrepot.runtime.responses;

import entrepot.runtime.responses.ConversationTable.Times;
import entrepot.runtime.responses.StoredResponse.Origin;
import entrepot.runtime.responses.StoredResponse.Status;
import entrepot.store.Database;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * Keeps responses. Whoever makes one holds it under an epoch until it ends; a write under an older
 * epoch is refused, so that a cancelled response, or one that another node took over, stays as it
 * was told.
 *
 * <p>A response that is deleted or whose time is over is out of sight at once. Its rows go when no
 * later response builds on them any more.
 */
public final class ResponseStore {

    /** The tables of this package. */
    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("responses", "entrepot/runtime/responses/migrations");

    static final int SWEEP_ROWS_MAX = 500;
    private static final long EPOCH = 1;

    private static final String ROW =
            "select tenant, id, status, background, previous, conversation, team, principal,"
                    + " key_id, request, body, created_ms, epoch, lease_ms from response ";

    private final Database database;
    private final InstantSource clock;
    private final KeepSettings settings;
    private final String append;
    private final Hints hints = new Hints();

    /**
     * @param database migrated with {@link #MIGRATIONS}
     */
    public ResponseStore(Database database, InstantSource clock, KeepSettings settings) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
        // The row lock keeps an ending waiting, so that no event appears behind the last one.
        String locked = database.engine() == Database.Engine.POSTGRES ? " for share" : "";
        this.append =
                "insert into response_event (tenant, response, first_number, last_number, events)"
                        + " select tenant, id, ?, ?, ? from response"
                        + " where tenant = ? and id = ? and epoch = ? and lease_ms is not null"
                        + locked;
        if (database.engine() == Database.Engine.SQLITE) {
            // One process at a time has the file: whoever held anything is gone.
            database.once(sql ->
                    sql.update("update response set lease_ms = 0 where lease_ms is not null"));
        }
    }

    public KeepSettings settings() {
        return settings;
    }

    /**
     * Keeps a response from now on.
     *
     * @return the epoch under which its maker holds it
     */
    public long create(FreshResponse fresh) {
        long now = clock.millis();
        return database.write(sql -> {
            insert(sql, fresh, now);
            ItemTable.insert(sql, fresh.key(), fresh.input(), false);
            EventTable.insert(sql, fresh.key(), fresh.events());
            return EPOCH;
        });
    }

    /** Keeps a response that has ended before anything was told of it. */
    public void keep(FreshResponse fresh, Ending ending) {
        var times = times();
        database.write(sql -> {
            insert(sql, fresh, times.nowMillis());
            ItemTable.insert(sql, fresh.key(), fresh.input(), false);
            end(sql, fresh.key(), EPOCH, ending, times);
            return true;
        });
    }

    private void insert(Sql sql, FreshResponse fresh, long now) throws SQLException {
        String tenant = fresh.key().tenant();
        String conversation = fresh.conversation();
        sql.update(
                "insert into response (tenant, id, status, background, previous, conversation,"
                        + " conversation_end, team, principal, key_id, request, body, created_ms,"
                        + " expires_ms, epoch, lease_ms)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                tenant,
                fresh.key().id(),
                fresh.status().word(),
                fresh.background(),
                fresh.previous(),
                conversation,
                conversation == null ? 0 : ConversationTable.next(sql, tenant, conversation),
                fresh.origin().team(),
                fresh.origin().principal(),
                fresh.origin().keyId(),
                fresh.request(),
                fresh.body(),
                now,
                now + settings.retention().toMillis(),
                EPOCH,
                now + settings.lease().toMillis());
    }

    /** A response that is in sight. */
    public Optional<StoredResponse> find(ResponseKey key) {
        long now = clock.millis();
        return database.read(sql ->
                sql.one(
                        ROW + "where tenant = ? and id = ? and expires_ms > ?",
                        ResponseStore::response,
                        key.tenant(),
                        key.id(),
                        now));
    }

    /**
     * Everything that a response which continues this one is to be made from: the items before it,
     * its own, and its output.
     *
     * @throws entrepot.conversation.Failed when that is more than can be sent
     */
    public List<StoredItem> context(ResponseKey key) {
        return database.read(sql -> ItemTable.context(sql, key, true));
    }

    /** Everything that this response is made from. */
    public List<StoredItem> input(ResponseKey key) {
        return database.read(sql -> ItemTable.context(sql, key, false));
    }

    /** What came of it, whole. */
    public List<StoredItem> output(ResponseKey key) {
        return database.read(sql -> ItemTable.own(sql, key, true));
    }

    /** An item of any response or conversation of the tenant that is in sight. */
    public Optional<StoredItem> item(String tenant, String itemId) {
        long now = clock.millis();
        return database.read(sql -> {
            Optional<StoredItem> found = ItemTable.find(sql, tenant, itemId, now);
            return found.isPresent() ? found : ConversationStore.findItem(sql, tenant, itemId, now);
        });
    }

    /** Events after a number; to be asked again until the response has ended and none come. */
    public List<StoredEvent> events(ResponseKey key, long after) {
        return database.read(sql -> EventTable.after(sql, key, after));
    }

    /** Follows a response from an event on. */
    public EventFeed feed(ResponseKey key, long after) {
        return new EventFeed(this, key, after, settings.poll(), hints);
    }

    /**
     * Stores events before they are told.
     *
     * @return false when the writer does not hold the response any more
     */
    public boolean append(ResponseKey key, long epoch, List<StoredEvent> events) {
        int rows =
                database.once(sql ->
                        sql.update(
                                append,
                                events.getFirst().number(),
                                events.getLast().number(),
                                EventTable.lines(events),
                                key.tenant(),
                                key.id(),
                                epoch));
        hints.grown(key);
        return rows == 1;
    }

    /**
     * Says that work has begun, and stores what is told with it.
     *
     * @return false when the writer does not hold the response any more
     */
    public boolean begin(ResponseKey key, long epoch, String body, List<StoredEvent> events) {
        boolean held =
                database.write(sql -> {
                    int rows =
                            sql.update(
                                    "update response set status = ?, body = ? where tenant = ?"
                                            + " and id = ? and epoch = ? and lease_ms is not null",
                                    Status.IN_PROGRESS.word(),
                                    body,
                                    key.tenant(),
                                    key.id(),
                                    epoch);
                    if (rows == 1) {
                        EventTable.insert(sql, key, events);
                    }
                    return rows == 1;
                });
        hints.grown(key);
        return held;
    }

    /**
     * Ends a response: its body, its output and its last events in one transaction, and in its
     * conversation, if it has one, its input and output.
     *
     * @return false when the writer does not hold the response any more
     */
    public boolean end(ResponseKey key, long epoch, Ending ending) {
        var times = times();
        boolean ended = database.write(sql -> end(sql, key, epoch, ending, times));
        hints.grown(key);
        return ended;
    }

    private static boolean end(Sql sql, ResponseKey key, long epoch, Ending ending, Times times)
            throws SQLException {
        if (!close(sql, key, epoch, ending.status(), ending.body())) {
            return false;
        }
        EventTable.insert(sql, key, ending.events());
        ItemTable.insert(sql, key, ending.output(), true);
        converse(sql, key, ending, times);
        return true;
    }

    /** What failed or was cancelled is no part of a conversation. */
    private static void converse(Sql sql, ResponseKey key, Ending ending, Times times)
            throws SQLException {
        if (ending.status() != Status.COMPLETED && ending.status() != Status.INCOMPLETE) {
            return;
        }
        Optional<String> conversation =
                sql.one(
                                "select conversation from response where tenant = ? and id = ?",
                                row -> row.textIf("conversation"),
                                key.tenant(),
                                key.id())
                        .flatMap(found -> found);
        if (conversation.isPresent()) {
            List<StoredItem> items = new ArrayList<>(ItemTable.own(sql, key, false));
            items.addAll(ending.output());
            ConversationTable.append(sql, key.tenant(), conversation.get(), items, times);
        }
    }

    /**
     * Ends a response from outside, whoever works on it.
     *
     * @param lastEvent tells the end, given its number; asked for only if events are told of it
     * @return false when it has ended, or changed hands since it was seen
     */
    public boolean stop(
            ResponseKey key,
            long epoch,
            Status status,
            String body,
            LongFunction<String> lastEvent) {
        boolean stopped =
                database.write(sql -> {
                    if (!close(sql, key, epoch, status, body)) {
                        return false;
                    }
                    long next = EventTable.next(sql, key);
                    if (next > 0) {
                        var event = new StoredEvent(next, lastEvent.apply(next));
                        EventTable.insert(sql, key, List.of(event));
                    }
                    return true;
                });
        hints.grown(key);
        return stopped;
    }

    private static boolean close(Sql sql, ResponseKey key, long epoch, Status status, String body)
            throws SQLException {
        return sql.update(
                        "update response set status = ?, body = ?, epoch = epoch + 1,"
                                + " lease_ms = null where tenant = ? and id = ? and epoch = ?"
                                + " and lease_ms is not null",
                        status.word(),
                        body,
                        key.tenant(),
                        key.id(),
                        epoch)
                == 1;
    }

    /**
     * Puts a response out of sight, and stops whoever works on it.
     *
     * @return false when there is none in sight
     */
    public boolean delete(ResponseKey key) {
        long now = clock.millis();
        boolean found =
                database.once(sql ->
                        sql.update(
                                "update response set expires_ms = 0, epoch = epoch + 1,"
                                        + " lease_ms = null"
                                        + " where tenant = ? and id = ? and expires_ms > ?",
                                key.tenant(),
                                key.id(),
                                now))
                        == 1;
        if (found) {
            hints.grown(key);
            sweep();
        }
        return found;
    }

    // ---- leases

    /** A response that somebody works on. */
    public record Held(ResponseKey key, long epoch) {}

    /**
     * Says that the work goes on.
     *
     * @return those that are not held any more: cancelled, deleted, or taken over
     */
    public List<Held> beat(List<Held> held) {
        if (held.isEmpty()) {
            return List.of();
        }
        long until = clock.millis() + settings.lease().toMillis();
        var rows = new ArrayList<@Nullable Object[]>(held.size());
        held.forEach(each ->
                rows.add(new Object[] {until, each.key().tenant(), each.key().id(), each.epoch()}));
        int[] counts =
                database.write(sql ->
                        sql.updateAll(
                                "update response set lease_ms = ? where tenant = ? and id = ?"
                                        + " and epoch = ? and lease_ms is not null",
                                rows));
        var lost = new ArrayList<Held>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                lost.add(held.get(i));
            }
        }
        return lost;
    }

    /** Gives unfinished work back, for whoever looks next. */
    public void release(Held held) {
        database.once(sql ->
                sql.update(
                        "update response set lease_ms = 0 where tenant = ? and id = ?"
                                + " and epoch = ? and lease_ms is not null",
                        held.key().tenant(),
                        held.key().id(),
                        held.epoch()));
    }

    /**
     * Takes over what nobody works on any more.
     *
     * @return each as it is now, held by the taker under its new epoch
     */
    public List<StoredResponse> takeOver(int countMax) {
        long now = clock.millis();
        return database.write(sql ->
                sql.query(
                        "update response set epoch = epoch + 1, lease_ms = ?"
                                + " where (tenant, id) in (select tenant, id from response"
                                + " where lease_ms is not null and lease_ms <= ?"
                                + " order by lease_ms limit ?"
                                + database.engine().skipLocked()
                                + ") and lease_ms <= ? returning tenant, id, status, background,"
                                + " previous, conversation, team, principal, key_id, request,"
                                + " body, created_ms, epoch, lease_ms",
                        ResponseStore::response,
                        now + settings.lease().toMillis(),
                        now,
                        countMax,
                        now));
    }

    /** Removes what is out of sight and builds nothing any more. Returns how many responses. */
    public int sweep() {
        int removed = 0;
        int found;
        do {
            long now = clock.millis();
            found = database.write(sql -> sweep(sql, now));
            removed += found;
        } while (found > 0);
        return removed;
    }

    private static int sweep(Sql sql, long now) throws SQLException {
        List<@Nullable Object[]> keys =
                sql.query(
                        "select tenant, id from response r where expires_ms <= ?"
                                + " and lease_ms is null and not exists (select 1 from response c"
                                + " where c.tenant = r.tenant and c.previous = r.id) limit "
                                + SWEEP_ROWS_MAX,
                        row -> new Object[] {row.text("tenant"), row.text("id")},
                        now);
        if (keys.isEmpty()) {
            return 0;
        }
        sql.updateAll("delete from response_event where tenant = ? and response = ?", keys);
        sql.updateAll("delete from response_item where tenant = ? and response = ?", keys);
        sql.updateAll("delete from response where tenant = ? and id = ?", keys);
        return keys.size();
    }

    private Times times() {
        long now = clock.millis();
        return new Times(now, now + settings.retention().toMillis());
    }

    static Duration beats(KeepSettings settings) {
        return settings.lease().dividedBy(3);
    }

    private static StoredResponse response(Sql.Row row) throws SQLException {
        return new StoredResponse(
                new ResponseKey(row.text("tenant"), row.text("id")),
                Status.of(row.text("status")),
                row.number("background") == 1,
                row.textIf("previous").orElse(null),
                row.textIf("conversation").orElse(null),
                new Origin(row.text("team"), row.text("principal"), row.text("key_id")),
                row.text("request"),
                row.text("body"),
                row.number("created_ms"),
                row.number("epoch"),
                row.numberIf("lease_ms").isPresent());
    }
}
