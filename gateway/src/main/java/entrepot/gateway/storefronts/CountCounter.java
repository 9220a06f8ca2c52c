package entrepot.gateway.storefronts;

import entrepot.conversation.EventSink;
import entrepot.gateway.door.Call;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;

import java.util.function.LongFunction;

/** Answers a call that asked how many tokens a request would be. */
record CountCounter(Call call, LongFunction<byte[]> told) implements Counter {

    /** Says of an answer that nobody counted who knows the model. */
    private static final String ESTIMATED = "x-entrepot-estimated";

    @Override
    public void counted(Deal deal, long tokens, boolean estimated) {
        Headers headers = DealHeaders.of(deal, "application/json");
        call.respond(
                200, estimated ? headers.plus(ESTIMATED, "true") : headers, told.apply(tokens));
    }

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body) {
        call.respond(status, DealHeaders.of(deal, contentType), body);
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter) {
        throw new IllegalStateException("order " + deal.orderId() + " was not for a stream");
    }

    @Override
    public EventSink open(Deal deal) {
        throw new IllegalStateException("order " + deal.orderId() + " was not for an answer");
    }
}
