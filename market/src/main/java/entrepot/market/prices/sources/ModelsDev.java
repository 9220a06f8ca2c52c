package entrepot.market.prices.sources;

import entrepot.market.prices.ListedModel.Abilities;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** Reads {@code api.json} of models.dev: what models of each provider can do. */
final class ModelsDev {

    static final String NAME = "models.dev";

    private ModelsDev() {}

    static boolean is(JsonNode json) {
        return json.isObject() && json.path("anthropic").path("models").isObject();
    }

    static void read(JsonNode json, Drafts drafts) {
        for (Channels.Channel channel : Channels.ALL) {
            for (String provider : channel.dev()) {
                json.path(provider)
                        .path("models")
                        .properties()
                        .forEach(model ->
                                model(channel.id(), model.getKey(), model.getValue(), drafts));
            }
        }
    }

    private static void model(String channel, String name, JsonNode model, Drafts drafts) {
        Draft draft = drafts.family(channel, name);
        if (draft == null) {
            return; // what a model can do is of no use without its price
        }
        Long context = number(model.path("limit").path("context"));
        draft.abilities =
                new Abilities(
                        context == null ? draft.abilities.contextTokensMax() : context,
                        number(model.path("limit").path("output")),
                        words(model.path("modalities").path("input")),
                        words(model.path("modalities").path("output")),
                        model.has("tool_call") ? model.path("tool_call").asBoolean(false) : null,
                        model.has("reasoning") ? model.path("reasoning").asBoolean(false) : null);
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isNumber() && node.longValue() > 0 ? node.longValue() : null;
    }

    private static List<String> words(JsonNode list) {
        return list.valueStream().map(each -> each.asString("")).toList();
    }
}
