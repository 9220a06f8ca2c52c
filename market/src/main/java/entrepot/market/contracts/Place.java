package entrepot.market.contracts;

/**
 * Where something stands.
 *
 * @param line from 1
 * @param column from 1
 */
public record Place(String file, int line, int column) {

    /** File and line, such as {@code contracts/azure.yaml:12}. */
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
