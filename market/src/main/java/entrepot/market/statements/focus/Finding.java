package entrepot.market.statements.focus;

/**
 * Something that is not as FOCUS wants it.
 *
 * @param error whether the file does not conform; else it is a hint
 * @param line of the file, from 1; 1 for the columns themselves
 * @param column empty when it is about a whole row
 */
public record Finding(boolean error, long line, String column, String message) {

    /** Such as {@code line 3, BilledCost: …}. */
    @Override
    public String toString() {
        return (error ? "" : "note: ")
                + "line "
                + line
                + (column.isEmpty() ? "" : ", " + column)
                + ": "
                + message;
    }
}
