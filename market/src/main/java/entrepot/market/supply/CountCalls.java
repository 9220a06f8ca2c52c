package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.http.CallFailed;
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
            if (incoming.status() / 100 != 2) {
                refused(to, attempt, goods, incoming);
            } else {
                told(attempt, to.dialect().read(Bodies.answer(incoming)), false);
            }
        }
    }

    private void refused(Counted to, Attempt attempt, Goods.Count goods, Incoming incoming)
            throws CallFailed, InterruptedException {
        try {
            new Refusal(line.supplier(), to.dialect(), attempt).take(false, incoming);
        } catch (Failed failed) {
            if (!to.dialect().unserved(incoming.status(), failed.failure())) {
                throw failed;
            }
            estimate(attempt, goods);
        }
    }
}
