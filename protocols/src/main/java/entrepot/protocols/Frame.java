package entrepot.protocols;

/**
 * One message of a stream, without its framing: a server-sent event, a message of an AWS event
 * stream, or an element of an array.
 *
 * @param name the event's name or type; empty where a dialect has none
 * @param data the payload, usually JSON
 */
public record Frame(Kind kind, String name, byte[] data) {

    /** An ordinary event without a name. */
    public static Frame of(byte[] data) {
        return new Frame(Kind.EVENT, "", data);
    }

    public static Frame of(String name, byte[] data) {
        return new Frame(Kind.EVENT, name, data);
    }

    /** Event streams tell apart what was said and what went wrong. */
    public enum Kind {
        EVENT,
        EXCEPTION
    }
}
