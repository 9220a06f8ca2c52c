package entrepot.app.books;

import entrepot.market.statements.sheet.Sheet;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a table is printed: as text, unless asked for otherwise. */
final class SheetOutput {

    @Option(names = "--json", description = "as JSON")
    boolean json;

    @Option(names = "--csv", description = "as CSV")
    boolean csv;

    @Option(names = "--out", paramLabel = "FILE", description = "into this file")
    @Nullable Path file;

    void print(Desk desk, List<JsonNode> sheets) {
        var text = new StringBuilder();
        for (JsonNode each : sheets) {
            Sheet sheet = sheet(each);
            text.append(json ? each.toString() + "\n" : csv ? sheet.csv() : sheet.text());
        }
        write(desk, text.toString());
    }

    void write(Desk desk, String text) {
        if (file == null) {
            desk.out().print(text);
            desk.out().flush();
            return;
        }
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new Unusable(file + " cannot be written: " + e.getMessage());
        }
    }

    static Sheet sheet(JsonNode json) {
        var rows = new ArrayList<List<@Nullable String>>();
        for (JsonNode row : json.path("rows")) {
            var cells = new ArrayList<@Nullable String>();
            row.forEach(cell -> cells.add(cell.isNull() ? null : cell.asString("")));
            rows.add(cells);
        }
        return Sheet.of(
                json.path("title").asString(""),
                json.path("columns").valueStream().map(name -> name.asString("")).toList(),
                rows);
    }

    /** A file's text. */
    static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new Unusable(path + " cannot be read: " + e.getMessage());
        }
    }
}
