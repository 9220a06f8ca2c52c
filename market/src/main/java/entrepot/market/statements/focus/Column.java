package entrepot.market.statements.focus;

import java.util.Set;

/**
 * One column of a dataset.
 *
 * @param id such as {@code BilledCost}
 * @param nullable whether a row may leave it empty; rules over several columns may still ask for it
 * @param allowed its values; empty for any
 * @param since the version that brought it
 */
record Column(
        String id, Datum type, Level level, boolean nullable, Set<String> allowed, String since) {

    enum Datum {
        STRING,
        /** Digits with a point: no sign of a currency, no thousands. */
        DECIMAL,
        /** ISO 8601 in UTC, such as {@code 2026-10-01T00:00:00Z}. */
        DATE_TIME,
        JSON,
        /** ISO 4217. */
        CURRENCY
    }

    enum Level {
        MANDATORY,
        CONDITIONAL,
        RECOMMENDED
    }

    static Column must(String id, Datum type) {
        return new Column(id, type, Level.MANDATORY, false, Set.of(), "1.0");
    }

    static Column may(String id, Datum type) {
        return new Column(id, type, Level.CONDITIONAL, true, Set.of(), "1.0");
    }

    Column orNull() {
        return new Column(id, type, level, true, allowed, since);
    }

    Column recommended() {
        return new Column(id, type, Level.RECOMMENDED, nullable, allowed, since);
    }

    Column of(String... values) {
        return new Column(id, type, level, nullable, Set.of(values), since);
    }

    Column since(String version) {
        return new Column(id, type, level, nullable, allowed, version);
    }
}
