package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.protocols.Dialect;

import java.net.URI;

/** One API of a supplier's account: what it speaks, where, and how a call is signed. */
interface Endpoint {

    Dialect dialect();

    /**
     * Where a call goes; its path goes out exactly as written.
     *
     * @param model the supplier's own name for it
     */
    URI address(String model, boolean stream);

    /**
     * All headers of a call, the credential among them. They are built from nothing: of the
     * caller's own, only what {@code Order.Verbatim} holds may be looked at, through a list of what
     * this supplier takes.
     */
    Headers headers(Attempt attempt, URI address, byte[] body);

    /** Takes the framing off a stream of answers. */
    default Deframer deframer() {
        return new SseDeframer();
    }

    /** Whether an answer with this content type is a stream. */
    default boolean isStream(String contentType) {
        return contentType.startsWith("text/event-stream");
    }
}
