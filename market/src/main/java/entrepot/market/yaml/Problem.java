package entrepot.market.yaml;

/**
 * What is wrong with a file, where, and what would fix it.
 *
 * @param line from 1
 * @param column from 1
 * @param path of the field, such as {@code suppliers.azure.base_url}; empty for the whole file
 */
public record Problem(String file, int line, int column, String path, String message) {

    /** As compilers write it, so that editors can jump there. */
    @Override
    public String toString() {
        return file
                + ":"
                + line
                + ":"
                + column
                + ": "
                + (path.isEmpty() ? "" : path + ": ")
                + message;
    }
}
