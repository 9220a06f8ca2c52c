package entrepot.gateway.storefronts;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.openai.images.ImageBodies;
import entrepot.protocols.openai.images.ImageEnvelope;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** {@code POST /v1/images/generations}, and the same under other prefixes. */
public final class ImagesStorefront {

    private final Sales sales;

    public ImagesStorefront(Sales sales) {
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
                        prefix + "/images/generations",
                        Caller.Scope.MODELS,
                        errors,
                        call -> draw(call, null),
                        false));
    }

    /**
     * Answers a call.
     *
     * @param model as the address names it; null when the body does
     */
    void draw(Call call, @Nullable String model) throws InterruptedException {
        ImageEnvelope envelope = ImageEnvelope.scan(call.plainBody(), model);
        long created = call.startedAt().getEpochSecond();
        sales.draw(
                call,
                envelope.model(),
                new Order.Goods.Pictures(() -> ImageBodies.read(envelope.splice(envelope.model()))),
                new Order.Verbatim(
                        ImageEnvelope.DIALECT,
                        envelope.stream(),
                        true,
                        (name, askUsage) -> envelope.splice(name)),
                images ->
                        envelope.stream()
                                ? ImageBodies.stream(images, created)
                                : ImageBodies.write(images, created));
    }
}
