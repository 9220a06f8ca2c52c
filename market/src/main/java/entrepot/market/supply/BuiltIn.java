package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.Embeddings;
import entrepot.market.Order.Goods;
import entrepot.market.metering.Letters;
import entrepot.protocols.Dialect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The models that run in this process, as a supplier like any other. */
public final class BuiltIn implements Supply {

    private final Map<String, BuiltInModel> models = new LinkedHashMap<>();

    public BuiltIn(List<BuiltInModel> models) {
        models.forEach(model -> this.models.put(model.model(), model));
    }

    @Override
    public List<Dialect> dialects() {
        return List.of();
    }

    @Override
    public void deliver(Attempt attempt) throws InterruptedException {
        BuiltInModel model = models.get(attempt.name());
        if (model == null) {
            throw new Failed(
                    Failure.of(
                            Cause.UNAVAILABLE,
                            "no built-in model is called '"
                                    + attempt.name()
                                    + "'; there is: "
                                    + String.join(", ", models.keySet())));
        }
        switch (attempt.order().goods()) {
            case Goods.Conversation _ -> converse(attempt, model);
            case Goods.Embedding goods -> embed(attempt, model, goods);
            case Goods.Count goods -> CountCalls.estimate(attempt, goods);
            case Goods.Pictures _ ->
                    throw new Failed(
                            Failure.at(
                                    Cause.UNSUPPORTED,
                                    "The model '" + model.model() + "' cannot do this.",
                                    "model"));
        }
    }

    private static void converse(Attempt attempt, BuiltInModel model) throws InterruptedException {
        Request request = attempt.request().get();
        attempt.tally().sent(() -> Letters.of(request));
        var sink = new CounterSink(attempt);
        model.answer(request.withModel(attempt.name()), sink);
        sink.end();
    }

    private static void embed(Attempt attempt, BuiltInModel model, Goods.Embedding goods)
            throws InterruptedException {
        EmbeddingRequest request = goods.request().get().withModel(attempt.name());
        attempt.tally().sent(() -> Letters.of(request));
        Embeddings vectors = model.embed(request);
        attempt.tally().reported(vectors.usage());
        attempt.tally().opened();
        attempt.counter().embeddings(attempt.deal(), vectors);
        attempt.tally().finished();
    }
}
