package entrepot.http.sse;

/** One event, or one line, is longer than its reader allows. The stream is lost. */
public final class EventTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EventTooLarge(int bytesMax) {
        super("an event of the stream is over " + bytesMax + " bytes");
    }
}
