package entrepot.market.statements.focus;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The datasets of FOCUS 1.4. */
public enum Dataset {
    COST_AND_USAGE("cost-and-usage"),
    CONTRACT_COMMITMENT("contract-commitment"),
    INVOICE_DETAIL("invoice-detail"),
    BILLING_PERIOD("billing-period");

    private final String word;

    Dataset(String word) {
        this.word = word;
    }

    /** Such as {@code cost-and-usage}. */
    public String word() {
        return word;
    }

    List<Column> columns() {
        return switch (this) {
            case COST_AND_USAGE -> Columns.COST_AND_USAGE;
            case CONTRACT_COMMITMENT -> Columns.CONTRACT_COMMITMENT;
            case INVOICE_DETAIL -> Columns.INVOICE_DETAIL;
            case BILLING_PERIOD -> Columns.BILLING_PERIOD;
        };
    }

    /** The dataset of a word. */
    public static Optional<Dataset> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    /** All words, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(Dataset::word).collect(Collectors.joining(", "));
    }

    /** The dataset whose own columns a file has; Cost and Usage when it has those of none. */
    public static Dataset guess(List<String> columns) {
        if (columns.contains("ContractCommitmentId")) {
            return CONTRACT_COMMITMENT;
        }
        if (columns.contains("InvoiceIssueStatus")) {
            return INVOICE_DETAIL;
        }
        return columns.contains("BillingPeriodStatus") ? BILLING_PERIOD : COST_AND_USAGE;
    }
}
