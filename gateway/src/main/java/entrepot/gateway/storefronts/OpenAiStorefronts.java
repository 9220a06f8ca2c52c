package entrepot.gateway.storefronts;

import entrepot.gateway.door.Route;
import entrepot.market.Market;

import java.util.ArrayList;
import java.util.List;

/** OpenAI's stateless interfaces, at OpenAI's own addresses and at Azure's. */
final class OpenAiStorefronts {

    private OpenAiStorefronts() {}

    static List<Route> routes(Market market, Sales sales) {
        var models = new ModelsStorefront(market);
        var chat = new ChatStorefront(sales);
        var embeddings = new EmbeddingsStorefront(sales);
        var images = new ImagesStorefront(sales);
        var routes = new ArrayList<Route>();
        routes.addAll(models.routes());
        routes.addAll(chat.routes());
        routes.addAll(embeddings.routes());
        routes.addAll(images.routes());
        routes.addAll(new AzureStorefront(models, chat, embeddings, images).routes());
        return routes;
    }
}
