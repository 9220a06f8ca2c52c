package entrepot.protocols.openai;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** The list of models at {@code GET /v1/models} (openapi.yaml, ListModelsResponse and Model). */
public final class OpenAiModels {

    private OpenAiModels() {}

    /**
     * One model.
     *
     * @param createdSeconds Unix time, 0 when not known
     */
    public record Model(String id, long createdSeconds, String ownedBy) {}

    public static byte[] write(List<Model> models) {
        ObjectNode list = Json.object().put("object", "list");
        ArrayNode data = list.putArray("data");
        models.forEach(model -> data.add(tree(model)));
        return Json.write(list);
    }

    public static byte[] write(Model model) {
        return Json.write(tree(model));
    }

    private static ObjectNode tree(Model model) {
        return Json.object()
                .put("id", model.id())
                .put("object", "model")
                .put("created", model.createdSeconds())
                .put("owned_by", model.ownedBy());
    }
}
