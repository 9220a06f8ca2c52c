package entrepot.market.statements.focus;

import entrepot.market.Money;
import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.BurnDown;
import entrepot.market.statements.sheet.Sheet;
import entrepot.market.statements.terms.CommitmentTerms;
import entrepot.market.statements.terms.Scope;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Writes Contract Commitment, Invoice Detail and Billing Period. */
public final class OtherDatasets {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<Dimension, String> COLUMNS_OF =
            Map.of(
                    Dimension.TEAM,
                    "SubAccountId",
                    Dimension.PROJECT,
                    "x_Project",
                    Dimension.MODEL,
                    "SkuId",
                    Dimension.SUPPLIER,
                    "x_Supplier",
                    Dimension.CHANNEL,
                    "x_Channel",
                    Dimension.REGION,
                    "RegionId",
                    Dimension.API,
                    "x_Api",
                    Dimension.OUTCOME,
                    "x_Outcome");

    private OtherDatasets() {}

    /**
     * Each commitment with where it stands. All are negotiated pools that last their whole time.
     * Those without a stated beginning or end are left out: the dataset needs both.
     */
    public static Sheet commitments(List<BurnDown> commitments) {
        var rows = new ArrayList<Map<String, String>>();
        for (BurnDown each : commitments) {
            CommitmentTerms terms = each.terms();
            if (!terms.hasBeginning() || !terms.hasEnd()) {
                continue;
            }
            var cells = new HashMap<String, String>();
            cells.put("BillingCurrency", terms.amount().currency());
            cells.put("ContractCommitmentApplicability", applicability(terms.eligible()));
            cells.put("ContractCommitmentBenefitCategory", "Monetary Pool");
            cells.put("ContractCommitmentCategory", "Spend");
            cells.put("ContractCommitmentCost", terms.amount().amount().toPlainString());
            cells.put("ContractCommitmentCreated", terms.from().toString());
            cells.put("ContractCommitmentDescription", terms.description());
            cells.put("ContractCommitmentDurationType", duration(terms));
            cells.put("ContractCommitmentFulfillmentInterval", "Full Commitment Period");
            cells.put("ContractCommitmentId", terms.id());
            cells.put("ContractCommitmentLastUpdated", seconds(each.at()));
            cells.put("ContractCommitmentLifecycleStatus", status(each));
            cells.put("ContractCommitmentModel", "Discontinuous");
            cells.put("ContractCommitmentOfferCategory", "Negotiated");
            cells.put("ContractCommitmentPaymentInterval", "Custom");
            cells.put("ContractCommitmentPaymentModel", "No Upfront");
            cells.put("ContractCommitmentPeriodStart", terms.from().toString());
            cells.put("ContractCommitmentPeriodEnd", terms.to().toString());
            cells.put(
                    "ContractCommitmentType",
                    terms.trueUp() ? "Minimum Spend With True-Up" : "Minimum Spend");
            cells.put("ContractId", terms.contract());
            cells.put("ContractPeriodStart", terms.from().toString());
            cells.put("ContractPeriodEnd", terms.to().toString());
            cells.put("InvoiceIssuerName", terms.party());
            cells.put("ServiceProviderName", terms.party());
            cells.put("x_SpentCost", each.spent().amount().toPlainString());
            cells.put("x_RemainingCost", each.remaining().amount().toPlainString());
            rows.add(cells);
        }
        return sheet(
                "FOCUS 1.4 Contract Commitment",
                Dataset.CONTRACT_COMMITMENT,
                List.of("x_RemainingCost", "x_SpentCost"),
                rows);
    }

    private static String status(BurnDown burnDown) {
        CommitmentTerms terms = burnDown.terms();
        if (burnDown.at().isBefore(terms.from())) {
            return "Pending";
        }
        if (!burnDown.at().isBefore(terms.to())) {
            return "Expired";
        }
        return burnDown.remaining().amount().signum() == 0 ? "Exhausted" : "Active";
    }

    private static String duration(CommitmentTerms terms) {
        Period period =
                Period.between(
                        terms.from().atZone(ZoneOffset.UTC).toLocalDate(),
                        terms.to().atZone(ZoneOffset.UTC).toLocalDate());
        long months = period.toTotalMonths();
        if (months > 0 && months % 12 == 0) {
            return months == 12 ? "1 Year" : months / 12 + " Years";
        }
        if (months > 0) {
            return months == 1 ? "1 Month" : months + " Months";
        }
        long days = Math.max(1, Duration.between(terms.from(), terms.to()).toDays());
        return days == 1 ? "1 Day" : days + " Days";
    }

    private static String applicability(Scope scope) {
        ObjectNode json = JSON.createObjectNode();
        if (scope.values().isEmpty()) {
            return json.put("IsGlobalScope", true).toString();
        }
        json.put("IsGlobalScope", false).put("InclusionOperator", "And");
        ArrayNode inclusions = json.putArray("Inclusions");
        for (Dimension dimension : new TreeSet<>(scope.values().keySet())) {
            var values = new TreeSet<>(scope.values().getOrDefault(dimension, Set.of()));
            boolean prefixes = values.stream().allMatch(value -> value.endsWith("*"));
            ObjectNode rule =
                    inclusions
                            .addObject()
                            .put("Dimension", COLUMNS_OF.get(dimension))
                            .put("Operator", prefixes ? "StartsWith" : "In");
            ArrayNode array = rule.putArray("Values");
            values.stream()
                    .map(value -> prefixes ? value.substring(0, value.length() - 1) : value)
                    .forEach(array::add);
        }
        return json.toString();
    }

    /**
     * What an invoice of each month says: one line per model and team, or per model and supplier.
     * No invoice is issued here, so each is open.
     *
     * @param usage by month, model, supplier and team
     * @param terms of payment, such as {@code Net 30}
     * @param at when it was made
     */
    public static Sheet invoiceDetails(
            Issuer issuer, List<UsageRow> usage, String terms, Instant at) {
        var rows = new ArrayList<Map<String, String>>();
        for (UsageRow row : usage) {
            Instant bucket = row.bucket();
            String currency = issuer.charges() ? row.chargeCurrency() : row.costCurrency();
            var amount =
                    currency.isEmpty()
                            ? null
                            : new Money(
                                    issuer.charges() ? row.sums().charge() : row.sums().cost(),
                                    currency);
            if (bucket == null || amount == null || amount.amount().signum() == 0) {
                continue;
            }
            rows.add(invoiceDetail(issuer, row, amount, terms, at));
        }
        return sheet("FOCUS 1.4 Invoice Detail", Dataset.INVOICE_DETAIL, List.of(), rows);
    }

    private static Map<String, String> invoiceDetail(
            Issuer issuer, UsageRow row, Money amount, String terms, Instant at) {
        Instant bucket = row.bucket() == null ? at : row.bucket();
        String supplier = row.of(Dimension.SUPPLIER);
        String seller = issuer.issuer(supplier);
        String invoice =
                "%s/%s/%s/%s"
                        .formatted(
                                seller,
                                issuer.account(),
                                bucket.toString().substring(0, 7),
                                amount.currency());
        String team = row.of(Dimension.TEAM);
        ObjectNode grain = JSON.createObjectNode().put("SkuId", row.of(Dimension.MODEL));
        if (!team.isEmpty()) {
            grain.put("SubAccountId", team);
        }
        if (!supplier.isEmpty()) {
            grain.put("x_Supplier", supplier);
        }
        long next = Grain.MONTH.next(bucket.toEpochMilli());
        Instant updated = at.toEpochMilli() < next ? at : Instant.ofEpochMilli(next);
        var cells = new HashMap<String, String>();
        cells.put("BilledCost", amount.amount().toPlainString());
        cells.put("BillingAccountId", issuer.account());
        cells.put("BillingCurrency", amount.currency());
        cells.put("BillingPeriodStart", bucket.toString());
        cells.put("BillingPeriodEnd", CostRow.time(next));
        cells.put("ChargeCategory", "Usage");
        cells.put("InvoiceDetailCreated", bucket.toString());
        cells.put("InvoiceDetailDescription", "Usage of " + row.of(Dimension.MODEL));
        cells.put("InvoiceDetailGrain", grain.toString());
        cells.put(
                "InvoiceDetailId",
                invoice + "/" + row.of(Dimension.MODEL) + "/" + team + "/" + supplier);
        cells.put("InvoiceDetailLastUpdated", seconds(updated));
        cells.put("InvoiceId", invoice);
        cells.put("InvoiceIssueStatus", "Open");
        cells.put("InvoiceIssuerName", seller);
        cells.put("PaymentCurrency", amount.currency());
        cells.put("PaymentCurrencyBilledCost", amount.amount().toPlainString());
        cells.put("PaymentTerms", terms);
        cells.put("ReferenceInvoiceId", invoice);
        return cells;
    }

    /**
     * The months of a period, for each who invoices in them. A month that has ended is closed: what
     * is found out later is booked, and invoiced, in a later one.
     */
    public static Sheet billingPeriods(Set<String> issuers, Instant from, Instant to, Instant at) {
        var rows = new ArrayList<Map<String, String>>();
        for (String name : new TreeSet<>(issuers)) {
            long month = Grain.MONTH.bucket(from.toEpochMilli());
            while (month < to.toEpochMilli()) {
                long next = Grain.MONTH.next(month);
                boolean closed = at.toEpochMilli() >= next;
                var cells = new HashMap<String, String>();
                cells.put("BillingPeriodCreated", CostRow.time(month));
                cells.put("BillingPeriodStart", CostRow.time(month));
                cells.put("BillingPeriodEnd", CostRow.time(next));
                cells.put("BillingPeriodLastUpdated", closed ? CostRow.time(next) : seconds(at));
                cells.put("BillingPeriodStatus", closed ? "Closed" : "Open");
                cells.put("InvoiceIssuerName", name);
                rows.add(cells);
                month = next;
            }
        }
        return sheet("FOCUS 1.4 Billing Period", Dataset.BILLING_PERIOD, List.of(), rows);
    }

    private static String seconds(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond()).toString();
    }

    /** All columns that are mandatory or have a value, and those of our own. */
    private static Sheet sheet(
            String title, Dataset dataset, List<String> own, List<Map<String, String>> rows) {
        var columns = new ArrayList<String>();
        for (Column column : dataset.columns()) {
            if (column.level() == Column.Level.MANDATORY
                    || rows.stream().anyMatch(row -> row.containsKey(column.id()))) {
                columns.add(column.id());
            }
        }
        columns.addAll(own);
        var cells = new ArrayList<List<@Nullable String>>();
        for (Map<String, String> row : rows) {
            var line = new ArrayList<@Nullable String>();
            columns.forEach(column -> line.add(row.get(column)));
            cells.add(line);
        }
        return new Sheet(title, columns, cells);
    }
}
