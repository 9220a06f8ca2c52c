package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Request;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.image.Images;
import entrepot.gateway.door.Call;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.protocols.Voice;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Takes a call's order to the market and its goods back to the caller; all storefronts share it.
 */
public final class Sales {

    private final Market market;
    private final Ids ids;
    private final Duration patience;

    /**
     * @param patience how long after it came a request may still be answered
     */
    public Sales(Market market, Ids ids, Duration patience) {
        this.market = market;
        this.ids = ids;
        this.patience = patience;
    }

    /**
     * What a caller asks for.
     *
     * @param model as asked for
     * @param storefront the dialect it came in
     * @param verbatim the caller's own bytes, when they may be passed on
     * @param request the same in canonical words, read only if it is needed
     */
    public record Asked(
            String model,
            String storefront,
            boolean stream,
            Order.@Nullable Verbatim verbatim,
            Supplier<Request> request) {}

    /**
     * Sells, and answers the call.
     *
     * @throws Failed when nothing was said yet
     */
    public void sell(Call call, Asked asked, Voice voice, Framing framing)
            throws InterruptedException {
        var goods = new Order.Goods.Conversation(asked.request());
        var counter = new CallCounter(call, asked.stream(), voice, framing);
        try {
            market.buy(
                    order(call, asked.model(), asked.storefront(), goods, asked.verbatim()),
                    counter);
            counter.finish();
        } finally {
            counter.abandon();
        }
    }

    /**
     * Sells what is no conversation.
     *
     * @param verbatim the caller's own bytes, in the dialect of the storefront
     * @param vectors writes vectors as this caller wants them, where it asked for some
     * @throws Failed when nothing was said yet
     */
    void sell(
            Call call,
            String model,
            Order.Goods goods,
            Order.Verbatim verbatim,
            @Nullable Function<Embeddings, byte[]> vectors)
            throws InterruptedException {
        market.buy(
                order(call, model, verbatim.dialect(), goods, verbatim),
                new GoodsCounter(call, vectors, null, false));
    }

    /**
     * Sells pictures.
     *
     * @param pictures writes them as this caller wants them, as events where it asked for a stream
     * @throws Failed when nothing was said yet
     */
    void draw(
            Call call,
            String model,
            Order.Goods.Pictures goods,
            Order.Verbatim verbatim,
            Function<Images, byte[]> pictures)
            throws InterruptedException {
        market.buy(
                order(call, model, verbatim.dialect(), goods, verbatim),
                new GoodsCounter(call, null, pictures, verbatim.stream()));
    }

    /**
     * Sells a count of tokens.
     *
     * @param told writes a count as this caller wants it
     * @throws Failed when nothing was said yet
     */
    public void count(Call call, Asked asked, LongFunction<byte[]> told)
            throws InterruptedException {
        var goods = new Order.Goods.Count(asked.request());
        market.buy(
                order(call, asked.model(), asked.storefront(), goods, asked.verbatim()),
                new CountCounter(call, told));
    }

    private Order order(
            Call call,
            String model,
            String storefront,
            Order.Goods goods,
            Order.@Nullable Verbatim verbatim) {
        Instructions said = Instructions.of(call);
        return new Order(
                ids.next("ord_"),
                call.caller(),
                model,
                Order.ApiKind.STATELESS,
                storefront,
                call.startedAt().plus(patience),
                goods,
                verbatim,
                null,
                said.losses(),
                said.wishes(),
                said.purpose());
    }
}
