package entrepot.gateway.storefronts;

import entrepot.conversation.EventSink;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.image.Images;
import entrepot.gateway.door.Call;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;

import org.jspecify.annotations.Nullable;

import java.util.function.Function;

/**
 * Answers a call that is no conversation: passes bytes on, and writes vectors and pictures.
 *
 * @param vectors null when the call did not ask for any
 * @param pictures null when the call did not ask for any
 * @param stream whether pictures are written as events
 */
record GoodsCounter(
        Call call,
        @Nullable Function<Embeddings, byte[]> vectors,
        @Nullable Function<Images, byte[]> pictures,
        boolean stream)
        implements Counter {

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body) {
        call.respond(status, DealHeaders.of(deal, contentType), body);
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter)
            throws InterruptedException {
        return call.relay(stream, 200, DealHeaders.stream(deal, Framing.SSE.contentType()), filter);
    }

    @Override
    public void embeddings(Deal deal, Embeddings answer) {
        if (vectors == null) {
            throw new IllegalStateException("order " + deal.orderId() + " was not for vectors");
        }
        whole(deal, 200, "application/json", vectors.apply(answer));
    }

    @Override
    public void images(Deal deal, Images answer) {
        if (pictures == null) {
            throw new IllegalStateException("order " + deal.orderId() + " was not for pictures");
        }
        byte[] body = pictures.apply(answer);
        if (stream) {
            call.respond(200, DealHeaders.stream(deal, Framing.SSE.contentType()), body);
        } else {
            whole(deal, 200, "application/json", body);
        }
    }

    @Override
    public EventSink open(Deal deal) {
        throw new IllegalStateException("order " + deal.orderId() + " is for no conversation");
    }
}
