package entrepot.tidy;

/**
 * Something that breaks a habit of the house.
 *
 * @param path from the root of the repository, with slashes
 * @param line from 1; 0 when the file as a whole is meant
 * @param message what is wrong and what would fix it
 */
record Finding(String rule, String path, int line, String message) {

    @Override
    public String toString() {
        return path + (line > 0 ? ":" + line : "") + "  [" + rule + "] " + message;
    }
}
