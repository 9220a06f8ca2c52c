package entrepot.protocols;

import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** An interface of suppliers that tells how many tokens a request would be, and answers nothing. */
public interface CountDialect extends Wire {

    /** What a request loses when it is written in this dialect. */
    List<Loss> losses(Request request);

    /**
     * The body of a call.
     *
     * @throws entrepot.conversation.Failed {@code INVALID_REQUEST} when it cannot be written
     */
    byte[] write(Request request);

    /**
     * The count in an answer.
     *
     * @throws entrepot.conversation.Failed {@code SUPPLIER_FAILED} when there is none in it
     */
    long read(byte[] body);

    /** Nothing was used: to count is not to answer. */
    @Override
    default @Nullable Usage usage(byte[] body) {
        return Usage.NONE;
    }
}
