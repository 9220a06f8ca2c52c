package entrepot.runtime.session;

/**
 * A place in a session's stream: after fact {@code seq}, and after the {@code part}-th piece of
 * text that was streamed since. Pieces between fact 7 and fact 8 are 7.1, 7.2, …
 */
public record Cursor(long seq, long part) implements Comparable<Cursor> {

    public static final Cursor START = new Cursor(0, 0);

    @Override
    public int compareTo(Cursor other) {
        int bySeq = Long.compare(seq, other.seq);
        return bySeq != 0 ? bySeq : Long.compare(part, other.part);
    }
}
