package entrepot.market.statements.sheet;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes comma-separated values (RFC 4180). */
public final class Csv {

    private static final int ROWS_MAX = 2_000_000;

    private Csv() {}

    /**
     * A file as read.
     *
     * @param columns the first line, without a byte order mark
     */
    public record Table(List<String> columns, List<Row> rows) {

        public Table {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /**
     * @param line where it begins, from 1
     */
    public record Row(long line, List<String> cells) {

        public Row {
            cells = List.copyOf(cells);
        }
    }

    /** What is wrong with a file, and where. */
    public static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /** Something in a file that is not what was asked for; the message names the line. */
    public static Malformed malformed(String message) {
        return new Malformed(message);
    }

    /** Reads a whole file; empty lines are passed over. */
    public static Table read(String text) throws Malformed {
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        var rows = new ArrayList<Row>();
        @Nullable List<String> columns = null;
        try (var reader = CsvReader.builder().ofCsvRecord(plain)) {
            for (CsvRecord each : reader) {
                if (columns == null) {
                    columns = each.getFields().stream().map(String::strip).toList();
                } else {
                    rows.add(new Row(each.getStartingLineNumber(), each.getFields()));
                }
                if (rows.size() > ROWS_MAX) {
                    throw new Malformed("more than " + ROWS_MAX + " rows: split the file");
                }
            }
        } catch (CsvParseException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (columns == null) {
            throw new Malformed("the file is empty: its first line must name the columns");
        }
        return new Table(columns, rows);
    }

    static String write(List<String> columns, List<List<@Nullable String>> rows) {
        var text = new StringWriter();
        try (var writer = CsvWriter.builder().build(text)) {
            writer.writeRecord(columns);
            for (List<@Nullable String> row : rows) {
                writer.writeRecord(row.stream().map(cell -> cell == null ? "" : cell).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
