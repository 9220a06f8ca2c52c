package entrepot.market.supply;

import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.Order;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.market.metering.Tally;

import java.time.Duration;
import java.util.List;

/**
 * One call to one supplier. It is built from the caller's original, never from what an earlier
 * attempt sent.
 *
 * @param request the order's request, made at most once however many attempts need it
 * @param name what the supplier calls the model
 * @param timeLeft until the order's deadline
 */
public record Attempt(
        Order order,
        java.util.function.Supplier<Request> request,
        Deal deal,
        String name,
        Credential credential,
        Duration timeLeft,
        Counter counter,
        Tally tally) {

    /** The same attempt, in a dialect that cannot carry all that was asked. */
    Attempt withLosses(List<Loss> losses) {
        if (losses.isEmpty()) {
            return this;
        }
        tally.lost(losses);
        return new Attempt(
                order,
                request,
                deal.withLosses(losses),
                name,
                credential,
                timeLeft,
                counter,
                tally);
    }
}
