package entrepot.runtime.responses;

import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The statements of conversations that responses share with {@link ConversationStore}. */
final class ConversationTable {

    private ConversationTable() {}

    /**
     * Adds items at the end, in the order given.
     *
     * @return false when there is no such conversation any more
     */
    static boolean append(Sql sql, String tenant, String id, List<StoredItem> items, Times times)
            throws SQLException {
        int found =
                sql.update(
                        "update conversation set next_place = next_place + ?, expires_ms = ?"
                                + " where tenant = ? and id = ? and expires_ms > ?",
                        items.size(),
                        times.expiresMillis(),
                        tenant,
                        id,
                        times.nowMillis());
        if (found == 0) {
            return false;
        }
        long place = next(sql, tenant, id) - items.size();
        var rows = new ArrayList<@Nullable Object[]>(items.size());
        for (StoredItem item : items) {
            rows.add(new Object[] {tenant, id, place++, item.id(), item.json()});
        }
        if (!rows.isEmpty()) {
            sql.updateAll(
                    "insert into conversation_item (tenant, conversation, place, id, item)"
                            + " values (?, ?, ?, ?, ?)",
                    rows);
        }
        return true;
    }

    /** When it is, and until when what is touched now will be kept. */
    record Times(long nowMillis, long expiresMillis) {}

    /** The place that the next item will take; 0 when there is no such conversation. */
    static long next(Sql sql, String tenant, String id) throws SQLException {
        return sql.one(
                        "select next_place from conversation where tenant = ? and id = ?",
                        row -> row.number("next_place"),
                        tenant,
                        id)
                .orElse(0L);
    }

    static List<StoredItem> before(Sql sql, String tenant, String id, long place)
            throws SQLException {
        return sql.query(
                "select id, item from conversation_item"
                        + " where tenant = ? and conversation = ? and place < ? order by place",
                ItemTable::item,
                tenant,
                id,
                place);
    }
}
