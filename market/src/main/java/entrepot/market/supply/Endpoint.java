package entrepot.market.supply;

import entrepot.protocols.Dialect;

/** One API of a supplier's account for conversations, and what it speaks. */
interface Endpoint extends Target {

    Dialect dialect();

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
