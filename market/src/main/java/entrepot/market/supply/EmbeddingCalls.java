package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Usage;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.Embeddings;
import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.Order.Goods;
import entrepot.market.Order.Verbatim;
import entrepot.market.metering.Letters;
import entrepot.market.supply.Access.Vectors;
import entrepot.protocols.EmbeddingDialect;

import java.util.List;

/** Buys vectors of one account, in as many calls as its limits make necessary. */
record EmbeddingCalls(Line line, List<Vectors> offered, Drains drains) {

    void deliver(Attempt attempt, Goods.Embedding goods) throws CallFailed, InterruptedException {
        if (offered.isEmpty()) {
            throw new Failed(
                    Failure.of(
                            Cause.UNSUPPORTED,
                            line.supplier().id() + " makes no embeddings that can be asked for"));
        }
        Verbatim verbatim = attempt.order().verbatim();
        for (Vectors own : offered) {
            if (verbatim != null && own.dialect().name().equals(verbatim.dialect())) {
                new Passage(line, own.target(), own.dialect(), attempt, verbatim, drains)
                        .run(() -> letters(goods));
                return;
            }
        }
        translated(offered.getFirst(), attempt, goods.request().get().withModel(attempt.name()));
    }

    private static long letters(Goods.Embedding goods) {
        try {
            return Letters.of(goods.request().get());
        } catch (Failed notOurs) {
            return 0;
        }
    }

    private void translated(Vectors to, Attempt original, EmbeddingRequest request)
            throws CallFailed, InterruptedException {
        EmbeddingDialect dialect = to.dialect();
        List<Loss> losses = dialect.losses(request);
        line.refuse(dialect.name(), original.order(), losses);
        Attempt attempt = original.withLosses(losses);
        List<Input> inputs = request.inputs();
        int most = dialect.inputsMax(request.model());
        Embeddings all = null;
        for (int from = 0; from < inputs.size(); from += most) {
            EmbeddingRequest some =
                    request.withInputs(inputs.subList(from, Math.min(from + most, inputs.size())));
            byte[] body = dialect.write(some);
            attempt.tally().sent(() -> Letters.of(request));
            Embeddings more = call(to, attempt, some, body);
            attempt.tally().began();
            all = all == null ? more : all.plus(more);
            if (!more.usage().equals(Usage.NONE)) {
                attempt.tally().reported(all.usage());
            }
        }
        if (all == null) {
            throw Bodies.failed("There is nothing to embed.");
        }
        attempt.tally().opened();
        attempt.counter().embeddings(attempt.deal(), all.withUsage(attempt.tally().usage()));
        attempt.tally().finished();
    }

    private Embeddings call(Vectors to, Attempt attempt, EmbeddingRequest some, byte[] body)
            throws CallFailed, InterruptedException {
        try (Incoming incoming = line.send(to.target(), attempt, false, body)) {
            if (incoming.status() / 100 != 2) {
                new Refusal(line.supplier(), to.dialect(), attempt).take(false, incoming);
            }
            Headers headers = incoming.headers();
            return to.dialect().read(some, headers::get, Bodies.answer(incoming));
        }
    }
}
