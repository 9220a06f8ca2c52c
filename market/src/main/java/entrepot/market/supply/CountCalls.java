package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.Order.Goods;
import entrepot.market.Order.Verbatim;
import entrepot.market.metering.Letters;
import entrepot.market.supply.Access.Counted;

import java.util.List;

/**
 * Has one account count the tokens of a request. Where it has no interface for that they are
 * estimated from letters: a caller who plans a conversation is better served by a rough number that
 * says so than by none.
 */
record CountCalls(Line line, List<Counted> offered) {

    void deliver(Attempt attempt, Goods.Count goods) throws CallFailed, InterruptedException {
        if (offered.isEmpty()) {
            estimate(attempt, goods);
            return;
        }
        Verbatim verbatim = attempt.order().verbatim();
        for (Counted own : offered) {
            if (verbatim != null && own.dialect().name().equals(verbatim.dialect())) {
                byte[] body = verbatim.splice().with(attempt.name(), false);
                call(own, attempt.withLosses(own.target().losses(verbatim)), goods, body);
                return;
            }
        }
        Counted to = offered.getFirst();
        Request request = goods.request().get().withModel(attempt.name());
        List<Loss> losses = to.dialect().losses(request);
        line.refuse(to.dialect().name(), attempt.order(), losses);
        call(to, attempt.withLosses(losses), goods, to.dialect().write(request));
    }

    /** Estimates, for an account or a model that cannot count. */
    static void estimate(Attempt attempt, Goods.Count goods) throws InterruptedException {
        told(attempt, Letters.tokens(Letters.of(goods.request().get())), true);
    }

    private static void told(Attempt attempt, long tokens, boolean estimated)
            throws InterruptedException {
        // To count is not to use.
        attempt.tally().reported(Usage.NONE);
        attempt.tally().opened();
        attempt.counter().counted(attempt.deal(), tokens, estimated);
        attempt.tally().finished();
    }

    private void call(Counted to, Attempt attempt, Goods.Count goods, byte[] body)
            throws CallFailed, InterruptedException {
        attempt.tally().sent(() -> 0);
        try (Incoming incoming = line.send(to.target(), attempt, false, body)) {
            int status = incoming.status();
            if (status == 404 || status == 405 || status == 501) {
                unserved(to, attempt, goods, incoming);
            } else if (status / 100 != 2) {
                new Refusal(line.supplier(), to.dialect(), attempt).take(false, incoming);
            } else {
                told(attempt, to.dialect().read(Bodies.answer(incoming)), false);
            }
        }
    }

    /** Servers that speak a dialect often do not count in it. */
    private static void unserved(Counted to, Attempt attempt, Goods.Count goods, Incoming incoming)
            throws CallFailed, InterruptedException {
        byte[] body = incoming.all(Bodies.ERROR_BYTES_MAX);
        Headers headers = incoming.headers();
        Cause cause = to.dialect().refusal(incoming.status(), headers::get, body).cause();
        if (cause == Cause.MODEL_NOT_FOUND) {
            attempt.tally().rejected();
            throw new Failed(
                    Failure.of(cause, "The supplier does not know the model that is to count."));
        }
        estimate(attempt, goods);
    }
}
