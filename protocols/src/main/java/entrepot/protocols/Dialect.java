package entrepot.protocols;

import entrepot.conversation.Answer;
import entrepot.conversation.EventSink;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** How suppliers of one dialect are asked for answers in a conversation, and understood. */
public interface Dialect extends StreamWire {

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

    /** Reads a whole answer whose headers may tell something of it, too. */
    default Answer read(Header header, byte[] body) {
        return read(body);
    }

    /**
     * The stop sequences of a request that this dialect has no word for: whoever takes the answer
     * cuts it before the first of them, with {@link StopCut}.
     */
    default List<String> stops(Request request) {
        return List.of();
    }

    /** Reads a stream. */
    StreamReader reader(EventSink sink);

    /**
     * The usage of a whole answer that is passed on as it came; null when it is not told.
     *
     * @throws entrepot.conversation.Failed as {@link #read}
     */
    @Override
    default @Nullable Usage usage(byte[] body) {
        Answer answer = read(body);
        return answer.usage().equals(Usage.NONE) ? null : answer.usage();
    }
}
