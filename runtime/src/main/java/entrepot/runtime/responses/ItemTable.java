package entrepot.runtime.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The items of responses, and all that stood before them. */
final class ItemTable {

    /** Responses that may continue one another. */
    private static final int CHAIN_MAX = 10_000;

    /** Of everything that a response was made from, together. */
    private static final long CONTEXT_CHARS_MAX = 64L << 20;

    private static final String CHAIN =
            "with recursive chain (id, previous, conversation, conversation_end, depth) as ("
                    + "select id, previous, conversation, conversation_end, 0 from response"
                    + " where tenant = ? and id = ?"
                    + " union all select r.id, r.previous, r.conversation, r.conversation_end,"
                    + " c.depth + 1 from response r join chain c on r.id = c.previous"
                    + " where r.tenant = ? and c.depth < "
                    + CHAIN_MAX
                    + ") ";

    private ItemTable() {}

    static void insert(Sql sql, ResponseKey key, List<StoredItem> items, boolean output)
            throws SQLException {
        if (items.isEmpty()) {
            return;
        }
        long from = output ? count(sql, key) : 0;
        var rows = new ArrayList<@Nullable Object[]>(items.size());
        for (StoredItem item : items) {
            rows.add(
                    new Object[] {
                        key.tenant(), key.id(), from + rows.size(), output, item.id(), item.json()
                    });
        }
        sql.updateAll(
                "insert into response_item (tenant, response, place, output, id, item)"
                        + " values (?, ?, ?, ?, ?, ?)",
                rows);
    }

    private static long count(Sql sql, ResponseKey key) throws SQLException {
        return sql.one(
                        "select count(*) as items from response_item"
                                + " where tenant = ? and response = ?",
                        row -> row.number("items"),
                        key.tenant(),
                        key.id())
                .orElse(0L);
    }

    /** A response's own items. */
    static List<StoredItem> own(Sql sql, ResponseKey key, boolean output) throws SQLException {
        return sql.query(
                "select id, item from response_item"
                        + " where tenant = ? and response = ? and output = ? order by place",
                ItemTable::item,
                key.tenant(),
                key.id(),
                output);
    }

    /**
     * All that a response was made from and, if it is wanted, what came of it.
     *
     * @throws Failed when that is more than can be sent to a model
     */
    static List<StoredItem> context(Sql sql, ResponseKey key, boolean withOutput)
            throws SQLException {
        Root root =
                sql.one(
                                CHAIN
                                        + "select previous, conversation, conversation_end from"
                                        + " chain order by depth desc limit 1",
                                ItemTable::root,
                                key.tenant(),
                                key.id(),
                                key.tenant())
                        .orElse(new Root(null, null, 0));
        if (root.previous() != null) {
            throw tooLong("a chain of " + CHAIN_MAX + " responses");
        }
        var items = new ArrayList<StoredItem>();
        if (root.conversation() != null) {
            items.addAll(
                    ConversationTable.before(
                            sql, key.tenant(), root.conversation(), root.conversationEnd()));
        }
        checkSize(sql, key);
        items.addAll(
                sql.query(
                        CHAIN
                                + "select i.id, i.item from chain c"
                                + " join response_item i on i.tenant = ? and i.response = c.id"
                                + " where c.depth > 0 or i.output = 0 or ? = 1"
                                + " order by c.depth desc, i.place",
                        ItemTable::item,
                        key.tenant(),
                        key.id(),
                        key.tenant(),
                        key.tenant(),
                        withOutput));
        return items;
    }

    private static void checkSize(Sql sql, ResponseKey key) throws SQLException {
        long chars =
                sql.one(
                                CHAIN
                                        + "select sum(length(i.item)) as chars from chain c join"
                                        + " response_item i on i.tenant = ? and i.response = c.id",
                                row -> row.numberIf("chars"),
                                key.tenant(),
                                key.id(),
                                key.tenant(),
                                key.tenant())
                        .flatMap(sum -> sum)
                        .orElse(0L);
        if (chars > CONTEXT_CHARS_MAX) {
            throw tooLong(CONTEXT_CHARS_MAX + " characters");
        }
    }

    /** An item that a caller of this tenant may still refer to, wherever it stands. */
    static Optional<StoredItem> find(Sql sql, String tenant, String id, long nowMillis)
            throws SQLException {
        return sql.one(
                "select i.id, i.item from response_item i join response r"
                        + " on r.tenant = i.tenant and r.id = i.response"
                        + " where i.tenant = ? and i.id = ? and r.expires_ms > ?"
                        + " order by r.created_ms desc limit 1",
                ItemTable::item,
                tenant,
                id,
                nowMillis);
    }

    static StoredItem item(Sql.Row row) throws SQLException {
        return new StoredItem(row.text("id"), row.text("item"));
    }

    private record Root(
            @Nullable String previous, @Nullable String conversation, long conversationEnd) {}

    private static Root root(Sql.Row row) throws SQLException {
        return new Root(
                row.textIf("previous").orElse(null),
                row.textIf("conversation").orElse(null),
                row.number("conversation_end"));
    }

    private static Failed tooLong(String limit) {
        return new Failed(
                Failure.at(
                        Failure.Cause.TOO_LARGE,
                        "What this response builds on exceeds "
                                + limit
                                + ". Compact it with POST /v1/responses/compact, or begin anew.",
                        "previous_response_id"));
    }
}
