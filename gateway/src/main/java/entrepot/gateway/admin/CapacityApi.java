package entrepot.gateway.admin;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Route;
import entrepot.market.capacity.Commitments;
import entrepot.market.capacity.Pool;
import entrepot.market.capacity.Report;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/**
 * {@code GET /admin/v1/capacity}: reserved units with what this node used of them in the last
 * minute, and commitments with their forecast.
 *
 * <pre>
 *   {object: "capacity", at, window_seconds, reserved[reservation], commitments[commitment]}
 *   reservation: {source, suppliers[], models[], party|null, units, unit, tokens_per_minute,
 *                 requests_per_minute|null, spill: next|never, spill_to[], used{tokens, requests,
 *                 percent}, full, orders_spilled, by[{supplier, model, tokens, requests}]}
 *   commitment:  {clause, creditor, channels[], amount, spent, remaining, shortfall|null, until,
 *                 at_risk, as_of}
 * </pre>
 */
public final class CapacityApi {

    private static final int WINDOW_SECONDS = 60;
    private static final String MONEY = AdminShapes.MONEY;
    private static final Described SHOW =
            Described.get(
                    "Shows reserved units with their measured use, and commitments at risk.",
                    "",
                    "{object: capacity, at: date-time, window_seconds: integer,"
                            + " reserved: [{source: string, suppliers: [string],"
                            + " models: [string], party: string|null, units: decimal,"
                            + " unit: string, tokens_per_minute: integer,"
                            + " requests_per_minute: integer|null, spill: next/never,"
                            + " spill_to: [string], used: {tokens: integer, requests: integer,"
                            + " percent: integer}, full: boolean, orders_spilled: integer,"
                            + " by: [{supplier: string, model: string, tokens: integer,"
                            + " requests: integer}]}],"
                            + " commitments: [{clause: string, creditor: string,"
                            + " channels: [string], amount: "
                            + MONEY
                            + ", spent: "
                            + MONEY
                            + ", remaining: "
                            + MONEY
                            + ", shortfall: "
                            + MONEY
                            + "|null, until: date-time, at_risk: boolean,"
                            + " as_of: date-time}]}");

    private final Function<String, Report> report;

    /**
     * @param report by tenant
     */
    public CapacityApi(Function<String, Report> report) {
        this.report = report;
    }

    public List<Route> routes() {
        return List.of(AdminApi.route("GET", "/capacity", this::show, SHOW));
    }

    private void show(Call call) {
        Report told = report.apply(call.caller().tenant());
        ObjectNode json =
                Json.object()
                        .put("object", "capacity")
                        .put("at", told.at().toString())
                        .put("window_seconds", WINDOW_SECONDS);
        ArrayNode reserved = json.putArray("reserved");
        told.pools().forEach(pool -> pool(reserved.addObject(), pool, told.at()));
        ArrayNode commitments = json.putArray("commitments");
        told.plans().forEach(plan -> plan(commitments.addObject(), plan));
        call.respond(200, json);
    }

    private static void pool(ObjectNode json, Pool pool, Instant now) {
        Pool.Terms terms = pool.terms();
        json.put("source", terms.source());
        texts(json.putArray("suppliers"), terms.suppliers());
        texts(json.putArray("models"), terms.units().models().stream().sorted().toList());
        json.put("party", terms.party())
                .put("units", terms.units().units().stripTrailingZeros().toPlainString())
                .put("unit", terms.units().unit())
                .put("tokens_per_minute", pool.tokensPerMinute())
                .put("requests_per_minute", terms.units().requestsPerMinute())
                .put("spill", AdminJson.word(terms.spill()));
        texts(json.putArray("spill_to"), terms.spillTo());
        Pool.Used used = pool.used(now);
        json.putObject("used")
                .put("tokens", used.tokens())
                .put("requests", used.requests())
                .put("percent", pool.usedPercent(now));
        json.put("full", pool.isFull(now)).put("orders_spilled", pool.spilled());
        ArrayNode by = json.putArray("by");
        for (Pool.UsedBy each : used.ways()) {
            by.addObject()
                    .put("supplier", each.supplier())
                    .put("model", each.model())
                    .put("tokens", each.tokens())
                    .put("requests", each.requests());
        }
    }

    private static void plan(ObjectNode json, Commitments.Plan plan) {
        var burnDown = plan.burnDown();
        json.put("clause", plan.clause().ref()).put("creditor", plan.clause().creditor());
        texts(json.putArray("channels"), plan.channels().stream().sorted().toList());
        json.set("amount", AdminJson.money(burnDown.terms().amount()));
        json.set("spent", AdminJson.money(burnDown.spent()));
        json.set("remaining", AdminJson.money(burnDown.remaining()));
        json.set("shortfall", AdminJson.money(burnDown.shortfall()));
        json.put("until", burnDown.terms().to().toString())
                .put("at_risk", plan.isAtRisk())
                .put("as_of", burnDown.at().toString());
    }

    private static void texts(ArrayNode array, Iterable<String> texts) {
        texts.forEach(array::add);
    }
}
