package entrepot.gateway.storefronts;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.openai.embeddings.EmbeddingBodies;
import entrepot.protocols.openai.embeddings.EmbeddingEnvelope;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** {@code POST /v1/embeddings}, and the same under other prefixes. */
public final class EmbeddingsStorefront {

    private final Sales sales;

    public EmbeddingsStorefront(Sales sales) {
        this.sales = sales;
    }

    public List<Route> routes() {
        return routes("/v1", new OpenAiShape());
    }

    /**
     * The same interface elsewhere.
     *
     * @param prefix such as {@code /openai/v1}
     */
    public List<Route> routes(String prefix, ErrorShape errors) {
        return List.of(
                new Route(
                        "POST",
                        prefix + "/embeddings",
                        Caller.Scope.MODELS,
                        errors,
                        call -> embed(call, null),
                        false));
    }

    /**
     * Answers a call.
     *
     * @param model as the address names it; null when the body does
     */
    void embed(Call call, @Nullable String model) throws InterruptedException {
        EmbeddingEnvelope envelope = EmbeddingEnvelope.scan(call.plainBody(), model);
        var verbatim =
                new Order.Verbatim(
                        EmbeddingBodies.DIALECT,
                        false,
                        false,
                        (name, askUsage) -> envelope.splice(name));
        sales.sell(
                call,
                envelope.model(),
                new Order.Goods.Embedding(
                        () -> EmbeddingBodies.read(envelope.splice(envelope.model()))),
                verbatim,
                vectors -> EmbeddingBodies.write(vectors, envelope.encoding()));
    }
}
