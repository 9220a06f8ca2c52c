package entrepot.market.statements.focus;

import entrepot.market.statements.focus.Column.Level;
import entrepot.market.statements.sheet.Csv;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Checks a file against FOCUS 1.4: its columns, each value's type, whether it may be empty, allowed
 * values, and rules over several columns.
 */
public final class Validator {

    private static final int FINDINGS_MAX = 1_000;

    /** What earlier versions had, and what became of it. */
    private static final Map<String, String> REMOVED =
            Map.of(
                    "ProviderName",
                    "removed in 1.4 (deprecated in 1.3): use ServiceProviderName",
                    "PublisherName",
                    "removed in 1.4 (deprecated in 1.3): use HostProviderName");

    private final Dataset dataset;
    private final boolean excerpt;
    private final Map<String, Column> known = new HashMap<>();
    private final List<Finding> findings = new ArrayList<>();

    private Validator(Dataset dataset, boolean excerpt) {
        this.dataset = dataset;
        this.excerpt = excerpt;
        dataset.columns().forEach(column -> known.put(column.id(), column));
    }

    /**
     * Everything that is wrong, in the order of the file; at most 1,000.
     *
     * @param excerpt whether the file is an example of an earlier version: columns may be absent,
     *     numbers and dates may be as shown in a spreadsheet, and both are noted instead
     */
    public static List<Finding> validate(Dataset dataset, Csv.Table file, boolean excerpt) {
        return new Validator(dataset, excerpt).run(file);
    }

    private List<Finding> run(Csv.Table file) {
        columns(file.columns());
        for (Csv.Row row : file.rows()) {
            if (findings.size() >= FINDINGS_MAX) {
                break;
            }
            row(file.columns(), row);
        }
        return List.copyOf(findings.subList(0, Math.min(findings.size(), FINDINGS_MAX)));
    }

    private void columns(List<String> names) {
        var seen = new HashSet<String>();
        for (String name : names) {
            if (!seen.add(name)) {
                error(1, name, "the column stands twice");
            } else if (!known.containsKey(name) && !name.startsWith("x_")) {
                unknown(name);
            }
        }
        for (Column column : dataset.columns()) {
            if (column.level() == Level.MANDATORY && !seen.contains(column.id())) {
                told(excerpt, 1, column.id(), "the column is mandatory, and it is missing");
            }
        }
    }

    private void unknown(String name) {
        String removed = REMOVED.get(name);
        if (removed != null) {
            told(excerpt, 1, name, removed);
            return;
        }
        for (String other : new TreeSet<>(known.keySet())) {
            if (other.equalsIgnoreCase(name)) {
                told(excerpt, 1, name, "the column is spelt " + other);
                return;
            }
        }
        error(1, name, "no column of " + dataset.word() + "; one of your own begins with x_");
    }

    private void row(List<String> names, Csv.Row row) {
        var values = new HashMap<String, String>();
        for (int i = 0; i < names.size(); i++) {
            String text = row.cells().get(i);
            String name = names.get(i);
            Column column = known.get(name);
            if (isNull(text)) {
                if (column != null && !column.nullable() && !excerpt) {
                    error(row.line(), name, "it must not be empty");
                }
                continue;
            }
            values.put(name, text);
            if (column != null) {
                value(row.line(), column, text);
            }
        }
        var rules = new Rules(new Cells(row.line(), values), names);
        for (Finding finding : rules.of(dataset)) {
            findings.add(finding);
        }
    }

    private void value(long line, Column column, String text) {
        String problem = Formats.problem(column.type(), text);
        if (problem != null) {
            told(excerpt && Formats.shown(column.type(), text), line, column.id(), problem);
        } else if (!column.allowed().isEmpty() && !column.allowed().contains(text)) {
            error(
                    line,
                    column.id(),
                    "'%s' is none of %s"
                            .formatted(text, String.join(", ", new TreeSet<>(column.allowed()))));
        }
    }

    private static boolean isNull(@Nullable String text) {
        return text == null || text.isEmpty() || text.toLowerCase(Locale.ROOT).equals("null");
    }

    private void error(long line, String column, String message) {
        told(false, line, column, message);
    }

    private void told(boolean note, long line, String column, String message) {
        findings.add(new Finding(!note, line, column, message));
    }
}
