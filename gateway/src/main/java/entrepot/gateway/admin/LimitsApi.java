package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Audit;
import entrepot.identity.Caller.Scope;
import entrepot.market.budgets.AlertLog;
import entrepot.market.budgets.limits.Limit;
import entrepot.market.budgets.limits.LimitInvalid;
import entrepot.market.budgets.limits.LimitPatch;
import entrepot.market.budgets.limits.LimitUsage;
import entrepot.market.budgets.limits.Limits;
import entrepot.market.budgets.limits.NewLimit;
import entrepot.protocols.json.Json;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;

/**
 * Limits of the caller's tenant, under {@code /admin/v1/limits}. Times are Unix seconds, amounts
 * decimal text; numbers are taken too. Each change is in the audit log.
 *
 * <pre>
 *   GET    /limits              limit*, oldest first: ?after=, ?limit= (1–100, default 100),
 *                               ?ended=true for those that were ended too; {data[], has_more}
 *   POST   /limits              {scope{kind, id}, measure, amount, period, name?, currency?, zone?,
 *                               hard?, alert_percents[]?, hold_if_unknown?|null} 201: a limit
 *   GET    /limits/{id}         a limit with {usage}, of the period that is now
 *   PATCH  /limits/{id}         {name?, amount?, hard?, alert_percents[]?, hold_if_unknown?|null}
 *                               what is absent stays, and so does what was used
 *   DELETE /limits/{id}         ends it: the limit; its history stays
 *   GET    /limits/{id}/history usage*, newest period first: ?before= (Unix seconds), ?limit=
 *   GET    /alerts              alert*, newest first: ?before=id, ?limit_id=, ?limit= (1–100)
 *
 *   limit: {id, name, scope{kind, id}, measure, currency|null, amount, period, zone, hard,
 *           alert_percents[], hold_if_unknown|null, created_at, updated_at, ended_at|null}
 *   usage: {period_start|null, period_end|null, settled, held, taken, left, alerted_percent}
 *          held: by calls under way; taken: by nodes ahead of calls, or used and not settled yet
 *   alert: {id, at, kind: reached|overrun, limit_id, percent|null, order_id|null, amount,
 *           held|null, text}
 *   kind: key, principal, team, tenant, project, session, tree (a session with its children)
 *   measure: requests, tokens, concurrency, money
 *   period: minute, hour, day, week, month, none
 * </pre>
 */
public final class LimitsApi {

    private static final ErrorShape ERRORS = new OpenAiShape();
    private static final int PAGE_MAX = 100;

    private final Limits limits;
    private final Runnable changed;
    private final AlertLog alerts;
    private final Audit audit;

    /**
     * @param changed is run after each change, so that this node follows at once
     */
    public LimitsApi(Limits limits, Runnable changed, AlertLog alerts, Audit audit) {
        this.limits = limits;
        this.changed = changed;
        this.alerts = alerts;
        this.audit = audit;
    }

    public List<Route> routes() {
        return List.of(
                route("GET", "", this::list, AdminShapes.LIST_LIMITS),
                route("POST", "", this::create, AdminShapes.CREATE_LIMIT),
                route("GET", "/{limit_id}", this::show, AdminShapes.SHOW_LIMIT),
                route("PATCH", "/{limit_id}", this::patch, AdminShapes.PATCH_LIMIT),
                route("DELETE", "/{limit_id}", this::end, AdminShapes.END_LIMIT),
                route("GET", "/{limit_id}/history", this::history, AdminShapes.LIMIT_HISTORY),
                AdminApi.route("GET", "/alerts", this::listAlerts, AdminShapes.LIST_ALERTS));
    }

    private void listAlerts(Call call) {
        Query query = call.query();
        Page<AlertLog.Raised> page =
                alerts.latest(
                        call.caller().tenant(),
                        query.get("before"),
                        query.get("limit_id"),
                        pageSize(query));
        call.respond(
                200, AdminJson.list(page.data(), LimitsApi::json).put("has_more", page.hasMore()));
    }

    private static ObjectNode json(AlertLog.Raised alert) {
        BigDecimal held = alert.held();
        return Json.object()
                .put("id", alert.id())
                .put("at", alert.at().getEpochSecond())
                .put("kind", AdminJson.word(alert.kind()))
                .put("limit_id", alert.limitId())
                .put("percent", alert.percent())
                .put("order_id", alert.orderId())
                .put("amount", text(alert.amount()))
                .put("held", held == null ? null : text(held))
                .put("text", alert.text());
    }

    private void audit(Call call, String act, Limit limit, @Nullable Limit before) {
        var details = new HashMap<String, String>();
        details.put("id", limit.id());
        details.put("name", limit.name());
        details.put("allows", said(limit));
        details.put("keyId", call.caller().keyId());
        if (before != null) {
            details.put("before", said(before));
        }
        audit.record(
                new Audit.Entry(
                        call.startedAt(),
                        call.caller().tenant(),
                        call.caller().principal(),
                        act,
                        details));
    }

    private static String said(Limit limit) {
        BigDecimal unknown = limit.holdIfUnknown();
        return limit.words()
                + (limit.hard() ? ", hard" : ", alerts only")
                + ", alerts at "
                + limit.alertPercents()
                + (unknown == null ? "" : ", holds " + text(unknown) + " if unknown");
    }

    private static Route route(String method, String path, Endpoint endpoint, Described about) {
        return new Route(method, "/admin/v1/limits" + path, Scope.ADMIN, ERRORS, endpoint)
                .about(about);
    }

    private void list(Call call) {
        Query query = call.query();
        boolean ended = "true".equals(query.get("ended"));
        Page<Limit> page =
                limits.list(call.caller().tenant(), query.get("after"), ended, pageSize(query));
        call.respond(
                200, AdminJson.list(page.data(), LimitsApi::json).put("has_more", page.hasMore()));
    }

    private void create(Call call) {
        try {
            NewLimit wanted = LimitRequests.wanted(call.fields(), call.caller());
            Limit made = limits.create(call.caller().tenant(), wanted);
            changed.run();
            audit(call, "limit.create", made, null);
            call.respond(201, json(made));
        } catch (LimitInvalid invalid) {
            throw Refusals.value(invalid.field(), invalid.problem());
        }
    }

    private void show(Call call) {
        Limit limit = found(call);
        ObjectNode json = json(limit);
        json.set("usage", json(limit, limits.usage(limit)));
        call.respond(200, json);
    }

    private void patch(Call call) {
        try {
            LimitPatch patch = LimitRequests.patch(call.fields());
            Limit before = found(call);
            Limit after =
                    limits.patch(call.caller().tenant(), call.parameter("limit_id"), patch)
                            .orElseThrow(() -> unknown(call));
            changed.run();
            audit(call, "limit.update", after, before);
            call.respond(200, json(after));
        } catch (LimitInvalid invalid) {
            throw Refusals.value(invalid.field(), invalid.problem());
        }
    }

    private void end(Call call) {
        if (!limits.end(call.caller().tenant(), call.parameter("limit_id"))) {
            throw unknown(call);
        }
        changed.run();
        Limit ended = found(call);
        audit(call, "limit.end", ended, null);
        call.respond(200, json(ended));
    }

    private void history(Call call) {
        Limit limit = found(call);
        Query query = call.query();
        Page<LimitUsage> page = limits.history(limit, before(query), pageSize(query));
        call.respond(
                200,
                AdminJson.list(page.data(), usage -> json(limit, usage))
                        .put("has_more", page.hasMore()));
    }

    private Limit found(Call call) {
        return limits.get(call.caller().tenant(), call.parameter("limit_id"))
                .orElseThrow(() -> unknown(call));
    }

    private static Failed unknown(Call call) {
        return new Failed(
                Failure.at(
                        Failure.Cause.NOT_FOUND,
                        "There is no limit '"
                                + call.parameter("limit_id")
                                + "' in force. GET /admin/v1/limits lists them.",
                        "limit_id"));
    }

    private static ObjectNode json(Limit limit) {
        ObjectNode json = Json.object().put("id", limit.id()).put("name", limit.name());
        json.putObject("scope")
                .put("kind", LimitRequests.written(limit.scope().kind()))
                .put("id", limit.scope().id());
        json.put("measure", LimitRequests.written(limit.measure()))
                .put("currency", limit.currency())
                .put("amount", text(limit.amount()))
                .put("period", LimitRequests.written(limit.period()))
                .put("zone", limit.zone().getId().equals("Z") ? "UTC" : limit.zone().getId())
                .put("hard", limit.hard());
        ArrayNode alerts = json.putArray("alert_percents");
        limit.alertPercents().forEach(alerts::add);
        BigDecimal unknown = limit.holdIfUnknown();
        return json.put("hold_if_unknown", unknown == null ? null : text(unknown))
                .put("created_at", limit.createdAt().getEpochSecond())
                .put("updated_at", limit.updatedAt().getEpochSecond())
                .put("ended_at", seconds(limit.endedAt()));
    }

    private static ObjectNode json(Limit limit, LimitUsage usage) {
        BigDecimal left =
                limit.amount()
                        .subtract(usage.settled())
                        .subtract(usage.held())
                        .subtract(usage.out());
        var span = usage.span();
        return Json.object()
                .put("period_start", span.ends() ? (Long) (span.startMillis() / 1000) : null)
                .put("period_end", span.ends() ? (Long) (span.endMillis() / 1000) : null)
                .put("settled", text(usage.settled()))
                .put("held", text(usage.held()))
                .put("taken", text(usage.out()))
                .put("left", text(left.max(BigDecimal.ZERO)))
                .put("alerted_percent", usage.alertedPercent());
    }

    private static String text(BigDecimal amount) {
        return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
    }

    private static @Nullable Long seconds(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.getEpochSecond();
    }

    private static @Nullable Instant before(Query query) {
        String before = query.get("before");
        return before == null
                ? null
                : Instant.ofEpochSecond(whole("before", before, 0, 253_402_300_799L));
    }

    private static int pageSize(Query query) {
        String limit = query.get("limit");
        return limit == null ? PAGE_MAX : (int) whole("limit", limit, 1, PAGE_MAX);
    }

    private static long whole(String param, String text, long least, long most) {
        try {
            long value = Long.parseLong(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, as what is out of bounds.
        }
        throw Refusals.value(param, "it must be a whole number, " + least + " to " + most + ".");
    }
}
