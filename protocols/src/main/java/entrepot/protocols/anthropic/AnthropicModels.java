package entrepot.protocols.anthropic;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

/** The list of models at {@code GET /v1/models} as Anthropic tells it, a page at a time. */
public final class AnthropicModels {

    /** Anthropic's own bounds and default for {@code limit}. */
    public static final int PAGE_MODELS_MAX = 1000;

    public static final int PAGE_MODELS_DEFAULT = 20;

    private AnthropicModels() {}

    /**
     * One model.
     *
     * @param createdSeconds Unix time, 0 when not known
     */
    public record Model(String id, String displayName, long createdSeconds) {}

    /**
     * Which part of the list is wanted.
     *
     * @param afterId begin behind this model; null for the beginning
     * @param beforeId end before this model; null for the end
     */
    public record Page(int limit, @Nullable String afterId, @Nullable String beforeId) {

        public Page {
            if (limit < 1 || limit > PAGE_MODELS_MAX) {
                throw new Failed(
                        Failure.at(
                                Cause.INVALID_REQUEST,
                                "limit: must be from 1 to " + PAGE_MODELS_MAX + ".",
                                "limit"));
            }
        }
    }

    /** One page of a list. */
    public static byte[] write(List<Model> models, Page page) {
        int from = page.afterId() == null ? 0 : index(models, page.afterId(), "after_id") + 1;
        int to =
                page.beforeId() == null
                        ? models.size()
                        : index(models, page.beforeId(), "before_id");
        int count = Math.min(page.limit(), Math.max(0, to - from));
        // A page that ends at a model is the last one before it (pagination is bidirectional).
        int start = page.beforeId() != null && page.afterId() == null ? to - count : from;
        List<Model> shown = models.subList(start, start + count);
        ObjectNode list = Json.object();
        ArrayNode data = list.putArray("data");
        shown.forEach(model -> data.add(tree(model)));
        list.put("has_more", page.beforeId() == null ? start + count < to : start > from);
        list.put("first_id", shown.isEmpty() ? null : shown.getFirst().id());
        list.put("last_id", shown.isEmpty() ? null : shown.getLast().id());
        return Json.write(list);
    }

    public static byte[] write(Model model) {
        return Json.write(tree(model));
    }

    private static int index(List<Model> models, String id, String parameter) {
        for (int i = 0; i < models.size(); i++) {
            if (models.get(i).id().equals(id)) {
                return i;
            }
        }
        throw new Failed(
                Failure.at(
                        Cause.INVALID_REQUEST, parameter + ": there is no such model.", parameter));
    }

    private static ObjectNode tree(Model model) {
        return Json.object()
                .put("type", "model")
                .put("id", model.id())
                .put("display_name", model.displayName())
                .put("created_at", Instant.ofEpochSecond(model.createdSeconds()).toString());
    }
}
