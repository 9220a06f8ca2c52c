package entrepot.market;

import entrepot.conversation.EventSink;
import entrepot.conversation.embedding.Embeddings;
import entrepot.conversation.image.Images;
import entrepot.http.Exchange;
import entrepot.http.Incoming;

/**
 * Where the market puts the goods. A storefront gives one that answers its caller; the runtime
 * gives one that collects. Exactly one method is called, once, when the first event of the answer
 * is in hand; until then another supplier may still be tried.
 */
public interface Counter {

    /**
     * Takes a whole answer of the counter's own dialect, byte for byte. Called only if the order
     * had a {@code Verbatim}.
     */
    void whole(Deal deal, int status, String contentType, byte[] body) throws InterruptedException;

    /**
     * Takes a stream of the counter's own dialect, byte for byte, and says how it ended. Called
     * only if the order had a {@code Verbatim} that asked for a stream.
     *
     * @param filter must see every chunk: it meters, and hides what the caller did not ask for
     */
    Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter)
            throws InterruptedException;

    /** Takes the answer as events, whether the caller wanted a stream or not. */
    EventSink open(Deal deal) throws InterruptedException;

    /**
     * Takes a count of tokens; called only if the order was for one.
     *
     * @param estimated whether nobody counted who knows the model
     */
    default void counted(Deal deal, long tokens, boolean estimated) throws InterruptedException {
        throw new IllegalStateException("order " + deal.orderId() + " was not for a count");
    }

    /** Takes pictures; called only if the order was for some. */
    default void images(Deal deal, Images pictures) throws InterruptedException {
        throw new IllegalStateException("order " + deal.orderId() + " was not for pictures");
    }

    /** Takes vectors; called only if the order was for some. */
    default void embeddings(Deal deal, Embeddings vectors) throws InterruptedException {
        throw new IllegalStateException("order " + deal.orderId() + " was not for vectors");
    }
}
