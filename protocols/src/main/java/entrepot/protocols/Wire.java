package entrepot.protocols;

import entrepot.conversation.Failure;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

/**
 * One interface of suppliers, as far as it must be known to pass bytes of it on. Pure: it opens
 * nothing and waits not.
 */
public interface Wire {

    /** Such as {@code openai.chat}; also the name in extras and orders. */
    String name();

    /**
     * The usage of a whole answer that is passed on as it came; null when it is not told.
     *
     * @throws entrepot.conversation.Failed {@code SUPPLIER_FAILED} when it is no such answer, or
     *     what the error in it says
     */
    @Nullable Usage usage(byte[] body);

    /** The same, where an answer's headers may tell it. */
    default @Nullable Usage usage(Header header, byte[] body) {
        return usage(body);
    }

    /** Understands a refusal; the body is of whatever type. */
    Failure refusal(int status, Header header, byte[] body);
}
