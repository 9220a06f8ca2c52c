package entrepot.runtime.webhooks;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.identity.Secret;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.vaults.Sealer;
import entrepot.store.Database;
import entrepot.store.Page;
import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * The endpoints of a tenant and what was sent to them. A key's endpoints are told of its team's
 * sessions, those of a key that administers of all. Secrets are sealed; each is shown once.
 */
public final class Webhooks {

    public static final Database.Migrations MIGRATIONS =
            new Database.Migrations("webhooks", "entrepot/runtime/webhooks/migrations");

    static final int ENDPOINTS_MAX = 50;
    private static final int NAME_CHARS_MAX = 128;
    private static final int HINT_CHARS = 4;
    private static final long OLD_SECRET_MILLIS = 24L * 3600 * 1000;

    private final Database database;
    private final Ids ids;
    private final Sealer sealer;
    private final Reach reach;
    private final RandomGenerator random;
    private final String now;

    /**
     * @param reach which addresses may be called
     * @param random a secure one
     */
    public Webhooks(
            Database database, Ids ids, Sealer sealer, Reach reach, RandomGenerator random) {
        this.database = database;
        this.ids = ids;
        this.sealer = sealer;
        this.reach = reach;
        this.random = random;
        this.now = database.engine().nowMillis();
    }

    /** What may be said of an endpoint. */
    public record Draft(String name, String url, Set<EventType> eventTypes) {
        public Draft {
            eventTypes = Set.copyOf(eventTypes);
        }
    }

    /** An endpoint and the secret that it was just given. */
    public record Issued(WebhookEndpoint endpoint, Secret secret) {}

    private void check(Draft draft) {
        if (draft.name().isBlank()
                || draft.name().length() > NAME_CHARS_MAX
                || draft.name().indexOf('\0') >= 0) {
            throw invalid("name", "it must be 1 to " + NAME_CHARS_MAX + " characters.");
        }
        if (draft.eventTypes().isEmpty()) {
            throw invalid("event_types", "it must have at least one type.");
        }
        reach.objection(draft.url())
                .ifPresent(objection -> {
                    throw invalid("url", objection);
                });
    }

    private static Failed invalid(String param, String problem) {
        return new Failed(
                Failure.at(
                        Failure.Cause.INVALID_REQUEST,
                        "Invalid value for '" + param + "': " + problem,
                        param));
    }

    public Issued create(Caller caller, Draft draft) {
        check(draft);
        String id = ids.next("whe_");
        Secret secret = Signature.newSecret(random);
        String sealed = sealer.seal(place(caller.tenant(), id), secret.reveal());
        database.write(sql -> {
            long count =
                    sql.one(
                                    "select count(*) n from webhook_endpoint where tenant = ?",
                                    row -> row.number("n"),
                                    caller.tenant())
                            .orElse(0L);
            if (count >= ENDPOINTS_MAX) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.LIMITED,
                                "There are "
                                        + count
                                        + " webhook endpoints; at most "
                                        + ENDPOINTS_MAX
                                        + " are kept. Delete one first."));
            }
            return sql.update(
                    "insert into webhook_endpoint (tenant, id, team, name, url, event_types,"
                            + " sealed, hint, created_ms, updated_ms)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?, "
                            + now
                            + ", "
                            + now
                            + ")",
                    caller.tenant(),
                    id,
                    caller.may(Caller.Scope.ADMIN) ? null : caller.team(),
                    draft.name(),
                    draft.url(),
                    WebhookRows.write(draft.eventTypes()),
                    sealed,
                    hint(secret));
        });
        return new Issued(find(caller, id).orElseThrow(() -> missing(id)), secret);
    }

    private static String hint(Secret secret) {
        String text = secret.reveal();
        return text.substring(text.length() - HINT_CHARS);
    }

    static String place(String tenant, String endpointId) {
        return "webhook/" + tenant + "/" + endpointId;
    }

    public Optional<WebhookEndpoint> find(Caller caller, String endpointId) {
        return database.read(sql -> find(sql, caller, endpointId));
    }

    private static Optional<WebhookEndpoint> find(Sql sql, Caller caller, String endpointId)
            throws SQLException {
        return sql.one(
                        WebhookRows.ENDPOINT + " where tenant = ? and id = ?",
                        WebhookRows::endpoint,
                        caller.tenant(),
                        endpointId)
                .filter(endpoint ->
                        caller.may(Caller.Scope.ADMIN) || caller.team().equals(endpoint.team()));
    }

    public Page<WebhookEndpoint> list(Caller caller, Page.Query query) {
        List<Object> parameters = new ArrayList<>(List.of(caller.tenant()));
        String where = " where tenant = ?";
        if (!caller.may(Caller.Scope.ADMIN)) {
            where += " and team = ?";
            parameters.add(caller.team());
        }
        return page(WebhookRows.ENDPOINT + where, parameters, query, WebhookRows::endpoint);
    }

    private <T> Page<T> page(
            String select, List<Object> parameters, Page.Query query, Sql.RowReader<T> reader) {
        var sql = new StringBuilder(select);
        if (query.after() != null) {
            sql.append(query.ascending() ? " and id > ?" : " and id < ?");
            parameters.add(query.after());
        }
        parameters.add(query.countMax() + 1);
        sql.append(query.ascending() ? " order by id limit ?" : " order by id desc limit ?");
        return Page.of(
                database.read(read -> read.query(sql.toString(), reader, parameters.toArray())),
                query.countMax());
    }

    public WebhookEndpoint update(Caller caller, String endpointId, UnaryOperator<Draft> change) {
        database.write(sql -> {
            WebhookEndpoint old =
                    find(sql, caller, endpointId).orElseThrow(() -> missing(endpointId));
            Draft next = change.apply(new Draft(old.name(), old.url(), old.eventTypes()));
            check(next);
            return sql.update(
                    "update webhook_endpoint set name = ?, url = ?, event_types = ?, updated_ms ="
                            + now
                            + " where tenant = ? and id = ?",
                    next.name(),
                    next.url(),
                    WebhookRows.write(next.eventTypes()),
                    caller.tenant(),
                    endpointId);
        });
        return find(caller, endpointId).orElseThrow(() -> missing(endpointId));
    }

    /**
     * Gives an endpoint another secret.
     *
     * @param keepOld whether the one before signs beside it for 24 h
     */
    public Issued rotate(Caller caller, String endpointId, boolean keepOld) {
        Secret secret = Signature.newSecret(random);
        String sealed = sealer.seal(place(caller.tenant(), endpointId), secret.reveal());
        database.write(sql -> {
            if (find(sql, caller, endpointId).isEmpty()) {
                throw missing(endpointId);
            }
            return sql.update(
                    "update webhook_endpoint set old_sealed = "
                            + (keepOld ? "sealed" : "null")
                            + ", old_until_ms = "
                            + (keepOld ? now + " + " + OLD_SECRET_MILLIS : "null")
                            + ", sealed = ?, hint = ?, updated_ms = "
                            + now
                            + " where tenant = ? and id = ?",
                    sealed,
                    hint(secret),
                    caller.tenant(),
                    endpointId);
        });
        return new Issued(find(caller, endpointId).orElseThrow(() -> missing(endpointId)), secret);
    }

    /** Deletes it with what is still on its way to it. */
    public void delete(Caller caller, String endpointId) {
        database.write(sql -> {
            if (find(sql, caller, endpointId).isEmpty()) {
                throw missing(endpointId);
            }
            sql.update(
                    "delete from webhook_delivery where tenant = ? and endpoint = ?",
                    caller.tenant(),
                    endpointId);
            return sql.update(
                    "delete from webhook_endpoint where tenant = ? and id = ?",
                    caller.tenant(),
                    endpointId);
        });
    }

    /** What was sent to an endpoint in the last days, and what is on its way. */
    public Page<Delivery> deliveries(Caller caller, String endpointId, Page.Query query) {
        if (find(caller, endpointId).isEmpty()) {
            throw missing(endpointId);
        }
        return page(
                WebhookRows.DELIVERY + " where tenant = ? and endpoint = ?",
                new ArrayList<>(List.of(caller.tenant(), endpointId)),
                query,
                WebhookRows::delivery);
    }

    private static Failed missing(String endpointId) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND,
                        "There is no webhook endpoint " + endpointId + "."));
    }

    /** Where to send, and what to sign with; the newest secret first. */
    record Address(String url, List<String> secrets) {}

    /** Empty when there is none any more, or its secret does not open. */
    Optional<Address> address(String tenant, String endpointId) {
        return database.read(sql ->
                sql.one(
                        "select url, sealed, case when old_until_ms > "
                                + now
                                + " then old_sealed end as old_sealed"
                                + " from webhook_endpoint where tenant = ? and id = ?",
                        row -> {
                            List<String> secrets = new ArrayList<>();
                            open(secrets, tenant, endpointId, row.text("sealed"));
                            open(
                                    secrets,
                                    tenant,
                                    endpointId,
                                    row.textIf("old_sealed").orElse(null));
                            return new Address(row.text("url"), List.copyOf(secrets));
                        },
                        tenant,
                        endpointId));
    }

    private void open(
            List<String> into, String tenant, String endpointId, @Nullable String sealed) {
        if (sealed == null) {
            return;
        }
        try {
            into.add(sealer.open(place(tenant, endpointId), sealed));
        } catch (Sealer.CannotOpen e) {
            // Then nothing can be signed with it, and who looks sees that nothing is signed.
        }
    }
}
