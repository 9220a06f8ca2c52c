package entrepot.market.statements.focus;

import entrepot.market.Money;
import entrepot.market.statements.focus.Column.Datum;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Pattern;

/** How a value of each type is written. */
final class Formats {

    /** Up to 10^99: more digits than any money has, and no room for a bomb. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d{1,99}(\\.\\d{0,99})?|\\.\\d{1,99})([eE][+-]?\\d{1,2})?");

    private static final Pattern SHOWN_DECIMAL =
            Pattern.compile("\\s*-?\\$?\\d{1,3}(,\\d{3})*(\\.\\d{1,20})?\\s*");
    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z");
    private static final Pattern SHOWN_DATE = Pattern.compile("\\d{1,2}/\\d{1,2}/\\d{2,4}");
    private static final JsonMapper JSON = new JsonMapper();

    private Formats() {}

    /** What is wrong with a value; null when nothing is. */
    static @Nullable String problem(Datum type, String text) {
        return switch (type) {
            case STRING -> null;
            case DECIMAL ->
                    DECIMAL.matcher(text).matches()
                            ? null
                            : "'" + text + "' is not a number such as 1234.5";
            case DATE_TIME ->
                    isDateTime(text)
                            ? null
                            : "'" + text + "' is not a time in UTC such as 2026-10-01T00:00:00Z";
            case JSON -> json(text);
            case CURRENCY ->
                    Money.isCurrency(text) ? null : "'" + text + "' is not an ISO 4217 currency";
        };
    }

    /** Whether it is how the specification's own examples show values of this type. */
    static boolean shown(Datum type, String text) {
        return switch (type) {
            case DECIMAL -> SHOWN_DECIMAL.matcher(text).matches();
            case DATE_TIME -> SHOWN_DATE.matcher(text).matches();
            case STRING, JSON, CURRENCY -> false;
        };
    }

    /** The number in a text such as {@code "$10,000.00 "}; itself when it is plain. */
    static String plainDecimal(String text) {
        return DECIMAL.matcher(text).matches() || !SHOWN_DECIMAL.matcher(text).matches()
                ? text
                : text.strip().replace("$", "").replace(",", "");
    }

    private static boolean isDateTime(String text) {
        if (!DATE_TIME.matcher(text).matches()) {
            return false;
        }
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static @Nullable String json(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            return json.isObject() ? null : "it is not a JSON object";
        } catch (JacksonException e) {
            return "it is not JSON: " + e.getOriginalMessage();
        }
    }
}
