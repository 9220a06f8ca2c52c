package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.AzureShape;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's interfaces where Azure has them: under {@code /openai/v1}, and under {@code
 * /openai/deployments/{deployment}} with an {@code api-version}. A deployment is a model or an
 * alias; its slash may stand as it is or percent-encoded.
 */
public final class AzureStorefront {

    private static final ErrorShape ERRORS = new AzureShape();
    private static final String DEPLOYMENTS = "/openai/deployments/";

    private final ModelsStorefront models;
    private final ChatStorefront chat;
    private final EmbeddingsStorefront embeddings;
    private final ImagesStorefront images;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    public AzureStorefront(
            ModelsStorefront models,
            ChatStorefront chat,
            EmbeddingsStorefront embeddings,
            ImagesStorefront images) {
        this.models = models;
        this.chat = chat;
        this.embeddings = embeddings;
        this.images = images;
        operations.put("/chat/completions", chat::complete);
        operations.put("/embeddings", embeddings::embed);
        operations.put("/images/generations", images::draw);
    }

    /** What can be asked of a deployment. */
    private interface Operation {
        void answer(Call call, @Nullable String model) throws InterruptedException;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        routes.add(
                new Route(
                        "POST",
                        DEPLOYMENTS + "{path...}",
                        Caller.Scope.MODELS,
                        ERRORS,
                        this::deployment,
                        false));
        routes.addAll(models.routes("/openai", ERRORS));
        routes.addAll(models.routes("/openai/v1", ERRORS));
        routes.addAll(chat.routes("/openai/v1", ERRORS));
        routes.addAll(embeddings.routes("/openai/v1", ERRORS));
        routes.addAll(images.routes("/openai/v1", ERRORS));
        return routes;
    }

    private void deployment(Call call) throws InterruptedException {
        String path = call.parameter("path");
        for (Map.Entry<String, Operation> operation : operations.entrySet()) {
            if (path.length() > operation.getKey().length() && path.endsWith(operation.getKey())) {
                requireVersion(call);
                String name = path.substring(0, path.length() - operation.getKey().length());
                operation.getValue().answer(call, name);
                return;
            }
        }
        throw notFound(
                "A deployment can be asked for " + String.join(", ", operations.keySet()) + ".");
    }

    /** Any version will do: what differs between them is the supplier's affair. */
    private static void requireVersion(Call call) {
        String version = call.query().get("api-version");
        if (version == null || version.isBlank()) {
            throw notFound("Add the query parameter 'api-version', such as 2024-10-21.");
        }
    }

    private static Failed notFound(String fix) {
        return new Failed(Failure.of(Failure.Cause.NOT_FOUND, "Resource not found. " + fix));
    }
}
