package entrepot.app.server;

/**
 * What a check saw.
 *
 * @param subject one word
 * @param remedy what would mend it; empty when nothing needs to be
 */
public record Finding(State state, String subject, String saw, String remedy) {

    /** How bad it is. */
    public enum State {
        OK,
        /** Works, but not as well as it could, or not for long. */
        WARN,
        /** A server with these settings would not start or not work. */
        FAIL
    }

    public static Finding ok(String subject, String saw) {
        return new Finding(State.OK, subject, saw, "");
    }

    public static Finding warn(String subject, String saw, String remedy) {
        return new Finding(State.WARN, subject, saw, remedy);
    }

    public static Finding fail(String subject, String saw, String remedy) {
        return new Finding(State.FAIL, subject, saw, remedy);
    }
}
