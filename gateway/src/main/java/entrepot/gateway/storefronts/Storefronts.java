package entrepot.gateway.storefronts;

import entrepot.gateway.door.Route;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.market.bedrock.InvokeDialect;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.bedrock.converse.ConverseCounts;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.embeddings.EmbeddingBodies;
import entrepot.protocols.openai.images.ImageEnvelope;
import entrepot.protocols.openai.responses.ResponsesRequests;

import java.util.ArrayList;
import java.util.List;

/** Every vendor's interfaces, at their own addresses. */
public final class Storefronts {

    /** What policies and receipts call the ways in, agents' own among them. */
    public static final List<String> NAMES =
            List.of(
                    ChatRequests.DIALECT,
                    ResponsesRequests.DIALECT,
                    EmbeddingBodies.DIALECT,
                    ImageEnvelope.DIALECT,
                    MessagesRequests.DIALECT,
                    ConverseRequests.DIALECT,
                    ConverseCounts.DIALECT,
                    InvokeDialect.DIALECT,
                    GeminiRequests.DIALECT,
                    Order.AGENTS);

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
