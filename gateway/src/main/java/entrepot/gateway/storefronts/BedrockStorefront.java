package entrepot.gateway.storefronts;

import entrepot.gateway.door.BedrockShape;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.bedrock.converse.ConverseEnvelope;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.bedrock.converse.ConverseVoice;

import java.util.ArrayList;
import java.util.List;

/**
 * Amazon Bedrock Runtime: {@code POST /model/{modelId}/converse} and {@code /converse-stream}. A
 * model's id may hold a slash, as it is or percent-encoded.
 */
public final class BedrockStorefront {

    private static final ErrorShape ERRORS = new BedrockShape();
    private static final Framing FRAMING = new EventStreamFraming();

    private final Sales sales;

    public BedrockStorefront(Sales sales) {
        this.sales = sales;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        operation(routes, "converse", call -> converse(call, false));
        operation(routes, "converse-stream", call -> converse(call, true));
        return routes;
    }

    private static void operation(List<Route> routes, String name, Endpoint endpoint) {
        for (String model : List.of("{model}", "{vendor}/{model}")) {
            String path = "/model/" + model + "/" + name;
            routes.add(new Route("POST", path, Caller.Scope.MODELS, ERRORS, endpoint));
        }
    }

    private static String model(Call call) {
        String vendor = call.parameterIf("vendor");
        String model = call.parameter("model");
        return vendor == null ? model : vendor + "/" + model;
    }

    private void converse(Call call, boolean stream) throws InterruptedException {
        String model = model(call);
        ConverseEnvelope envelope = ConverseEnvelope.scan(call.body());
        var asked =
                new Sales.Asked(
                        model,
                        ConverseRequests.DIALECT,
                        stream,
                        new Order.Verbatim(
                                ConverseRequests.DIALECT,
                                stream,
                                true,
                                (name, usage) -> envelope.body()),
                        () -> ConverseRequests.read(model, stream, envelope.body()));
        sales.sell(call, asked, new ConverseVoice(call::elapsedMillis), FRAMING);
    }
}
