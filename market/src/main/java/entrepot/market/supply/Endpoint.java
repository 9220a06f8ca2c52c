package entrepot.market.supply;

import entrepot.conversation.Loss;
import entrepot.http.Headers;
import entrepot.market.Order;
import entrepot.market.supply.framing.Deframer;
import entrepot.market.supply.framing.SseDeframer;
import entrepot.protocols.Dialect;

import java.net.URI;
import java.util.List;

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

    /** A dialect at an address, with nothing else to know. */
    record Plain(Dialect dialect, Target target) implements Endpoint {

        @Override
        public URI address(String model, boolean stream) {
            return target.address(model, stream);
        }

        @Override
        public Headers headers(Attempt attempt, URI address, byte[] body) {
            return target.headers(attempt, address, body);
        }

        @Override
        public List<Loss> losses(Order.Verbatim verbatim) {
            return target.losses(verbatim);
        }
    }
}
