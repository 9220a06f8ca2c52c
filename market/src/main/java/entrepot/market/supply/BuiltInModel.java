package entrepot.market.supply;

import entrepot.conversation.EventSink;
import entrepot.conversation.Request;

/** A model that runs in this process: a pure function of the request. */
public interface BuiltInModel {

    /** The canonical id, such as {@code entrepot/extract-1}. */
    String model();

    /** One line on what it is and is not, shown wherever models are listed. */
    String note();

    /**
     * Answers, in the grammar of {@link entrepot.conversation.Event}, usage included. The same
     * request always gives the same events.
     *
     * @throws InterruptedException when the caller has left
     */
    void answer(Request request, EventSink sink) throws InterruptedException;
}
