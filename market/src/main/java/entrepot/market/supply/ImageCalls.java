package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.Images;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;
import entrepot.market.Order.Goods;
import entrepot.market.Order.Verbatim;
import entrepot.market.supply.Access.Drawn;
import entrepot.protocols.ImageDialect;

import java.util.List;

/**
 * Buys pictures of one account: of a supplier that speaks the caller's dialect as bytes, of any
 * other in as many calls as its limits make necessary.
 */
record ImageCalls(Line line, Access access, Drains drains) {

    void deliver(Attempt attempt, Goods.Pictures goods) throws CallFailed, InterruptedException {
        Verbatim verbatim = attempt.order().verbatim();
        for (Access.Passed own : access.others()) {
            if (verbatim != null && own.wire().name().equals(verbatim.dialect())) {
                new Passage(line, own.target(), own.wire(), attempt, verbatim, drains)
                        .run(() -> attempt.order().model().length());
                return;
            }
        }
        if (access.pictures().isEmpty()) {
            throw new Failed(
                    Failure.of(
                            Cause.UNSUPPORTED,
                            line.supplier().id() + " draws no pictures that can be asked for"));
        }
        translated(
                access.pictures().getFirst(),
                attempt,
                goods.request().get().withModel(attempt.name()));
    }

    private void translated(Drawn to, Attempt original, ImageRequest request)
            throws CallFailed, InterruptedException {
        ImageDialect dialect = to.dialect();
        List<Loss> losses = dialect.losses(request);
        line.refuse(dialect.name(), original.order(), losses);
        Attempt attempt = original.withLosses(losses);
        int most = dialect.imagesMax(request.model());
        Images all = new Images(List.of(), Usage.NONE);
        for (int left = request.count(); left > 0; left -= most) {
            ImageRequest some = request.withCount(Math.min(left, most));
            byte[] body = dialect.write(some);
            attempt.tally().sent(() -> request.prompt().length());
            all = all.plus(call(to, attempt, some, body));
            attempt.tally().began();
            attempt.tally().reported(all.usage());
        }
        attempt.tally().opened();
        attempt.counter().images(attempt.deal(), all);
        attempt.tally().finished();
    }

    private Images call(Drawn to, Attempt attempt, ImageRequest some, byte[] body)
            throws CallFailed, InterruptedException {
        try (Incoming incoming = line.send(to.target(), attempt, false, body)) {
            if (incoming.status() / 100 != 2) {
                new Refusal(line.supplier(), to.dialect(), attempt).take(false, incoming);
            }
            return to.dialect().read(some, Bodies.answer(incoming));
        }
    }
}
