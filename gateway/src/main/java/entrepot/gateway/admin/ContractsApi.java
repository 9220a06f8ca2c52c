package entrepot.gateway.admin;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.market.Money;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.Evidence;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.evidence.SignedEvidence;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.contracts.whatif.Redecision;
import entrepot.market.contracts.whatif.WhatIf;
import entrepot.market.contracts.whatif.WhatIf.Preference;
import entrepot.market.hindsight.Asked;
import entrepot.market.hindsight.Hindsight;
import entrepot.market.hindsight.Retold;
import entrepot.market.yaml.YamlInvalid;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What contracts would have done, and proof of what they did, over the tenant's own ledger.
 *
 * <pre>
 *   POST /contracts/whatif        {files{name: yaml}, from, to, prefer?: keep|cheapest,
 *                                 orders_max?: 1–10000 (default 1000), after?}
 *                                 {contracts, catalogue, from, to, prefer, basis, orders, cut,
 *                                 next|null, moved[{order, model, api, at, from|null, to|null, why,
 *                                 billed|null, cost_before|null, cost_after|null,
 *                                 difference|null}], totals[money], untold, left_out{reason: n}}
 *                                 400 with error.problems[{file, line, column, path, message}]
 *   POST /contracts/evidence      {clause: "contract/clause", from, to} a signed document
 *   GET  /contracts/evidence-key  {algorithm, id, public_key: PEM}
 *   money: {amount, currency}; from, to: a month, a date or an instant
 * </pre>
 */
public final class ContractsApi {

    private static final int ORDERS_DEFAULT = 1_000;
    private static final int FILES_MAX = 1_000;
    private static final String BASIS =
            "Candidates and their prices are what the catalogue offers now; only the contracts"
                    + " were asked again.";

    private final Hindsight hindsight;
    private final Supplier<ContractBook> contracts;
    private final EvidenceKey key;

    /**
     * @param contracts gives those in force
     */
    public ContractsApi(Hindsight hindsight, Supplier<ContractBook> contracts, EvidenceKey key) {
        this.hindsight = hindsight;
        this.contracts = contracts;
        this.key = key;
    }

    public List<Route> routes() {
        return List.of(
                AdminApi.route("POST", "/contracts/whatif", this::whatIf, ContractShapes.WHAT_IF),
                AdminApi.route(
                        "POST", "/contracts/evidence", this::evidence, ContractShapes.EVIDENCE),
                AdminApi.route(
                        "GET",
                        "/contracts/evidence-key",
                        this::evidenceKey,
                        ContractShapes.EVIDENCE_KEY));
    }

    private void whatIf(Call call) {
        Fields body = call.fields();
        body.required("files");
        Map<String, String> files = body.texts("files");
        if (files.size() > FILES_MAX) {
            throw Refusals.value("files", "it must have at most " + FILES_MAX + " members.");
        }
        String word = body.oneOf("prefer", "keep", "cheapest");
        Preference preference = "cheapest".equals(word) ? Preference.CHEAPEST : Preference.KEEP;
        int ordersMax = ordersMax(body);
        Asked asked = asked(call, body, body.text("after"), ordersMax);
        body.end();
        ContractBook book;
        try {
            book = new ContractsReader().read(new TreeMap<>(files));
        } catch (YamlInvalid e) {
            call.respond(400, refused(e));
            return;
        }
        try {
            call.respond(200, json(asked, hindsight.whatIf(asked, book, preference)));
        } catch (Hindsight.NoSuchPage e) {
            throw Refusals.value("after", e.getMessage() + ": give the next of a page.");
        }
    }

    private static int ordersMax(Fields body) {
        JsonNode value = body.get("orders_max");
        if (value == null) {
            return ORDERS_DEFAULT;
        }
        int count = value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : 0;
        if (count < 1 || count > Asked.ORDERS_MAX) {
            throw Refusals.value(
                    "orders_max", "it must be a whole number, 1 to " + Asked.ORDERS_MAX + ".");
        }
        return count;
    }

    private static Asked asked(Call call, Fields body, @Nullable String after, int ordersMax) {
        var from = Periods.instant("from", body.requiredText("from"));
        var to = Periods.instant("to", body.requiredText("to"));
        if (to.isBefore(from)) {
            throw Refusals.value("to", "it must not be before from.");
        }
        return new Asked(call.caller().tenant(), from, to, after, ordersMax);
    }

    private static ObjectNode refused(YamlInvalid invalid) {
        ObjectNode json =
                OpenAiErrors.body(
                        new Failure(
                                Failure.Cause.INVALID_REQUEST,
                                "The contracts cannot be used:\n" + invalid.getMessage(),
                                "files",
                                "invalid_contracts",
                                null,
                                null,
                                null));
        ArrayNode problems = ((ObjectNode) json.required("error")).putArray("problems");
        invalid.problems().forEach(each -> AdminJson.problem(problems.addObject(), each));
        return json;
    }

    private static ObjectNode json(Asked asked, Retold retold) {
        WhatIf whatIf = retold.whatIf();
        ObjectNode json =
                Json.object()
                        .put("object", "what_if")
                        .put("contracts", whatIf.bookVersion())
                        .put("catalogue", retold.catalogueVersion())
                        .put("from", asked.from().toString())
                        .put("to", asked.to().toString())
                        .put("prefer", AdminJson.word(whatIf.preference()))
                        .put("basis", BASIS)
                        .put("orders", whatIf.orders().size())
                        .put("cut", retold.next() != null)
                        .put("next", retold.next());
        ArrayNode moved = json.putArray("moved");
        whatIf.moved()
                .forEach(
                        each -> moved.add(moved(each, retold.billed().get(each.past().orderId()))));
        ArrayNode totals = json.putArray("totals");
        whatIf.differences().values().forEach(each -> totals.add(AdminJson.money(each)));
        json.put("untold", whatIf.untold());
        ObjectNode leftOut = json.putObject("left_out");
        retold.leftOut().forEach((reason, count) -> leftOut.put(AdminJson.word(reason), count));
        return json;
    }

    private static ObjectNode moved(Redecision again, @Nullable Money billed) {
        var past = again.past();
        var chosen = again.chosen();
        // What was refused used nothing that a price could be multiplied with.
        Money after = past.chosen() == null ? null : again.costAfter();
        ObjectNode json =
                Json.object()
                        .put("order", past.orderId())
                        .put("model", past.model())
                        .put("api", AdminJson.word(past.api()))
                        .put("at", past.at().toString())
                        .put("from", past.chosen())
                        .put("to", chosen == null ? null : chosen.supplier())
                        .put("why", again.why());
        json.set("billed", AdminJson.money(billed));
        json.set("cost_before", AdminJson.money(again.costBefore()));
        json.set("cost_after", AdminJson.money(after));
        json.set("difference", AdminJson.money(again.difference()));
        return json;
    }

    private void evidence(Call call) {
        Fields body = call.fields();
        String clause = body.requiredText("clause");
        Asked asked = asked(call, body, null, 1);
        body.end();
        ContractBook book = contracts.get();
        Clause known = book.clause(clause);
        if (known == null) {
            throw Refusals.value(
                    "clause",
                    "there is no clause '"
                            + clause
                            + "' in the contracts in force; give contract/clause, as"
                            + " 'entrepot contracts show' names it.");
        }
        if (!ContractBook.consults(known)) {
            throw Refusals.value(
                    "clause",
                    "'"
                            + clause
                            + "' is of a kind that the contract gate does not ask: give an"
                            + " exclusivity of calls, a first-ship or a licence for resale.");
        }
        Evidence evidence;
        try {
            evidence = hindsight.evidence(asked, book, clause);
        } catch (Hindsight.TooMany e) {
            throw Refusals.value("to", e.getMessage() + ".");
        }
        call.respond(
                200,
                Headers.of("content-type", "application/json"),
                SignedEvidence.sign(evidence, key));
    }

    private void evidenceKey(Call call) {
        call.respond(
                200,
                Json.object()
                        .put("object", "evidence_key")
                        .put("algorithm", "Ed25519")
                        .put("id", key.id())
                        .put("public_key", key.publicPem()));
    }
}
