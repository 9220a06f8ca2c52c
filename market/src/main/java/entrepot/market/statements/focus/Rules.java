package entrepot.market.statements.focus;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The rules of FOCUS over several columns of one row; a rule holds where its columns exist. */
final class Rules {

    private final Cells row;
    private final List<String> columns;
    private final List<Finding> findings = new ArrayList<>();

    Rules(Cells row, List<String> columns) {
        this.row = row;
        this.columns = columns;
    }

    List<Finding> of(Dataset dataset) {
        switch (dataset) {
            case COST_AND_USAGE -> costAndUsage();
            case CONTRACT_COMMITMENT -> contractCommitment();
            case INVOICE_DETAIL -> invoiceDetail();
            case BILLING_PERIOD -> order("BillingPeriodStart", "BillingPeriodEnd");
        }
        return findings;
    }

    private void costAndUsage() {
        order("BillingPeriodStart", "BillingPeriodEnd");
        order("ChargePeriodStart", "ChargePeriodEnd");
        boolean correction = row.is("ChargeClass", "Correction");
        boolean sold = row.is("ChargeCategory", "Usage") || row.is("ChargeCategory", "Purchase");
        boolean tax = row.is("ChargeCategory", "Tax");
        for (String column :
                List.of(
                        "PricingCategory",
                        "PricingQuantity",
                        "ListUnitPrice",
                        "ContractedUnitPrice",
                        "SkuId",
                        "SkuPriceId")) {
            if (sold && !correction) {
                needed(column, "of usage and purchases");
            }
            if (tax) {
                absent(column, "of a tax");
            }
        }
        product("ListUnitPrice", "ListCost", correction);
        product("ContractedUnitPrice", "ContractedCost", correction);
        together("PricingQuantity", "PricingUnit");
        together("ConsumedQuantity", "ConsumedUnit");
        for (String column : List.of("SkuMeter", "SkuPriceDetails")) {
            if (!row.has(column.equals("SkuMeter") ? "SkuId" : "SkuPriceId")) {
                absent(column, "without a SKU");
            }
        }
        notNegative("ListUnitPrice");
        notNegative("ContractedUnitPrice");
        commitments();
        if (row.is("ChargeCategory", "Purchase") && row.is("ChargeFrequency", "Usage-Based")) {
            add("ChargeFrequency", "a purchase is not usage-based");
        }
        dependent("RegionName", "RegionId");
        dependent("SubAccountName", "SubAccountId");
        dependent("ResourceName", "ResourceId");
    }

    private void commitments() {
        if (!columns.contains("CommitmentDiscountId")) {
            return;
        }
        for (String column : List.of("CommitmentDiscountCategory", "CommitmentDiscountStatus")) {
            if (!row.has("CommitmentDiscountId")) {
                absent(column, "without a CommitmentDiscountId");
            }
        }
        boolean usage = row.is("ChargeCategory", "Usage");
        if (row.has("CommitmentDiscountId")) {
            needed("CommitmentDiscountCategory", "with a CommitmentDiscountId");
            if (usage) {
                needed("CommitmentDiscountStatus", "of usage with a CommitmentDiscountId");
            }
        }
        if (row.has("CapacityReservationId") && usage) {
            needed("CapacityReservationStatus", "of usage with a CapacityReservationId");
        }
    }

    private void contractCommitment() {
        order("ContractPeriodStart", "ContractPeriodEnd");
        order("ContractCommitmentPeriodStart", "ContractCommitmentPeriodEnd");
        if (row.is("ContractCommitmentCategory", "Spend")) {
            needed("ContractCommitmentCost", "of a commitment to spend");
            needed("BillingCurrency", "of a commitment to spend");
        }
        if (row.is("ContractCommitmentCategory", "Usage")) {
            needed("ContractCommitmentQuantity", "of a commitment to use");
        }
        together("ContractCommitmentQuantity", "ContractCommitmentUnit");
        if (row.is("ContractCommitmentPaymentModel", "All Upfront")
                && !row.is("ContractCommitmentPaymentInterval", "One-Time")) {
            add("ContractCommitmentPaymentInterval", "what is paid upfront is paid One-Time");
        }
        if (row.is("ContractCommitmentBenefitCategory", "Discount")) {
            needed("ContractCommitmentDiscountPercentage", "of a discount");
        }
        BigDecimal percent = row.number("ContractCommitmentDiscountPercentage");
        if (percent != null && (percent.signum() < 0 || percent.compareTo(BigDecimal.ONE) > 0)) {
            add("ContractCommitmentDiscountPercentage", "it must be 0 to 1");
        }
    }

    private void invoiceDetail() {
        order("BillingPeriodStart", "BillingPeriodEnd");
        if (row.is("InvoiceIssueStatus", "Issued")) {
            needed("InvoiceIssueDate", "of an issued invoice");
        }
        if (row.is("PaymentCurrency", String.valueOf(row.text("BillingCurrency")))) {
            BigDecimal billed = row.number("BilledCost");
            BigDecimal paid = row.number("PaymentCurrencyBilledCost");
            if (billed != null && paid != null && billed.compareTo(paid) != 0) {
                add("PaymentCurrencyBilledCost", "it differs from BilledCost in one currency");
            }
        }
    }

    private void order(String from, String to) {
        @Nullable String begin = row.text(from);
        @Nullable String end = row.text(to);
        if (begin != null
                && end != null
                && Formats.problem(Column.Datum.DATE_TIME, begin) == null
                && Formats.problem(Column.Datum.DATE_TIME, end) == null
                && begin.compareTo(end) >= 0) {
            add(to, "it is not after " + from);
        }
    }

    private void product(String price, String cost, boolean correction) {
        BigDecimal unit = row.number(price);
        BigDecimal quantity = row.number("PricingQuantity");
        BigDecimal sum = row.number(cost);
        if (!correction
                && unit != null
                && quantity != null
                && sum != null
                && unit.multiply(quantity).compareTo(sum) != 0) {
            add(
                    cost,
                    "it is %s, and %s times PricingQuantity is %s"
                            .formatted(
                                    sum.toPlainString(),
                                    price,
                                    unit.multiply(quantity).toPlainString()));
        }
    }

    private void together(String quantity, String unit) {
        if (columns.contains(quantity)
                && columns.contains(unit)
                && row.has(quantity) != row.has(unit)) {
            add(row.has(quantity) ? unit : quantity, quantity + " and " + unit + " go together");
        }
    }

    /** A name without the id it is the name of. */
    private void dependent(String name, String id) {
        if (columns.contains(id) && !row.has(id)) {
            absent(name, "without " + id);
        }
    }

    private void needed(String column, String why) {
        if (columns.contains(column) && !row.has(column)) {
            add(column, "it must not be empty " + why);
        }
    }

    private void absent(String column, String why) {
        if (row.has(column)) {
            add(column, "it must be empty " + why);
        }
    }

    private void notNegative(String column) {
        BigDecimal number = row.number(column);
        if (number != null && number.signum() < 0) {
            add(column, "it must not be negative");
        }
    }

    private void add(String column, String message) {
        findings.add(new Finding(true, row.line(), column, message));
    }
}
