package entrepot.store.rows;

import entrepot.store.Sql;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Inserts many rows into one table. On SQLite each bound parameter costs as much as writing it; so
 * null, 0, the empty text and what columns of few values hold stand in the statement itself, and
 * rows that have these in common share one. Rows that share them with too few others are bound as a
 * whole, so that there is never more than a handful of statements. Not safe for several threads.
 */
public final class Inserts {

    private static final int SHAPES_MAX = 64;

    /** A statement of its own needs this many rows, and this part of all. */
    private static final int ROWS_MIN = 4;

    private static final int PARTS_MAX = 8;
    private static final int LETTERS_MAX = 32;

    private final String into;
    private final String then;
    private final int columns;
    private final boolean[] few;
    private final List<Shape> shapes = new ArrayList<>();

    /** One for each number of values. */
    private final List<Shape> wholes = new ArrayList<>();

    /**
     * @param few the columns that have few values; words of theirs that have other letters than
     *     {@code A} to {@code Z} and {@code _} are bound all the same
     * @param then what follows the values, such as {@code on conflict do nothing}; may be empty
     */
    public Inserts(String table, List<String> columns, Set<String> few, String then) {
        this.into = "insert into " + table + " (" + String.join(", ", columns) + ") values ";
        this.then = then.isEmpty() ? "" : " " + then;
        this.columns = columns.size();
        this.few = new boolean[columns.size()];
        for (int i = 0; i < this.few.length; i++) {
            this.few[i] = few.contains(columns.get(i));
        }
    }

    /** Values that stand in the statement, and the rows that have them. */
    private static final class Shape {
        /** By place in the row. */
        private final Object[] fixed;

        private final int[] bound;
        private final String statement;
        private final List<@Nullable Object[]> rows = new ArrayList<>();

        Shape(Object[] fixed, String statement) {
            this.fixed = fixed;
            this.statement = statement;
            this.bound = bound(fixed);
        }

        private static int[] bound(Object[] fixed) {
            int[] bound = new int[fixed.length];
            int count = 0;
            for (int i = 0; i < fixed.length; i++) {
                if (Mark.BOUND.equals(fixed[i])) {
                    bound[count++] = i;
                }
            }
            return Arrays.copyOf(bound, count);
        }

        void write(Sql sql) throws SQLException {
            var parameters = new ArrayList<@Nullable Object[]>(rows.size());
            for (@Nullable Object[] row : rows) {
                var values = new @Nullable Object[bound.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = row[bound[i]];
                }
                parameters.add(values);
            }
            sql.updateAll(statement, parameters);
        }
    }

    /** What stands at a place of the statement that is no value. */
    private enum Mark {
        BOUND,
        NULL
    }

    /**
     * Inserts them in any order.
     *
     * @param rows the values of one row of the table, or of several behind one another
     */
    public void write(Sql sql, List<@Nullable Object[]> rows) throws SQLException {
        try {
            for (@Nullable Object[] row : rows) {
                shape(row).rows.add(row);
            }
            int rowsMin = Math.max(ROWS_MIN, rows.size() / PARTS_MAX);
            for (Shape shape : shapes) {
                if (shape.rows.size() >= rowsMin) {
                    shape.write(sql);
                } else if (!shape.rows.isEmpty()) {
                    whole(shape.fixed.length).rows.addAll(shape.rows);
                }
            }
            for (Shape whole : wholes) {
                if (!whole.rows.isEmpty()) {
                    whole.write(sql);
                }
            }
        } finally {
            if (shapes.size() == SHAPES_MAX) {
                shapes.clear();
            }
            shapes.forEach(shape -> shape.rows.clear());
            wholes.forEach(whole -> whole.rows.clear());
        }
    }

    private Shape whole(int values) {
        for (Shape known : wholes) {
            if (known.fixed.length == values) {
                return known;
            }
        }
        var fixed = new Object[values];
        Arrays.fill(fixed, Mark.BOUND);
        var whole = new Shape(fixed, statement(fixed));
        wholes.add(whole);
        return whole;
    }

    private Shape shape(@Nullable Object[] row) {
        for (int i = 0; i < shapes.size(); i++) {
            Shape known = shapes.get(i);
            if (fits(known.fixed, row)) {
                if (i > 0) {
                    Collections.swap(shapes, i, i - 1);
                }
                return known;
            }
        }
        if (shapes.size() == SHAPES_MAX) {
            return whole(row.length);
        }
        var fixed = new Object[row.length];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = fixed(i, row[i]);
        }
        var shape = new Shape(fixed, statement(fixed));
        shapes.add(shape);
        return shape;
    }

    private boolean fits(Object[] fixed, @Nullable Object[] row) {
        if (fixed.length != row.length) {
            return false;
        }
        for (int i = 0; i < fixed.length; i++) {
            Object here = fixed[i];
            Object value = row[i];
            boolean same =
                    here instanceof Mark mark ? mark.equals(fixed(i, value)) : here.equals(value);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** What stands in the statement, or that it is bound. */
    private Object fixed(int place, @Nullable Object value) {
        return switch (value) {
            case null -> Mark.NULL;
            case Long number -> number == 0 || few[place % columns] ? number : Mark.BOUND;
            case String text ->
                    text.isEmpty() || (few[place % columns] && isPlain(text)) ? text : Mark.BOUND;
            default -> Mark.BOUND;
        };
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            boolean plain = (letter >= 'A' && letter <= 'Z') || letter == '_';
            if (!plain) {
                return false;
            }
        }
        return text.length() <= LETTERS_MAX;
    }

    private String statement(Object[] fixed) {
        var text = new StringBuilder(into);
        for (int i = 0; i < fixed.length; i++) {
            text.append(i == 0 ? "(" : i % columns == 0 ? "), (" : ", ");
            Object value = fixed[i];
            if (Mark.BOUND.equals(value)) {
                text.append('?');
            } else if (Mark.NULL.equals(value)) {
                text.append("null");
            } else if (value instanceof String word) {
                text.append('\'').append(word).append('\'');
            } else {
                text.append(value);
            }
        }
        return text.append(')').append(then).toString();
    }
}
