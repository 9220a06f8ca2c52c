package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.http.CallFailed;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.market.Order;
import entrepot.market.catalog.Supplier;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/** The line to one account: sends calls, and says in our words what went wrong. */
record Line(HttpClient http, Supplier.Remote supplier) {

    Incoming send(Target target, Attempt attempt, boolean stream, byte[] body)
            throws CallFailed, InterruptedException {
        URI address = target.address(attempt.name(), stream);
        Headers headers = target.headers(attempt, address, body);
        try {
            return http.send(
                    new Outgoing("POST", address, headers, body, clocks(attempt.timeLeft())));
        } catch (CallFailed e) {
            if (e.reason() == CallFailed.Reason.NOT_CONNECTED
                    || e.reason() == CallFailed.Reason.CONNECT_TIMEOUT) {
                attempt.tally().rejected();
            }
            throw e;
        }
    }

    Failed failed(CallFailed e) {
        return new Failed(Failure.of(Bodies.cause(e), supplier.id() + ": " + e.getMessage()), e);
    }

    /**
     * Refuses what would lose meaning, unless the caller allowed it; and what would lose anything,
     * where the caller requires all parameters.
     */
    void refuse(String dialect, Order order, List<Loss> losses) {
        boolean all = order.wishes().requireParameters();
        if (order.losses() == Order.Losses.REPORT && !all) {
            return;
        }
        for (Loss loss : losses) {
            if (all || loss.weight() == Loss.Weight.MEANING) {
                throw new Failed(
                        Failure.at(
                                Cause.UNSUPPORTED,
                                ("%s speaks %s, which cannot carry '%s': %s. Leave it out, choose"
                                     + " another model, or send 'x-entrepot-losses: report' to go"
                                     + " on without it.")
                                        .formatted(
                                                supplier.id(), dialect, loss.path(), loss.what()),
                                loss.path()));
            }
        }
    }

    private Clocks clocks(Duration timeLeft) {
        Clocks clocks = supplier.clocks();
        return timeLeft.compareTo(clocks.total()) < 0
                ? new Clocks(clocks.connect(), clocks.firstByte(), clocks.idle(), timeLeft)
                : clocks;
    }
}
