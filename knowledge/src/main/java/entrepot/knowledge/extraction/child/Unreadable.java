package entrepot.knowledge.extraction.child;

/** A document that a parser refuses, in words for people. */
final class Unreadable extends Exception {

    private static final long serialVersionUID = 1L;

    Unreadable(String message) {
        super(message);
    }
}
