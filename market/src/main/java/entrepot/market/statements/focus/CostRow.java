package entrepot.market.statements.focus;

import entrepot.market.ledger.rollups.Dimension;
import entrepot.market.ledger.rollups.Grain;
import entrepot.market.ledger.rollups.UsageRow;
import entrepot.market.statements.terms.CommitmentTerms;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The columns of a row of Cost and Usage that do not depend on how it is priced. */
final class CostRow {

    static final List<String> COLUMNS =
            List.of(
                    "BilledCost",
                    "BillingAccountId",
                    "BillingAccountName",
                    "BillingAccountType",
                    "BillingCurrency",
                    "BillingPeriodEnd",
                    "BillingPeriodStart",
                    "ChargeCategory",
                    "ChargeClass",
                    "ChargeDescription",
                    "ChargeFrequency",
                    "ChargePeriodEnd",
                    "ChargePeriodStart",
                    "ConsumedQuantity",
                    "ConsumedUnit",
                    "ContractApplied",
                    "ContractedCost",
                    "ContractedUnitPrice",
                    "EffectiveCost",
                    "HostProviderName",
                    "InvoiceId",
                    "InvoiceIssuerName",
                    "ListCost",
                    "ListUnitPrice",
                    "PricingCategory",
                    "PricingQuantity",
                    "PricingUnit",
                    "RegionId",
                    "RegionName",
                    "ServiceCategory",
                    "ServiceName",
                    "ServiceProviderName",
                    "ServiceSubcategory",
                    "SkuId",
                    "SkuMeter",
                    "SkuPriceDetails",
                    "SkuPriceId",
                    "SubAccountId",
                    "SubAccountName",
                    "SubAccountType",
                    "Tags",
                    "x_Api",
                    "x_Channel",
                    "x_EstimatedRequests",
                    "x_Outcome",
                    "x_Project",
                    "x_Requests",
                    "x_Supplier");

    private static final JsonMapper JSON = new JsonMapper();

    private CostRow() {}

    static Map<String, String> begin(
            Issuer issuer, Grain grain, UsageRow row, String cost, String currency) {
        Instant bucket = row.bucket();
        if (bucket == null) {
            throw new IllegalArgumentException("Cost and Usage is written by day or hour");
        }
        long from = bucket.toEpochMilli();
        long month = Grain.MONTH.bucket(from);
        String supplier = row.of(Dimension.SUPPLIER);
        String channel = row.of(Dimension.CHANNEL);
        String host = channel.isEmpty() ? supplier : channel;
        var cells = new HashMap<String, String>();
        for (String column : List.of("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")) {
            cells.put(column, cost);
        }
        cells.put("BillingAccountId", issuer.account());
        cells.put("BillingAccountName", issuer.account());
        cells.put("BillingAccountType", "Tenant");
        cells.put("BillingCurrency", currency);
        cells.put("BillingPeriodStart", time(month));
        cells.put("BillingPeriodEnd", time(Grain.MONTH.next(month)));
        cells.put("ChargeCategory", "Usage");
        cells.put("ChargeFrequency", "Usage-Based");
        cells.put("ChargePeriodStart", time(from));
        cells.put("ChargePeriodEnd", time(grain.next(from)));
        cells.put("HostProviderName", host);
        cells.put("InvoiceIssuerName", issuer.issuer(supplier));
        cells.put("ServiceCategory", "AI and Machine Learning");
        cells.put("ServiceSubcategory", "Generative AI");
        cells.put("ServiceName", row.of(Dimension.MODEL));
        cells.put("ServiceProviderName", issuer.charges() ? issuer.issuer(supplier) : host);
        cells.put("SubAccountId", row.of(Dimension.TEAM));
        cells.put("SubAccountName", row.of(Dimension.TEAM));
        cells.put("SubAccountType", "Team");
        told(cells, "RegionId", row.of(Dimension.REGION));
        told(cells, "RegionName", row.of(Dimension.REGION));
        String project = row.of(Dimension.PROJECT);
        if (!project.isEmpty()) {
            cells.put("Tags", JSON.createObjectNode().put("project", project).toString());
            cells.put("x_Project", project);
        }
        told(cells, "x_Api", row.of(Dimension.API));
        told(cells, "x_Channel", channel);
        told(cells, "x_Outcome", row.of(Dimension.OUTCOME));
        told(cells, "x_Supplier", supplier);
        cells.put("x_Requests", Long.toString(row.sums().requests()));
        cells.put("x_EstimatedRequests", Long.toString(row.sums().estimated()));
        return cells;
    }

    private static void told(Map<String, String> cells, String column, String value) {
        if (!value.isEmpty()) {
            cells.put(column, value);
        }
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** In the order of {@link #COLUMNS}. */
    static List<@Nullable String> cells(Map<String, String> values) {
        var cells = new ArrayList<@Nullable String>(COLUMNS.size());
        COLUMNS.forEach(column -> cells.add(values.get(column)));
        return cells;
    }

    /** A number without zeros at its end and without an exponent. */
    private static BigDecimal shortest(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    static String contractApplied(List<Map.Entry<CommitmentTerms, BigDecimal>> elements) {
        ObjectNode json = JSON.createObjectNode();
        ArrayNode array = json.putArray("Elements");
        for (Map.Entry<CommitmentTerms, BigDecimal> element : elements) {
            array.addObject()
                    .put("ContractID", element.getKey().contract())
                    .put("ContractCommitmentID", element.getKey().id())
                    .put("AppliedCost", shortest(element.getValue()));
        }
        return json.toString();
    }
}
