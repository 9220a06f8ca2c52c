package entrepot.protocols.bedrock;

import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

/**
 * Lists of models as Bedrock tells them (bedrock, ListFoundationModels and ListInferenceProfiles).
 */
public final class BedrockListing {

    private static final String ARN = "arn:aws:bedrock:";

    private BedrockListing() {}

    /** A model that may be asked for. */
    public record Model(String id, String vendor, long createdSeconds) {}

    public static ObjectNode models(List<Model> models) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("modelSummaries");
        models.forEach(model -> list.add(model(model)));
        return body;
    }

    public static ObjectNode one(Model model) {
        ObjectNode body = Json.object();
        body.set("modelDetails", model(model));
        return body;
    }

    private static ObjectNode model(Model model) {
        ObjectNode node =
                Json.object()
                        .put("modelArn", ARN + ":foundation-model/" + model.id())
                        .put("modelId", model.id())
                        .put("modelName", model.id())
                        .put("providerName", model.vendor());
        node.putArray("inputModalities").add("TEXT");
        node.putArray("outputModalities").add("TEXT");
        node.put("responseStreamingSupported", true);
        node.putArray("customizationsSupported");
        node.putArray("inferenceTypesSupported").add("ON_DEMAND");
        node.putObject("modelLifecycle").put("status", "ACTIVE");
        return node;
    }

    public static ObjectNode profiles(List<Model> models) {
        ObjectNode body = Json.object();
        ArrayNode list = body.putArray("inferenceProfileSummaries");
        models.forEach(model -> list.add(profile(model)));
        return body;
    }

    public static ObjectNode profile(Model model) {
        String created = Instant.ofEpochSecond(model.createdSeconds()).toString();
        ObjectNode node =
                Json.object()
                        .put("inferenceProfileName", model.id())
                        .put("inferenceProfileId", model.id())
                        .put("inferenceProfileArn", ARN + ":inference-profile/" + model.id())
                        .put("status", "ACTIVE")
                        .put("type", "SYSTEM_DEFINED")
                        .put("createdAt", created)
                        .put("updatedAt", created);
        node.putArray("models")
                .addObject()
                .put("modelArn", ARN + ":foundation-model/" + model.id());
        return node;
    }

    /** The id in what a path names: an id, or an address (ARN) that ends with one. */
    public static String id(String named) {
        for (String kind : List.of(":foundation-model/", ":inference-profile/")) {
            int at = named.indexOf(kind);
            if (named.startsWith(ARN) && at > 0) {
                return named.substring(at + kind.length());
            }
        }
        return named;
    }
}
