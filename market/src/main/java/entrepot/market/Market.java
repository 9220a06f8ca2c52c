package entrepot.market;

import entrepot.conversation.Failed;
import entrepot.identity.Caller;

import java.util.List;

/** The one door through which every model call goes. */
public interface Market {

    /**
     * Fills an order: gates, routing, hold, attempts, delivery over the counter, settlement. Blocks
     * on the caller's virtual thread until the goods are delivered and the receipt is written.
     *
     * <p>Attempts may fail over to another offer until something has been put on the counter, never
     * after it. Every attempt leaves a ledger row, whichever way it ends. What goes wrong after the
     * first event is told to the counter as {@code Event.Failed} (or as a broken relay) and noted
     * in the receipt.
     *
     * @throws Failed when a gate refuses or no supplier delivered and nothing is on the counter
     * @throws InterruptedException when the caller has left
     */
    Receipt buy(Order order, Counter counter) throws InterruptedException;

    /** The models that this caller may ask for, aliases included. */
    List<Listing> models(Caller caller);

    /**
     * A model as a storefront may list it.
     *
     * @param id canonical {@code vendor/name}, or an alias
     * @param vendor who makes it
     * @param createdSeconds Unix time, 0 when not known
     * @param suppliers ids, in order of preference
     */
    record Listing(
            String id, String vendor, long createdSeconds, String note, List<String> suppliers) {
        public Listing {
            suppliers = List.copyOf(suppliers);
        }
    }
}
