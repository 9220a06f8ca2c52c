package entrepot.http;

import org.jspecify.annotations.Nullable;

/** The answer to a call: its head, and its body as it comes. One reader at a time. */
public interface Incoming extends AutoCloseable {

    int status();

    Headers headers();

    /**
     * The next chunk without taking it: waits for it when it is not there yet.
     *
     * @return null at the end of the body
     */
    byte @Nullable [] peek() throws CallFailed, InterruptedException;

    /**
     * The next chunk.
     *
     * @return null at the end of the body
     */
    byte @Nullable [] next() throws CallFailed, InterruptedException;

    /**
     * The rest of the body.
     *
     * @throws CallFailed also when it is longer than {@code bytesMax}
     */
    byte[] all(int bytesMax) throws CallFailed, InterruptedException;

    /** Lets go: resets the call when its body is not over yet. */
    @Override
    void close();
}
