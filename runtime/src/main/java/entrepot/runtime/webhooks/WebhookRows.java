package entrepot.runtime.webhooks;

import entrepot.store.Sql;

import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** How endpoints and deliveries are written down. */
final class WebhookRows {

    static final String ENDPOINT =
            "select id, team, name, url, event_types, hint, created_ms, updated_ms"
                    + " from webhook_endpoint";
    static final String DELIVERY =
            "select id, endpoint, type, session, status, attempts, last_status, last_error,"
                    + " due_ms, created_ms from webhook_delivery";

    private static final JsonMapper JSON = JsonMapper.shared();

    private WebhookRows() {}

    static WebhookEndpoint endpoint(Sql.Row row) throws SQLException {
        return new WebhookEndpoint(
                row.text("id"),
                row.textIf("team").orElse(null),
                row.text("name"),
                row.text("url"),
                types(row.text("event_types")),
                row.text("hint"),
                row.number("created_ms"),
                row.number("updated_ms"));
    }

    static Delivery delivery(Sql.Row row) throws SQLException {
        return new Delivery(
                row.text("id"),
                row.text("endpoint"),
                Objects.requireNonNull(EventType.of(row.text("type"))),
                row.text("session"),
                Delivery.Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
                row.number("attempts"),
                row.numberIf("last_status").map(Long::intValue).orElse(null),
                row.textIf("last_error").orElse(null),
                row.numberIf("due_ms").orElse(null),
                row.number("created_ms"));
    }

    static String word(Delivery.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    static String write(Set<EventType> types) {
        return new TreeSet<>(types).stream().map(EventType::word).collect(Collectors.joining(","));
    }

    private static Set<EventType> types(String words) {
        return Arrays.stream(words.split(","))
                .map(EventType::of)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    static String write(SessionEvents.State state) {
        return JSON.writeValueAsString(state);
    }

    static SessionEvents.State state(String text) {
        return JSON.readValue(text, SessionEvents.State.class);
    }
}
