package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.HeardShape;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.market.Market;
import entrepot.protocols.openai.OpenAiModels;

import java.util.List;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: what this caller may ask for. An id's slash
 * may stand as it is or percent-encoded.
 */
public final class ModelsStorefront {

    private static final Headers JSON = Headers.of("content-type", "application/json");

    private final Market market;
    private final GoogleModelsStorefront google;

    public ModelsStorefront(Market market) {
        this.market = market;
        this.google = new GoogleModelsStorefront(market);
    }

    public List<Route> routes() {
        return routes("/v1", new HeardShape());
    }

    /**
     * The same interface elsewhere.
     *
     * @param prefix such as {@code /openai/v1}
     */
    public List<Route> routes(String prefix, ErrorShape errors) {
        String path = prefix + "/models";
        return List.of(
                new Route("GET", path, Caller.Scope.MODELS, errors, this::list),
                new Route("GET", path + "/{id...}", Caller.Scope.MODELS, errors, this::one));
    }

    private void list(Call call) {
        if (HeardShape.isAnthropic(call)) {
            AnthropicModelLists.list(call, market.models(call.caller()));
            return;
        }
        if (GoogleModelsStorefront.isAsked(call)) {
            google.list(call);
            return;
        }
        var models = market.models(call.caller()).stream().map(ModelsStorefront::model).toList();
        call.respond(200, JSON, OpenAiModels.write(models));
    }

    private void one(Call call) {
        String id = call.parameter("id");
        if (GoogleModelsStorefront.isAsked(call)) {
            google.one(call, id);
            return;
        }
        Market.Listing found =
                market.models(call.caller()).stream()
                        .filter(listing -> listing.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> unknown(id));
        if (HeardShape.isAnthropic(call)) {
            AnthropicModelLists.one(call, found);
            return;
        }
        call.respond(200, JSON, OpenAiModels.write(model(found)));
    }

    private static OpenAiModels.Model model(Market.Listing listing) {
        return new OpenAiModels.Model(listing.id(), listing.createdSeconds(), listing.vendor());
    }

    private static Failed unknown(String id) {
        return new Failed(
                Failure.at(
                        Failure.Cause.MODEL_NOT_FOUND,
                        "The model '"
                                + id
                                + "' does not exist or you may not use it. GET /v1/models lists"
                                + " those you may.",
                        "model"));
    }
}
