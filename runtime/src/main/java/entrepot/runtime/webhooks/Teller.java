package entrepot.runtime.webhooks;

import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Database;
import entrepot.store.Sql;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Makes deliveries of what journals say, from where it was left, in one transaction a session. */
final class Teller {

    private static final int FACTS_MAX = 500;
    private static final int SESSIONS_MAX = 500;

    /** How far the clocks of one transaction's statements may lie apart. */
    private static final long SLACK_MILLIS = 1_000;

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Database database;
    private final Journal journal;
    private final InstantSource clock;

    Teller(Database database, Journal journal, InstantSource clock) {
        this.database = database;
        this.journal = journal;
        this.clock = clock;
    }

    /** Tells of every session that has grown since; some at a time. */
    void tellAll() {
        List<SessionKey> keys =
                database.read(sql ->
                        sql.query(
                                "select s.tenant, s.id from session s"
                                        + " left join webhook_seen w on w.tenant = s.tenant"
                                        + " and w.session = s.id"
                                        + " where s.updated_ms >= (select min(e.created_ms)"
                                        + " from webhook_endpoint e where e.tenant = s.tenant)"
                                        + " and (w.head is null or w.head < s.head)"
                                        + " limit ?",
                                row -> new SessionKey(row.text("tenant"), row.text("id")),
                                SESSIONS_MAX));
        keys.forEach(this::tell);
    }

    /** Tells what a session's journal says since it was last told of. */
    void tell(SessionKey key) {
        boolean watched =
                database.read(sql ->
                        sql.one(
                                        "select min(created_ms) n from webhook_endpoint"
                                                + " where tenant = ?",
                                        row -> row.numberIf("n").isPresent(),
                                        key.tenant())
                                .orElse(false));
        boolean more = watched;
        while (more) {
            more = database.write(sql -> tellSome(sql, key));
        }
    }

    /**
     * @return whether there is more
     */
    private boolean tellSome(Sql sql, SessionKey key) throws SQLException {
        Long created =
                sql.one(
                                "select created_ms from session where tenant = ? and id = ?",
                                row -> row.number("created_ms"),
                                key.tenant(),
                                key.id())
                        .orElse(null);
        if (created == null) {
            return false;
        }
        Seen seen = seen(sql, key);
        List<Journal.Recorded> facts = journal.facts(sql, key, seen.head(), FACTS_MAX);
        if (facts.isEmpty()) {
            return false;
        }
        long head = facts.getLast().seq();
        List<WebhookEndpoint> endpoints =
                sql.query(
                        WebhookRows.ENDPOINT + " where tenant = ?",
                        WebhookRows::endpoint,
                        key.tenant());
        SessionEvents.State state = seen.state();
        var rows = new ArrayList<Row>();
        for (Journal.Recorded fact : facts) {
            SessionEvents.Folded folded = SessionEvents.fold(state, fact.fact());
            state = folded.state();
            // What was copied from another session happened there.
            if (fact.atMillis() + SLACK_MILLIS >= created) {
                for (SessionEvents.Event event : folded.events()) {
                    rows.add(new Row(fact, event));
                }
            }
        }
        int won =
                sql.update(
                        "update webhook_seen set head = ?, state = ? where tenant = ?"
                                + " and session = ? and head = ?",
                        head,
                        WebhookRows.write(state),
                        key.tenant(),
                        key.id(),
                        seen.head());
        if (won == 1) {
            for (Row row : rows) {
                insert(sql, key, row, state, endpoints);
            }
        }
        return facts.size() == FACTS_MAX;
    }

    private static Seen seen(Sql sql, SessionKey key) throws SQLException {
        sql.update(
                "insert into webhook_seen (tenant, session, head, state) values (?, ?, 0, ?)"
                        + " on conflict do nothing",
                key.tenant(),
                key.id(),
                WebhookRows.write(SessionEvents.State.START));
        return sql.one(
                        "select head, state from webhook_seen where tenant = ?"
                                + " and session = ?",
                        row -> new Seen(row.number("head"), WebhookRows.state(row.text("state"))),
                        key.tenant(),
                        key.id())
                .orElseThrow();
    }

    private record Seen(long head, SessionEvents.State state) {}

    private record Row(Journal.Recorded fact, SessionEvents.Event event) {}

    private void insert(
            Sql sql,
            SessionKey key,
            Row row,
            SessionEvents.State state,
            List<WebhookEndpoint> endpoints)
            throws SQLException {
        String id = id(key, row);
        String body =
                body(
                        id,
                        row.event(),
                        key.id(),
                        state.environmentType(),
                        row.fact().atMillis() / 1000);
        for (WebhookEndpoint endpoint : endpoints) {
            boolean concerned =
                    endpoint.eventTypes().contains(row.event().type())
                            && (endpoint.team() == null || endpoint.team().equals(state.team()))
                            && endpoint.createdMillis() <= row.fact().atMillis();
            if (concerned) {
                sql.update(
                        "insert into webhook_delivery (tenant, endpoint, id, type, session, body,"
                                + " status, attempts, due_ms, created_ms)"
                                + " values (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)"
                                + " on conflict do nothing",
                        key.tenant(),
                        endpoint.id(),
                        id,
                        row.event().type().word(),
                        key.id(),
                        body,
                        WebhookRows.word(Delivery.Status.PENDING),
                        clock.millis(),
                        clock.millis());
            }
        }
    }

    /** The same for the same event, whoever tells of it. */
    private static String id(SessionKey key, Row row) {
        String name = key.tenant() + "/" + key.id() + "/" + row.fact().seq();
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(
                                    (name + "/" + row.event().type().word())
                                            .getBytes(StandardCharsets.UTF_8));
            // Time first, so that ids sort by it.
            return "evt_%012x%s"
                    .formatted(row.fact().atMillis(), HexFormat.of().formatHex(hash, 0, 12));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }

    static String body(
            String id,
            SessionEvents.Event event,
            String sessionId,
            String environmentType,
            long createdSeconds) {
        ObjectNode json =
                JSON.createObjectNode()
                        .put("id", id)
                        .put("object", "event")
                        .put("created_at", createdSeconds)
                        .put("type", event.type().word());
        ObjectNode data = json.putObject("data").put("id", sessionId);
        data.put(
                "environment_type",
                environmentType.equals("hosted") ? "openai_hosted" : environmentType);
        if (event.actionType() != null) {
            data.putObject("required_action").put("type", event.actionType());
        }
        return json.toString();
    }
}
