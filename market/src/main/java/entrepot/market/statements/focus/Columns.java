package entrepot.market.statements.focus;

import static entrepot.market.statements.focus.Column.may;
import static entrepot.market.statements.focus.Column.must;

import entrepot.market.statements.focus.Column.Datum;

import java.util.List;

/** The columns of each dataset of FOCUS 1.4 that are known here. */
final class Columns {

    private static final String[] CATEGORIES = {
        "AI and Machine Learning",
        "Analytics",
        "Business Applications",
        "Compute",
        "Databases",
        "Developer Tools",
        "Multicloud",
        "Identity",
        "Integration",
        "Internet of Things",
        "Management and Governance",
        "Media",
        "Migration",
        "Mobile",
        "Networking",
        "Security",
        "Storage",
        "Web",
        "Other"
    };

    static final List<Column> COST_AND_USAGE =
            List.of(
                    must("BilledCost", Datum.DECIMAL),
                    must("BillingAccountId", Datum.STRING),
                    must("BillingAccountName", Datum.STRING).orNull(),
                    may("BillingAccountType", Datum.STRING).since("1.2"),
                    must("BillingCurrency", Datum.CURRENCY),
                    must("BillingPeriodEnd", Datum.DATE_TIME),
                    must("BillingPeriodStart", Datum.DATE_TIME),
                    must("ChargeCategory", Datum.STRING)
                            .of("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
                    must("ChargeClass", Datum.STRING).orNull().of("Correction"),
                    must("ChargeDescription", Datum.STRING).orNull(),
                    may("ChargeFrequency", Datum.STRING)
                            .recommended()
                            .of("One-Time", "Recurring", "Usage-Based"),
                    must("ChargePeriodEnd", Datum.DATE_TIME),
                    must("ChargePeriodStart", Datum.DATE_TIME),
                    may("CommitmentDiscountCategory", Datum.STRING).of("Spend", "Usage"),
                    may("CommitmentDiscountId", Datum.STRING),
                    may("CommitmentDiscountName", Datum.STRING),
                    may("CommitmentDiscountQuantity", Datum.DECIMAL).since("1.1"),
                    may("CommitmentDiscountStatus", Datum.STRING).of("Used", "Unused"),
                    may("CommitmentDiscountType", Datum.STRING),
                    may("CommitmentDiscountUnit", Datum.STRING).since("1.1"),
                    may("CommitmentProgramEligibilityDetails", Datum.JSON).since("1.4"),
                    may("CapacityReservationId", Datum.STRING).since("1.1"),
                    may("CapacityReservationStatus", Datum.STRING)
                            .of("Used", "Unused")
                            .since("1.1"),
                    may("ConsumedQuantity", Datum.DECIMAL),
                    may("ConsumedUnit", Datum.STRING),
                    may("ContractApplied", Datum.JSON).since("1.3"),
                    must("ContractedCost", Datum.DECIMAL),
                    may("ContractedUnitPrice", Datum.DECIMAL),
                    must("EffectiveCost", Datum.DECIMAL),
                    must("HostProviderName", Datum.STRING).since("1.3"),
                    may("InvoiceDetailId", Datum.STRING).since("1.4"),
                    may("InvoiceId", Datum.STRING).recommended().since("1.2"),
                    must("InvoiceIssuerName", Datum.STRING),
                    must("ListCost", Datum.DECIMAL),
                    may("ListUnitPrice", Datum.DECIMAL),
                    may("PricingCategory", Datum.STRING)
                            .of("Standard", "Dynamic", "Committed", "Other"),
                    may("PricingCurrency", Datum.CURRENCY).since("1.2"),
                    may("PricingCurrencyContractedUnitPrice", Datum.DECIMAL).since("1.2"),
                    may("PricingCurrencyEffectiveCost", Datum.DECIMAL).since("1.2"),
                    may("PricingCurrencyListUnitPrice", Datum.DECIMAL).since("1.2"),
                    must("PricingQuantity", Datum.DECIMAL).orNull(),
                    must("PricingUnit", Datum.STRING).orNull(),
                    may("RegionId", Datum.STRING),
                    may("RegionName", Datum.STRING),
                    may("AvailabilityZone", Datum.STRING).recommended(),
                    may("ResourceId", Datum.STRING),
                    may("ResourceName", Datum.STRING),
                    may("ResourceType", Datum.STRING),
                    must("ServiceCategory", Datum.STRING).of(CATEGORIES),
                    must("ServiceName", Datum.STRING),
                    must("ServiceProviderName", Datum.STRING).since("1.3"),
                    may("ServiceSubcategory", Datum.STRING).recommended().since("1.1"),
                    may("SkuId", Datum.STRING),
                    may("SkuMeter", Datum.STRING).since("1.1"),
                    may("SkuPriceDetails", Datum.JSON).since("1.1"),
                    may("SkuPriceId", Datum.STRING),
                    may("SubAccountId", Datum.STRING),
                    may("SubAccountName", Datum.STRING),
                    may("SubAccountType", Datum.STRING).since("1.2"),
                    may("Tags", Datum.JSON),
                    may("AllocatedMethodDetails", Datum.JSON).since("1.3"),
                    may("AllocatedMethodId", Datum.STRING).since("1.3"),
                    may("AllocatedResourceId", Datum.STRING).since("1.3"),
                    may("AllocatedResourceName", Datum.STRING).since("1.3"),
                    may("AllocatedTags", Datum.JSON).since("1.3"));

    static final List<Column> CONTRACT_COMMITMENT =
            List.of(
                    must("BillingCurrency", Datum.CURRENCY).orNull(),
                    must("ContractCommitmentApplicability", Datum.JSON).since("1.4"),
                    must("ContractCommitmentBenefitCategory", Datum.STRING)
                            .of("Discount", "Monetary Pool", "Availability", "Other")
                            .since("1.4"),
                    must("ContractCommitmentCategory", Datum.STRING).of("Spend", "Usage"),
                    must("ContractCommitmentCost", Datum.DECIMAL).orNull(),
                    must("ContractCommitmentCreated", Datum.DATE_TIME).since("1.4"),
                    must("ContractCommitmentDescription", Datum.STRING).orNull(),
                    must("ContractCommitmentDiscountPercentage", Datum.DECIMAL)
                            .orNull()
                            .since("1.4"),
                    must("ContractCommitmentDurationType", Datum.STRING).since("1.4"),
                    must("ContractCommitmentFulfillmentInterval", Datum.STRING)
                            .of(
                                    "Hourly",
                                    "Daily",
                                    "Weekly",
                                    "Monthly",
                                    "Quarterly",
                                    "Semi-Annual",
                                    "Annual",
                                    "Full Commitment Period",
                                    "Transactional",
                                    "Custom")
                            .since("1.4"),
                    must("ContractCommitmentId", Datum.STRING),
                    must("ContractCommitmentLastUpdated", Datum.DATE_TIME).since("1.4"),
                    must("ContractCommitmentLifecycleStatus", Datum.STRING)
                            .of(
                                    "Proposed",
                                    "Pending",
                                    "Active",
                                    "Exhausted",
                                    "Expired",
                                    "Canceled",
                                    "Superseded")
                            .since("1.4"),
                    must("ContractCommitmentModel", Datum.STRING)
                            .of("Continuous", "Discontinuous")
                            .since("1.4"),
                    must("ContractCommitmentOfferCategory", Datum.STRING)
                            .of("Public", "Negotiated")
                            .since("1.4"),
                    must("ContractCommitmentPaymentInterval", Datum.STRING)
                            .of(
                                    "One-Time",
                                    "Monthly",
                                    "Quarterly",
                                    "Semi-Annual",
                                    "Annual",
                                    "Custom")
                            .since("1.4"),
                    must("ContractCommitmentPaymentModel", Datum.STRING)
                            .of("No Upfront", "Partial Upfront", "All Upfront")
                            .since("1.4"),
                    may("ContractCommitmentPaymentUpfrontPercentage", Datum.DECIMAL).since("1.4"),
                    must("ContractCommitmentPeriodEnd", Datum.DATE_TIME),
                    must("ContractCommitmentPeriodStart", Datum.DATE_TIME),
                    must("ContractCommitmentQuantity", Datum.DECIMAL).orNull(),
                    must("ContractCommitmentType", Datum.STRING),
                    must("ContractCommitmentUnit", Datum.STRING).orNull(),
                    must("ContractId", Datum.STRING),
                    must("ContractPeriodEnd", Datum.DATE_TIME),
                    must("ContractPeriodStart", Datum.DATE_TIME),
                    must("InvoiceIssuerName", Datum.STRING).since("1.4"),
                    may("PricingCurrency", Datum.CURRENCY).since("1.4"),
                    may("PricingCurrencyContractCommitmentCost", Datum.DECIMAL).since("1.4"),
                    must("ServiceProviderName", Datum.STRING).since("1.4"));

    static final List<Column> INVOICE_DETAIL =
            List.of(
                    must("BilledCost", Datum.DECIMAL),
                    must("BillingAccountId", Datum.STRING),
                    must("BillingCurrency", Datum.CURRENCY),
                    must("BillingPeriodEnd", Datum.DATE_TIME),
                    must("BillingPeriodStart", Datum.DATE_TIME),
                    must("ChargeCategory", Datum.STRING)
                            .of("Usage", "Purchase", "Tax", "Credit", "Adjustment"),
                    must("InvoiceDetailCreated", Datum.DATE_TIME),
                    must("InvoiceDetailDescription", Datum.STRING).orNull(),
                    must("InvoiceDetailGrain", Datum.JSON).orNull(),
                    must("InvoiceDetailId", Datum.STRING),
                    must("InvoiceDetailLastUpdated", Datum.DATE_TIME),
                    must("InvoiceId", Datum.STRING),
                    must("InvoiceIssueDate", Datum.DATE_TIME).orNull(),
                    must("InvoiceIssueStatus", Datum.STRING).of("Open", "Issued", "Voided"),
                    must("InvoiceIssuerName", Datum.STRING),
                    may("PaymentCurrency", Datum.CURRENCY),
                    may("PaymentCurrencyBilledCost", Datum.DECIMAL),
                    may("PaymentCurrencyInvoiceDetailId", Datum.STRING),
                    must("PaymentDueDate", Datum.DATE_TIME).orNull(),
                    must("PaymentTerms", Datum.STRING),
                    may("PurchaseOrderNumber", Datum.STRING),
                    must("ReferenceInvoiceId", Datum.STRING));

    static final List<Column> BILLING_PERIOD =
            List.of(
                    must("BillingPeriodCreated", Datum.DATE_TIME),
                    must("BillingPeriodEnd", Datum.DATE_TIME),
                    must("BillingPeriodLastUpdated", Datum.DATE_TIME),
                    must("BillingPeriodStart", Datum.DATE_TIME),
                    must("BillingPeriodStatus", Datum.STRING).of("Open", "Closed"),
                    must("InvoiceIssuerName", Datum.STRING));

    private Columns() {}
}
