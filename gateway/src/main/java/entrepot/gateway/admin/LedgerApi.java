package entrepot.gateway.admin;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.BodyWriter;
import entrepot.http.Headers;
import entrepot.market.Money;
import entrepot.market.ledger.Ledger;
import entrepot.market.ledger.LedgerReader;
import entrepot.market.ledger.LedgerRow;
import entrepot.market.ledger.Progress;
import entrepot.market.ledger.Rerating;
import entrepot.market.ledger.books.Posting;
import entrepot.market.ledger.rollups.Balance;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.sheet.Sheet;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The ledger under {@code /admin/v1/ledger}, and usage from its sums. Rows, balances and usage are
 * the caller's tenant's; verifying and rebuilding look at the chains of all tenants.
 *
 * <pre>
 *   GET  /ledger/rows          row*, newest first: ?limit= (1–1000, default 100), ?before=id
 *                              row: {id, chain, sequence, hash, kind, about|null, charge_rule|null,
 *                              receipt{…}, postings[{account, party, amount, currency, rule|null}]}
 *   GET  /ledger/rows/{id}     a row and {corrections: row*}
 *   POST /ledger/rows/{id}/rerate  {cost{amount, currency}, charge?, pricing?, reason} 201: a row
 *   GET  /ledger/balance       ?from= &amp;to=: a sheet
 *   GET  /ledger/verify        server-sent: {rows, rows_all}*, then {rows, flaw|null, done: true}
 *   GET  /ledger/rebuild       server-sent: {rows, rows_all}*, then {differences[], done: true}
 *   GET  /usage                ?from= &amp;to= &amp;by=team,model &amp;every=day &amp;team=: sheet
 *   sheet: {title, columns[], rows[[text|null]]}
 * </pre>
 */
public final class LedgerApi {

    private static final int ROWS_DEFAULT = 100;
    private static final int ROWS_MAX = 1_000;

    private final LedgerReader reader;
    private final Rollups rollups;
    private final Rerating rerating;

    public LedgerApi(LedgerReader reader, Rollups rollups, Rerating rerating) {
        this.reader = reader;
        this.rollups = rollups;
        this.rerating = rerating;
    }

    public List<Route> routes() {
        return List.of(
                AdminApi.route("GET", "/ledger/rows", this::list, LedgerShapes.LIST_ROWS),
                AdminApi.route("GET", "/ledger/rows/{id}", this::show, LedgerShapes.SHOW_ROW),
                AdminApi.route(
                        "POST", "/ledger/rows/{id}/rerate", this::rerate, LedgerShapes.RERATE),
                AdminApi.route("GET", "/ledger/balance", this::balance, LedgerShapes.BALANCE),
                AdminApi.route("GET", "/ledger/verify", this::verify, LedgerShapes.VERIFY),
                AdminApi.route("GET", "/ledger/rebuild", this::rebuild, LedgerShapes.REBUILD),
                AdminApi.route("GET", "/usage", this::usage, LedgerShapes.USAGE));
    }

    private void list(Call call) {
        Query query = call.query();
        call.respond(
                200,
                AdminJson.list(
                        reader.rows(call.caller().tenant(), query.get("before"), limit(query)),
                        LedgerApi::row));
    }

    private static int limit(Query query) {
        String limit = query.get("limit");
        if (limit == null) {
            return ROWS_DEFAULT;
        }
        try {
            return Math.clamp(Long.parseLong(limit), 1, ROWS_MAX);
        } catch (NumberFormatException notANumber) {
            throw Refusals.value("limit", "it must be a whole number.");
        }
    }

    private void show(Call call) {
        String tenant = call.caller().tenant();
        String id = call.parameter("id");
        ObjectNode json = row(reader.row(tenant, id).orElseThrow(() -> unknown(id)));
        ArrayNode corrections = json.putArray("corrections");
        reader.corrections(tenant, id).forEach(row -> corrections.add(row(row)));
        call.respond(200, json);
    }

    private static Failed unknown(String id) {
        return new Failed(
                Failure.at(
                        Failure.Cause.NOT_FOUND,
                        "There is no row '" + id + "'. GET /admin/v1/ledger/rows lists them.",
                        "id"));
    }

    private void rerate(Call call) throws InterruptedException {
        Fields body = call.fields();
        Money cost = money(body.requiredObject("cost"));
        Fields charge = body.object("charge");
        var price =
                new Rerating.Price(
                        cost,
                        charge == null ? null : money(charge),
                        body.text("pricing"),
                        body.requiredText("reason"));
        body.end();
        try {
            call.respond(
                    201, row(rerating.rerate(call.caller().tenant(), call.parameter("id"), price)));
        } catch (Rerating.Refused refused) {
            throw new Failed(
                    Failure.at(Failure.Cause.CONFLICT, String.valueOf(refused.getMessage()), "id"));
        }
    }

    /** An amount as decimal text, and its currency. */
    static Money money(Fields fields) {
        String amount = fields.requiredText("amount");
        String currency = fields.requiredText("currency");
        fields.end();
        if (!amount.matches("-?\\d{1,40}(\\.\\d{1,40})?")) {
            throw Refusals.value(fields.at("amount"), "it must be decimal text such as \"1.25\".");
        }
        if (!Money.isCurrency(currency)) {
            throw Refusals.value(fields.at("currency"), "it must be an ISO 4217 code.");
        }
        return new Money(new BigDecimal(amount), currency);
    }

    private void balance(Call call) {
        Query query = call.query();
        var from = Periods.required(query, "from");
        var to = Periods.required(query, "to");
        var rows = new ArrayList<List<@Nullable String>>();
        for (Balance each : rollups.balances(call.caller().tenant(), from, to)) {
            BigDecimal amount = each.amount().amount();
            rows.add(
                    Sheet.row(
                            AdminJson.word(each.account()),
                            each.party(),
                            amount.signum() > 0 ? amount.toPlainString() : null,
                            amount.signum() < 0 ? amount.negate().toPlainString() : null,
                            each.amount().currency()));
        }
        call.respond(
                200,
                Sheet.of(
                                "Balances of the months from " + from + " to " + to,
                                List.of("account", "party", "debit", "credit", "currency"),
                                rows)
                        .json());
    }

    private void usage(Call call) {
        UsageQuery query = Periods.usage(call.caller().tenant(), call.query());
        List<UsageRow> found;
        try {
            found = rollups.usage(query);
        } catch (Rollups.TooMany tooMany) {
            throw Refusals.value("by", String.valueOf(tooMany.getMessage()));
        }
        call.respond(200, UsageSheet.of(query, found).json());
    }

    private void verify(Call call) throws InterruptedException {
        told(
                call,
                progress -> {
                    Ledger.Verification found = reader.verify(progress);
                    return Json.object().put("rows", found.rows()).put("flaw", found.flaw());
                });
    }

    private void rebuild(Call call) throws InterruptedException {
        told(
                call,
                progress -> {
                    ObjectNode json = Json.object();
                    ArrayNode differences = json.putArray("differences");
                    reader.rebuild(progress).forEach(differences::add);
                    return json;
                });
    }

    /** A long walk whose progress is told. */
    @FunctionalInterface
    private interface LongWalk {
        ObjectNode run(Progress progress);
    }

    private static void told(Call call, LongWalk walk) throws InterruptedException {
        var headers =
                Headers.of(
                        "content-type",
                        "text/event-stream; charset=utf-8",
                        "cache-control",
                        "no-cache, no-transform");
        try (BodyWriter body = call.open(200, headers)) {
            try {
                ObjectNode last =
                        walk.run((rows, rowsAll) ->
                                say(
                                        body,
                                        Json.object().put("rows", rows).put("rows_all", rowsAll)));
                say(body, last.put("done", true));
            } catch (Left left) {
                throw left.interrupted();
            }
        }
    }

    private static void say(BodyWriter body, JsonNode event) {
        try {
            body.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new Left(e);
        }
    }

    /** The reader has left: nobody waits for the end of the walk. */
    private static final class Left extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final InterruptedException interrupted;

        Left(InterruptedException interrupted) {
            super(interrupted);
            this.interrupted = interrupted;
        }

        InterruptedException interrupted() {
            return interrupted;
        }
    }

    private static ObjectNode row(LedgerRow row) {
        ObjectNode json =
                Json.object()
                        .put("id", row.entry().receipt().id())
                        .put("chain", row.chain())
                        .put("sequence", row.sequence())
                        .put("hash", row.hash())
                        .put("kind", AdminJson.word(row.entry().kind()))
                        .put("about", row.entry().about())
                        .put("charge_rule", row.entry().chargeRule());
        json.set("receipt", AdminJson.receipt(row.entry().receipt()));
        ArrayNode postings = json.putArray("postings");
        for (Posting posting : row.postings()) {
            postings.addObject()
                    .put("account", AdminJson.word(posting.account()))
                    .put("party", posting.party())
                    .put("amount", posting.amount().amount().toPlainString())
                    .put("currency", posting.amount().currency())
                    .put("rule", posting.rule());
        }
        return json;
    }
}
