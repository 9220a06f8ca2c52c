package entrepot.http;

/** Calls out. One instance keeps connections to many hosts and is shared. */
public interface HttpClient extends AutoCloseable {

    /**
     * Sends a call and waits for the head of its answer.
     *
     * <p>Interrupting the waiting thread resets the call. Redirects are not followed, nothing is
     * retried and no header is added but what HTTP itself needs.
     *
     * @throws CallFailed when no head came: refused, unresolved, broken, or a clock ran out
     */
    Incoming send(Outgoing call) throws CallFailed, InterruptedException;

    @Override
    void close();
}
