package entrepot.gateway.admin;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.ledger.rollups.UsageQuery;
import entrepot.market.statements.BurnDown;
import entrepot.market.statements.Statements;
import entrepot.market.statements.focus.Dataset;
import entrepot.market.statements.focus.FocusExport;
import entrepot.market.statements.focus.Issuer;
import entrepot.market.statements.focus.OtherDatasets;
import entrepot.market.statements.focus.UnitPrices;
import entrepot.market.statements.reconcile.InvoiceLine;
import entrepot.market.statements.reconcile.Reconciliation;
import entrepot.market.statements.sheet.Csv;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.KnownTerms;
import entrepot.market.statements.terms.ShareTerms;
import entrepot.market.statements.terms.Terms;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Statements under {@code /admin/v1/statements} and FOCUS datasets under {@code /admin/v1/focus},
 * of the caller's tenant. A body may bring its own terms; those it does not bring are those of the
 * contracts in force, for the party that the catalogue or {@code ?party=} names.
 *
 * <pre>
 *   POST /statements/commitments  ?at= &amp;party=  {commitments?} → {data: [sheet], notes}
 *   POST /statements/shares       ?from= &amp;to= &amp;party=  {shares?} → {data: [sheet], notes}
 *   POST /statements/funding      ?at= &amp;party=  {tranches?} → {data: [sheet], notes}
 *   GET  /statements/segments     ?from= &amp;to= &amp;by=team,channel &amp;at=  → sheet
 *   GET  /statements/party        ?from= &amp;to= &amp;supplier= | &amp;team=     → sheet
 *   POST /statements/reconcile    ?supplier= &amp;period=2026-10 &amp;tolerance=1.00+USD, body: CSV
 *                                 → a sheet with {exceeds}
 *   POST /focus/{dataset}         ?from= &amp;to= &amp;view=cost|charge &amp;seller=
 *                                 &amp;every=day|hour &amp;at= &amp;payment_terms=
 *                                 {commitments?} → a sheet with {unpriced}
 *   notes:      what the contracts do not say, in words
 *   commitment: {id, contract?, party, description?, amount{amount, currency}, from, to,
 *                eligible?{model: ["acme/*"], supplier: […], …}, true_up?}
 *   share:      {id, party, percent: "20", base?: charge|cost, eligible?, currency, from, until,
 *                cap?, before?}
 *   tranche:    {id, party, amount, trigger?, triggered?, due?, lapses?, paid?}
 *   times:      2026-10, 2026-10-01 or 2026-10-01T00:00:00Z
 * </pre>
 */
public final class StatementsApi {

    private final Rollups rollups;
    private final Statements statements;
    private final KnownTerms terms;
    private final UnitPrices prices;

    /**
     * @param terms from the contracts in force
     * @param prices of the catalogue in force
     */
    public StatementsApi(Rollups rollups, KnownTerms terms, UnitPrices prices) {
        this.rollups = rollups;
        this.statements = new Statements(rollups);
        this.terms = terms;
        this.prices = prices;
    }

    public List<Route> routes() {
        return List.of(
                AdminApi.route(
                        "POST",
                        "/statements/commitments",
                        this::commitments,
                        LedgerShapes.COMMITMENTS),
                AdminApi.route("POST", "/statements/shares", this::shares, LedgerShapes.SHARES),
                AdminApi.route("POST", "/statements/funding", this::funding, LedgerShapes.FUNDING),
                AdminApi.route(
                        "GET", "/statements/segments", this::segments, LedgerShapes.SEGMENTS),
                AdminApi.route("GET", "/statements/party", this::party, LedgerShapes.PARTY),
                AdminApi.route(
                                "POST",
                                "/statements/reconcile",
                                this::reconcile,
                                LedgerShapes.RECONCILE)
                        .taking("text/csv"),
                AdminApi.route("POST", "/focus/{dataset}", this::focus, LedgerShapes.FOCUS));
    }

    /** What a body brings, else what the contracts say of a moment, as far as was known then. */
    private Terms terms(Call call, Instant at) {
        return terms(call, at, at);
    }

    private Terms terms(Call call, Instant at, Instant known) {
        String party = call.query().get("party");
        Terms agreed =
                party == null
                        ? terms.of(call.caller().tenant(), at, known)
                        : terms.ofParty(party, at, known);
        return call.body().length == 0 ? agreed : TermsJson.read(call.fields(), agreed);
    }

    private void commitments(Call call) {
        Instant at = Periods.orElse(call.query(), "at", call.startedAt());
        var sheets = new ArrayList<Sheet>();
        Terms known = terms(call, at);
        for (CommitmentTerms each : known.commitments()) {
            sheets.add(statements.burnDown(call.caller().tenant(), each, at).sheet());
        }
        respond(call, sheets, known);
    }

    private void shares(Call call) {
        Instant from = Periods.required(call.query(), "from");
        Instant to = Periods.required(call.query(), "to");
        var sheets = new ArrayList<Sheet>();
        // What was learned after the period still says what was owed in it.
        Terms known = terms(call, to, to.isAfter(call.startedAt()) ? to : call.startedAt());
        for (ShareTerms each : known.shares()) {
            if (each.from().isBefore(to) && from.isBefore(each.until())) {
                sheets.add(statements.share(call.caller().tenant(), each, to).sheet(from, to));
            }
        }
        respond(call, sheets, known);
    }

    private void funding(Call call) {
        Instant at = Periods.orElse(call.query(), "at", call.startedAt());
        Terms known = terms(call, at);
        respond(call, List.of(Statements.funding(known.tranches(), at)), known);
    }

    private static void respond(Call call, List<Sheet> sheets, Terms known) {
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        sheets.forEach(sheet -> data.add(sheet.json()));
        ArrayNode notes = json.putArray("notes");
        known.notes().forEach(notes::add);
        call.respond(200, json);
    }

    private void segments(Call call) {
        Query query = call.query();
        Set<Dimension> by = Periods.by(query);
        call.respond(
                200,
                statements
                        .segments(
                                Periods.usage(call.caller().tenant(), query),
                                by.isEmpty() ? EnumSet.of(Dimension.CHANNEL) : by,
                                Periods.orElse(query, "at", call.startedAt()))
                        .json());
    }

    private void party(Call call) {
        Query query = call.query();
        String supplier = query.get("supplier");
        String team = query.get("team");
        if ((supplier == null) == (team == null)) {
            throw Refusals.value("supplier", "give either supplier or team.");
        }
        call.respond(
                200,
                statements
                        .party(
                                call.caller().tenant(),
                                supplier == null ? Dimension.TEAM : Dimension.SUPPLIER,
                                supplier == null ? Objects.requireNonNull(team) : supplier,
                                Periods.required(query, "from"),
                                Periods.required(query, "to"))
                        .json());
    }

    private void reconcile(Call call) {
        Query query = call.query();
        String supplier = query.get("supplier");
        if (supplier == null) {
            throw Refusals.missing("supplier");
        }
        Instant from = Periods.required(query, "period");
        Money tolerance = tolerance(query.get("tolerance"));
        List<InvoiceLine> invoice;
        try {
            invoice = InvoiceLine.read(new String(call.body(), StandardCharsets.UTF_8));
        } catch (Csv.Malformed malformed) {
            throw Refusals.value("body", malformed.getMessage() + ".");
        }
        var month = Grain.MONTH;
        var ledger =
                rollups.usage(
                        UsageQuery.all(
                                        call.caller().tenant(),
                                        Instant.ofEpochMilli(month.bucket(from.toEpochMilli())),
                                        Instant.ofEpochMilli(
                                                month.next(month.bucket(from.toEpochMilli()))))
                                .by(Dimension.MODEL)
                                .where(Map.of(Dimension.SUPPLIER, Set.of(supplier))));
        var found = Reconciliation.of(invoice, ledger, tolerance);
        call.respond(200, found.sheet().json().put("exceeds", found.exceeds()));
    }

    private static Money tolerance(@Nullable String text) {
        String said = text == null ? "0 USD" : text;
        if (!said.matches("\\d{1,20}(\\.\\d{1,20})? [A-Z]{3}")) {
            throw Refusals.value("tolerance", "it must be money such as '1.00 USD'.");
        }
        return new Money(
                new BigDecimal(said.substring(0, said.indexOf(' '))),
                said.substring(said.indexOf(' ') + 1));
    }

    private void focus(Call call) {
        String word = call.parameter("dataset");
        Dataset dataset =
                Dataset.of(word)
                        .orElseThrow(() ->
                                Refusals.value(
                                        "dataset", "it must be one of " + Dataset.words() + "."));
        Query query = call.query();
        Periods.required(query, "from");
        Instant to = Periods.required(query, "to");
        Terms known = terms(call, to, to.isAfter(call.startedAt()) ? to : call.startedAt());
        Issuer issuer = issuer(call.caller().tenant(), query);
        if (dataset == Dataset.COST_AND_USAGE) {
            FocusExport.Export export = costAndUsage(issuer, query, known);
            call.respond(200, export.sheet().json().put("unpriced", export.unpriced()));
            return;
        }
        call.respond(200, other(dataset, issuer, known, call).json().put("unpriced", 0));
    }

    private Sheet other(Dataset dataset, Issuer issuer, Terms known, Call call) {
        Query query = call.query();
        Instant from = Periods.required(query, "from");
        Instant to = Periods.required(query, "to");
        Instant at = Periods.orElse(query, "at", call.startedAt());
        if (dataset == Dataset.CONTRACT_COMMITMENT) {
            return OtherDatasets.commitments(
                    known.commitments().stream()
                            .filter(each -> each.from().isBefore(to) && from.isBefore(each.to()))
                            .map(each -> statements.burnDown(issuer.account(), each, at))
                            .toList());
        }
        var usage = rollups.usage(monthly(issuer.account(), from, to));
        if (dataset == Dataset.INVOICE_DETAIL) {
            return OtherDatasets.invoiceDetails(
                    issuer,
                    usage,
                    Objects.requireNonNullElse(query.get("payment_terms"), "Not agreed"),
                    at);
        }
        var issuers = new TreeSet<String>();
        usage.forEach(row -> issuers.add(issuer.issuer(row.of(Dimension.SUPPLIER))));
        issuers.remove("");
        return OtherDatasets.billingPeriods(issuers, from, to, at);
    }

    private static UsageQuery monthly(String tenant, Instant from, Instant to) {
        return UsageQuery.all(tenant, from, to)
                .by(Dimension.MODEL, Dimension.SUPPLIER, Dimension.TEAM)
                .every(Grain.MONTH);
    }

    private static Issuer issuer(String tenant, Query query) {
        String view = Objects.requireNonNullElse(query.get("view"), "cost");
        return switch (view) {
            case "cost" -> new Issuer(tenant, null);
            case "charge" ->
                    new Issuer(tenant, Objects.requireNonNullElse(query.get("seller"), "entrepot"));
            default -> throw Refusals.value("view", "it must be cost or charge.");
        };
    }

    private FocusExport.Export costAndUsage(Issuer issuer, Query query, Terms known) {
        Grain grain = Objects.requireNonNullElse(Periods.every(query), Grain.DAY);
        if (grain == Grain.MONTH) {
            throw Refusals.value("every", "it must be hour or day.");
        }
        Instant from = Periods.required(query, "from");
        var usage =
                UsageQuery.all(issuer.account(), from, Periods.required(query, "to"))
                        .by(Dimension.values())
                        .every(grain);
        var left = new LinkedHashMap<CommitmentTerms, Money>();
        for (CommitmentTerms each : known.commitments()) {
            if (each.hasBeginning() && each.hasEnd()) { // as in the dataset of commitments
                BurnDown before = statements.burnDown(issuer.account(), each, from);
                left.put(each, before.remaining());
            }
        }
        try {
            return FocusExport.costAndUsage(issuer, grain, prices, left, rollups.usage(usage));
        } catch (Rollups.TooMany tooMany) {
            throw Refusals.value("to", String.valueOf(tooMany.getMessage()));
        }
    }
}
