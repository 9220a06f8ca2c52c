package entrepot.market.ledger.books;

/** Names of rules and parties are stored on rows as they are. */
final class Names {

    private static final int LETTERS_MAX = 256;

    private Names() {}

    static String checked(String what, String name) {
        if (name.isBlank()
                || name.length() > LETTERS_MAX
                || name.chars()
                        .anyMatch(letter -> letter < ' ' || Character.isSurrogate((char) letter))) {
            throw new IllegalArgumentException(
                    what + " must be 1 to " + LETTERS_MAX + " plain letters: '" + name + "'");
        }
        return name;
    }
}
