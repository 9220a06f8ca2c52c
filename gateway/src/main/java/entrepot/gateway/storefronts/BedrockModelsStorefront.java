package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.BedrockShape;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Market;
import entrepot.protocols.bedrock.BedrockListing;

import java.util.List;

/** What this caller may ask for, as Amazon's clients list it: models, and inference profiles. */
final class BedrockModelsStorefront {

    private static final ErrorShape ERRORS = new BedrockShape();

    private final Market market;

    BedrockModelsStorefront(Market market) {
        this.market = market;
    }

    List<Route> routes() {
        return List.of(
                route(
                        "/foundation-models",
                        call -> call.respond(200, BedrockListing.models(models(call)))),
                route(
                        "/foundation-models/{id...}",
                        call -> call.respond(200, BedrockListing.one(one(call)))),
                route(
                        "/inference-profiles",
                        call -> call.respond(200, BedrockListing.profiles(models(call)))),
                route(
                        "/inference-profiles/{id...}",
                        call -> call.respond(200, BedrockListing.profile(one(call)))));
    }

    private static Route route(String path, Endpoint endpoint) {
        return new Route("GET", path, Caller.Scope.MODELS, ERRORS, endpoint);
    }

    private List<BedrockListing.Model> models(Call call) {
        return market.models(call.caller()).stream()
                .map(each ->
                        new BedrockListing.Model(each.id(), each.vendor(), each.createdSeconds()))
                .toList();
    }

    private BedrockListing.Model one(Call call) {
        String id = BedrockListing.id(call.parameter("id"));
        return models(call).stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new Failed(
                                Failure.of(
                                        Failure.Cause.MODEL_NOT_FOUND,
                                        "There is no model '" + id + "' that you may use.")));
    }
}
