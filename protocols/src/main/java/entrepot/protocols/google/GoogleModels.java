package entrepot.protocols.google;

import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The models at {@code GET /v1beta/models} (model.proto, model_service.proto). */
public final class GoogleModels {

    private GoogleModels() {}

    /** One model. */
    public record Model(String id) {}

    /**
     * A page of models.
     *
     * @param nextPage what asks for the next page; null on the last
     */
    public static byte[] write(List<Model> models, @Nullable String nextPage) {
        ObjectNode list = Json.object();
        ArrayNode nodes = list.putArray("models");
        models.forEach(model -> nodes.add(tree(model)));
        if (nextPage != null) {
            list.put("nextPageToken", nextPage);
        }
        return Json.write(list);
    }

    public static byte[] write(Model model) {
        return Json.write(tree(model));
    }

    private static ObjectNode tree(Model model) {
        ObjectNode node =
                Json.object()
                        .put("name", "models/" + model.id())
                        .put("baseModelId", model.id())
                        .put("version", "")
                        .put("displayName", model.id());
        node.putArray("supportedGenerationMethods")
                .add("generateContent")
                .add("streamGenerateContent")
                .add("countTokens");
        return node;
    }
}
