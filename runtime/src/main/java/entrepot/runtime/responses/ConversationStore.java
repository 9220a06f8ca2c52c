package entrepot.runtime.responses;

import entrepot.runtime.responses.ConversationTable.Times;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Keeps conversations: items in the order in which they came, for as long as they grow. */
public final class ConversationStore {

    private final Database database;
    private final InstantSource clock;
    private final KeepSettings settings;

    /**
     * @param database migrated with {@link ResponseStore#MIGRATIONS}
     */
    public ConversationStore(Database database, InstantSource clock, KeepSettings settings) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * A conversation without its items.
     *
     * @param metadata a JSON object
     */
    public record Conversation(String tenant, String id, String metadata, long createdMillis) {}

    public Conversation create(String tenant, String id, String metadata, List<StoredItem> items) {
        var times = times();
        database.write(sql -> {
            sql.update(
                    "insert into conversation (tenant, id, metadata, created_ms, expires_ms,"
                            + " next_place) values (?, ?, ?, ?, ?, 0)",
                    tenant,
                    id,
                    metadata,
                    times.nowMillis(),
                    times.expiresMillis());
            return ConversationTable.append(sql, tenant, id, items, times);
        });
        return new Conversation(tenant, id, metadata, times.nowMillis());
    }

    public Optional<Conversation> find(String tenant, String id) {
        long now = clock.millis();
        return database.read(sql ->
                sql.one(
                        "select tenant, id, metadata, created_ms from conversation"
                                + " where tenant = ? and id = ? and expires_ms > ?",
                        row ->
                                new Conversation(
                                        row.text("tenant"),
                                        row.text("id"),
                                        row.text("metadata"),
                                        row.number("created_ms")),
                        tenant,
                        id,
                        now));
    }

    /** Returns false when there is no such conversation. */
    public boolean describe(String tenant, String id, String metadata) {
        var times = times();
        return database.once(sql ->
                sql.update(
                        "update conversation set metadata = ?, expires_ms = ?"
                                + " where tenant = ? and id = ? and expires_ms > ?",
                        metadata,
                        times.expiresMillis(),
                        tenant,
                        id,
                        times.nowMillis()))
                == 1;
    }

    /** Returns false when there is no such conversation. Responses made in it stay. */
    public boolean delete(String tenant, String id) {
        long now = clock.millis();
        return database.write(sql -> {
            int found =
                    sql.update(
                            "delete from conversation"
                                    + " where tenant = ? and id = ? and expires_ms > ?",
                            tenant,
                            id,
                            now);
            sql.update(
                    "delete from conversation_item where tenant = ? and conversation = ?",
                    tenant,
                    id);
            return found == 1;
        });
    }

    /** Returns false when there is no such conversation. */
    public boolean append(String tenant, String id, List<StoredItem> items) {
        var times = times();
        return database.write(sql -> ConversationTable.append(sql, tenant, id, items, times));
    }

    /** All of a conversation's items, oldest first. */
    public List<StoredItem> items(String tenant, String id) {
        return database.read(sql -> ConversationTable.before(sql, tenant, id, Long.MAX_VALUE));
    }

    /**
     * A page of items.
     *
     * @return empty when the item to begin after is not there
     */
    public Optional<Page<StoredItem>> items(String tenant, String id, Page.Query query) {
        return database.read(sql -> {
            String after = query.after();
            Optional<Long> place =
                    after == null
                            ? Optional.of(query.ascending() ? -1 : Long.MAX_VALUE)
                            : place(sql, tenant, id, after);
            if (place.isEmpty()) {
                return Optional.empty();
            }
            List<StoredItem> found =
                    sql.query(
                            "select id, item from conversation_item"
                                    + " where tenant = ? and conversation = ? and place "
                                    + (query.ascending()
                                            ? "> ? order by place"
                                            : "< ? order by" + " place desc")
                                    + " limit ?",
                            ItemTable::item,
                            tenant,
                            id,
                            place.get(),
                            query.countMax() + 1);
            return Optional.of(Page.of(found, query.countMax()));
        });
    }

    private static Optional<Long> place(Sql sql, String tenant, String id, String itemId)
            throws SQLException {
        return sql
                .query(
                        "select place from conversation_item"
                                + " where tenant = ? and conversation = ? and id = ?"
                                + " order by place limit 1",
                        row -> row.number("place"),
                        tenant,
                        id,
                        itemId)
                .stream()
                .findFirst();
    }

    public Optional<StoredItem> item(String tenant, String id, String itemId) {
        return database.read(sql ->
                sql.one(
                        "select id, item from conversation_item"
                                + " where tenant = ? and conversation = ? and id = ?"
                                + " order by place limit 1",
                        ItemTable::item,
                        tenant,
                        id,
                        itemId));
    }

    /** Returns false when there is no such item. */
    public boolean deleteItem(String tenant, String id, String itemId) {
        return database.once(sql ->
                sql.update(
                        "delete from conversation_item"
                                + " where tenant = ? and conversation = ? and id = ?",
                        tenant,
                        id,
                        itemId))
                > 0;
    }

    /** An item of any conversation of the tenant that is in sight. */
    static Optional<StoredItem> findItem(Sql sql, String tenant, String itemId, long now)
            throws SQLException {
        return sql.one(
                "select i.id, i.item from conversation_item i join conversation c"
                        + " on c.tenant = i.tenant and c.id = i.conversation"
                        + " where i.tenant = ? and i.id = ? and c.expires_ms > ? limit 1",
                ItemTable::item,
                tenant,
                itemId,
                now);
    }

    /** Removes those whose time is over. Returns how many. */
    public int sweep() {
        long now = clock.millis();
        return database.write(sql -> {
            List<@Nullable Object[]> keys =
                    sql.query(
                            "select tenant, id from conversation where expires_ms <= ? limit "
                                    + ResponseStore.SWEEP_ROWS_MAX,
                            row -> new Object[] {row.text("tenant"), row.text("id")},
                            now);
            if (keys.isEmpty()) {
                return 0;
            }
            sql.updateAll(
                    "delete from conversation_item where tenant = ? and conversation = ?", keys);
            sql.updateAll("delete from conversation where tenant = ? and id = ?", keys);
            return keys.size();
        });
    }

    private Times times() {
        long now = clock.millis();
        return new Times(now, now + settings.retention().toMillis());
    }
}
