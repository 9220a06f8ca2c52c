package entrepot.gateway.responses;

import entrepot.market.Deal;
import entrepot.runtime.responses.StoredEvent;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Where a response is told while it is made. */
@FunctionalInterface
interface Telling {

    /**
     * Tells what is stored by now.
     *
     * @param deal who answers
     * @throws InterruptedException when nobody listens any more
     */
    void tell(@Nullable Deal deal, List<StoredEvent> events) throws InterruptedException;
}
