package entrepot.market.statements.reconcile;

import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.statements.sheet.Csv;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line of a supplier's invoice.
 *
 * @param line of the file, from 1
 * @param model as the ledger calls it
 * @param meter what was counted; null when the line is for all of the model
 * @param quantity what the meter counted, or all tokens; null when not told
 */
public record InvoiceLine(
        long line,
        String model,
        @Nullable Meter meter,
        @Nullable BigDecimal quantity,
        Money amount) {

    /** Columns that a file may have; others are passed over. */
    public static final String COLUMNS = "model, meter?, quantity?, amount, currency";

    /**
     * Reads a file with these {@link #COLUMNS}, in any order.
     *
     * @throws Csv.Malformed when a column is missing or a value is none; names line and column
     */
    public static List<InvoiceLine> read(String csv) throws Csv.Malformed {
        Csv.Table table = Csv.read(csv);
        List<String> columns =
                table.columns().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        for (String needed : List.of("model", "amount", "currency")) {
            if (!columns.contains(needed)) {
                throw Csv.malformed(
                        "line 1: there is no column '"
                                + needed
                                + "'; an invoice has the columns "
                                + COLUMNS);
            }
        }
        var lines = new ArrayList<InvoiceLine>();
        for (Csv.Row row : table.rows()) {
            String meter = cell(columns, row, "meter");
            String quantity = cell(columns, row, "quantity");
            lines.add(
                    new InvoiceLine(
                            row.line(),
                            cell(columns, row, "model"),
                            meter.isEmpty() ? null : meter(row, meter),
                            quantity.isEmpty() ? null : number(row, "quantity", quantity),
                            money(columns, row)));
        }
        return lines;
    }

    private static String cell(List<String> columns, Csv.Row row, String column) {
        int at = columns.indexOf(column);
        return at < 0 ? "" : row.cells().get(at).strip();
    }

    private static Money money(List<String> columns, Csv.Row row) throws Csv.Malformed {
        String currency = cell(columns, row, "currency");
        if (!Money.isCurrency(currency)) {
            throw Csv.malformed(
                    "line %d, currency: '%s' is not an ISO 4217 code such as USD"
                            .formatted(row.line(), currency));
        }
        return new Money(number(row, "amount", cell(columns, row, "amount")), currency);
    }

    private static BigDecimal number(Csv.Row row, String column, String text) throws Csv.Malformed {
        if (!text.matches("-?\\d{1,40}(\\.\\d{1,40})?")) {
            throw Csv.malformed(
                    "line %d, %s: '%s' is not a number such as 1234.5"
                            .formatted(row.line(), column, text));
        }
        return new BigDecimal(text);
    }

    private static Meter meter(Csv.Row row, String text) throws Csv.Malformed {
        for (Meter meter : Meter.values()) {
            if (meter.name().equalsIgnoreCase(text)) {
                return meter;
            }
        }
        throw Csv.malformed(
                "line %d, meter: '%s' is none of %s"
                        .formatted(
                                row.line(),
                                text,
                                List.of(Meter.values()).toString().toLowerCase(Locale.ROOT)));
    }
}
