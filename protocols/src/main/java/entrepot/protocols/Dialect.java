package entrepot.protocols;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failure;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How suppliers of one dialect are asked and understood. Pure: it opens nothing and waits not. */
public interface Dialect {

    /** Such as {@code openai.chat}; also the name in extras and orders. */
    String name();

    /** What a request loses when it is written in this dialect. */
    List<Loss> losses(Request request);

    /**
     * The body of a call. A stream's usage is asked for, whoever wants it.
     *
     * @throws entrepot.conversation.Failed {@code INVALID_REQUEST} with a path, when it cannot be
     *     written at all
     */
    byte[] write(Request request);

    /**
     * Reads a whole answer.
     *
     * @throws entrepot.conversation.Failed {@code SUPPLIER_FAILED} when it is no such answer, or
     *     what the error in it says
     */
    Answer read(byte[] body);

    /** Reads a stream. */
    StreamReader reader(EventSink sink);

    /**
     * Weighs a stream that is passed on as it comes.
     *
     * @param hideUsage whether to hold back what tells nothing but usage
     */
    Meter meter(boolean hideUsage);

    /**
     * The usage of a whole answer that is passed on as it came; null when it is not told.
     *
     * @throws entrepot.conversation.Failed as {@link #read}
     */
    default @Nullable Usage usage(byte[] body) {
        Answer answer = read(body);
        return answer.usage().equals(Usage.NONE) ? null : answer.usage();
    }

    /** Understands a refusal; the body is of whatever type. */
    Failure refusal(int status, Header header, byte[] body);

    /**
     * The last words of a passed-through stream that broke: an error event, framed. What stands
     * half written before it is closed first.
     */
    byte[] broken(Failure failure);
}
