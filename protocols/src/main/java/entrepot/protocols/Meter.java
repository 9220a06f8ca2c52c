package entrepot.protocols;

import entrepot.conversation.Failure;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

/**
 * Reads the usage beside a stream that is relayed byte for byte, wherever chunks are cut, and may
 * hide it from a caller who did not ask. One thread at a time; never blocks.
 */
public interface Meter {

    /**
     * Takes the next bytes of the stream.
     *
     * @return what to send on now: the same array, unless something is hidden or held back
     */
    byte[] chunk(byte[] bytes);

    /** To be called at the good end of the stream; returns what was still held back. */
    byte[] end();

    /** The usage that was reported last; {@link Usage#NONE} when none was. */
    Usage usage();

    boolean usageReported();

    /** Whether the answer has come to its own end. */
    boolean finished();

    /** Whether something was said: text, refusal, reasoning, a call; an error is none of these. */
    boolean content();

    /** How many events said something: an estimate of the output of a stream that broke off. */
    long contentEvents();

    /** The error that came in the stream; null when none did. */
    @Nullable Failure failure();
}
