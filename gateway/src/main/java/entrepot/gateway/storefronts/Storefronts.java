package entrepot.gateway.storefronts;

import entrepot.gateway.door.Route;
import entrepot.market.Market;

import java.util.ArrayList;
import java.util.List;

/** Every vendor's interfaces, at their own addresses. */
public final class Storefronts {

    private Storefronts() {}

    public static List<Route> routes(Market market, Sales sales) {
        var routes = new ArrayList<Route>();
        routes.addAll(OpenAiStorefronts.routes(market, sales));
        routes.addAll(new MessagesStorefront(sales).routes());
        routes.addAll(new BedrockStorefront(market, sales).routes());
        routes.addAll(new GeminiStorefront(sales, new GoogleModelsStorefront(market)).routes());
        return routes;
    }
}
