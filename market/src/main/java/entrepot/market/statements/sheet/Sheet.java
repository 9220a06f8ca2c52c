package entrepot.market.statements.sheet;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A table. Amounts are decimal text, times ISO 8601.
 *
 * @param title one line
 * @param columns their names, such as {@code cost} or {@code BilledCost}
 * @param rows as wide as there are columns; null for nothing
 */
public record Sheet(String title, List<String> columns, List<List<@Nullable String>> rows) {

    private static final JsonMapper JSON = new JsonMapper();

    public Sheet {
        columns = List.copyOf(columns);
        var checked = new ArrayList<List<@Nullable String>>(rows.size());
        for (List<@Nullable String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        title + ": a row of " + row.size() + " for " + columns.size() + " columns");
            }
            checked.add(Collections.unmodifiableList(new ArrayList<>(row)));
        }
        rows = Collections.unmodifiableList(checked);
    }

    /** A table; class files tell of this method, not of the constructor, that cells may be null. */
    public static Sheet of(String title, List<String> columns, List<List<@Nullable String>> rows) {
        return new Sheet(title, columns, rows);
    }

    /** A row of cells. */
    public static List<@Nullable String> row(@Nullable Object... cells) {
        return Arrays.stream(cells)
                .<@Nullable String>map(cell -> cell == null ? null : cell.toString())
                .toList();
    }

    /** Columns under headings, with the title above. */
    public String text() {
        var widths = new int[columns.size()];
        var lines = new ArrayList<List<@Nullable String>>();
        lines.add(
                columns.stream()
                        .<@Nullable String>map(name -> name.toUpperCase(Locale.ROOT))
                        .toList());
        lines.addAll(rows);
        for (List<@Nullable String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], shown(line.get(i)).length());
            }
        }
        var text = new StringBuilder(title).append("\n");
        for (List<@Nullable String> line : lines) {
            var told = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String cell = shown(line.get(i));
                told.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
            }
            text.append(told.toString().stripTrailing()).append("\n");
        }
        return text.toString();
    }

    private static String shown(@Nullable String cell) {
        return cell == null ? "-" : cell;
    }

    /** RFC 4180 with a line of names first; nothing is the empty field. */
    public String csv() {
        return Csv.write(columns, rows);
    }

    /** {@code {title, columns[], rows[[text|null]]}}. */
    public ObjectNode json() {
        ObjectNode json = JSON.createObjectNode().put("title", title);
        ArrayNode names = json.putArray("columns");
        columns.forEach(names::add);
        ArrayNode data = json.putArray("rows");
        for (List<@Nullable String> row : rows) {
            ArrayNode cells = data.addArray();
            row.forEach(cells::add);
        }
        return json;
    }
}
