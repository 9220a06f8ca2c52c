package entrepot.runtime.responses;

import entrepot.store.Sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What was told of responses while they were made: a row holds the events of one writing. */
final class EventTable {

    /** Rows that a reader takes at once. */
    private static final int ROWS_MAX = 128;

    private EventTable() {}

    static void insert(Sql sql, ResponseKey key, List<StoredEvent> events) throws SQLException {
        if (!events.isEmpty()) {
            sql.update(
                    "insert into response_event (tenant, response, first_number, last_number,"
                            + " events) values (?, ?, ?, ?, ?)",
                    key.tenant(),
                    key.id(),
                    events.getFirst().number(),
                    events.getLast().number(),
                    lines(events));
        }
    }

    static String lines(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::json).collect(Collectors.joining("\n"));
    }

    /** The next events after a number, oldest first; not all of them when there are many. */
    static List<StoredEvent> after(Sql sql, ResponseKey key, long number) throws SQLException {
        var events = new ArrayList<StoredEvent>();
        sql.query(
                        "select first_number, events from response_event"
                                + " where tenant = ? and response = ? and last_number > ?"
                                + " order by first_number limit "
                                + ROWS_MAX,
                        EventTable::events,
                        key.tenant(),
                        key.id(),
                        number)
                .forEach(events::addAll);
        events.removeIf(event -> event.number() <= number);
        return events;
    }

    /** The number that comes next. */
    static long next(Sql sql, ResponseKey key) throws SQLException {
        return sql.one(
                        "select max(last_number) as last from response_event"
                                + " where tenant = ? and response = ?",
                        row -> row.numberIf("last"),
                        key.tenant(),
                        key.id())
                .flatMap(last -> last)
                .map(last -> last + 1)
                .orElse(0L);
    }

    private static List<StoredEvent> events(Sql.Row row) throws SQLException {
        var events = new ArrayList<StoredEvent>();
        long number = row.number("first_number");
        for (String line : row.text("events").split("\n")) {
            events.add(new StoredEvent(number++, line));
        }
        return events;
    }
}
