package entrepot.market.supply;

import entrepot.conversation.Loss;
import entrepot.market.Order;
import entrepot.protocols.Dialect;

import java.util.List;

/** One API of a supplier's account for conversations, and what it speaks. */
interface Endpoint extends Target {

    Dialect dialect();

    /** What the caller said in headers of the dialect's own, and this supplier is not told. */
    default List<Loss> losses(Order.Verbatim verbatim) {
        return List.of();
    }

    /** Takes the framing off a stream of answers. */
    default Deframer deframer() {
        return new SseDeframer();
    }

    /** Whether an answer with this content type is a stream. */
    default boolean isStream(String contentType) {
        return contentType.startsWith("text/event-stream");
    }

    /** Whether a refusal says all in its body, so that it may go back to a caller as it came. */
    default boolean errorsInBody() {
        return true;
    }
}
