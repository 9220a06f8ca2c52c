package entrepot.market.statements.focus;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Map;

/** One row of a file by column; what is empty or {@code null} is absent. */
record Cells(long line, Map<String, String> values) {

    boolean has(String column) {
        return values.containsKey(column);
    }

    @Nullable String text(String column) {
        return values.get(column);
    }

    boolean is(String column, String value) {
        return value.equals(values.get(column));
    }

    /** Null when it is absent or no number; that is told elsewhere. */
    @Nullable BigDecimal number(String column) {
        String text = values.get(column);
        if (text == null) {
            return null;
        }
        try {
            return new BigDecimal(Formats.plainDecimal(text));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
