package entrepot.protocols;

import entrepot.conversation.Failure;
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

    /**
     * Whether a refusal says that nobody counts there: servers that speak a dialect often do not
     * count in it, and not every model's tokens can be counted.
     */
    default boolean unserved(int status, Failure refusal) {
        return (status == 404 && refusal.cause() != Failure.Cause.MODEL_NOT_FOUND)
                || status == 405
                || status == 501;
    }

    /** Nothing was used: to count is not to answer. */
    @Override
    default @Nullable Usage usage(byte[] body) {
        return Usage.NONE;
    }
}
