package entrepot.protocols.bedrock.embeddings;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whose bodies a model takes. */
enum Family {
    TITAN(1),
    NOVA(1),
    COHERE(96);

    private final int inputsMax;

    Family(int inputsMax) {
        this.inputsMax = inputsMax;
    }

    /**
     * By the model's id, which may have a region or an ARN before it.
     *
     * @throws Failed when it is none that embeds
     */
    static Family of(String model) {
        if (model.contains("titan-embed")) {
            return TITAN;
        }
        if (model.contains("cohere.embed")) {
            return COHERE;
        }
        if (model.contains("nova") && model.contains("embed")) {
            return NOVA;
        }
        throw new Failed(
                Failure.at(
                        Cause.UNSUPPORTED,
                        "'" + model + "' is no model of Bedrock that embeds in a known way.",
                        "model"));
    }

    int inputsMax() {
        return inputsMax;
    }

    ObjectNode body(EmbeddingRequest request) {
        return switch (this) {
            case TITAN -> titan(request);
            case COHERE -> cohere(request);
            case NOVA -> nova(request);
        };
    }

    private static ObjectNode titan(EmbeddingRequest request) {
        ObjectNode body = Json.object().put("inputText", text(request, 0));
        if (request.dimensions() != null) {
            body.put("dimensions", request.dimensions());
        }
        return body;
    }

    private static ObjectNode cohere(EmbeddingRequest request) {
        ObjectNode body = Json.object();
        ArrayNode texts = body.putArray("texts");
        for (int i = 0; i < request.inputs().size(); i++) {
            texts.add(text(request, i));
        }
        // Cohere wants to be told; what is stored is embedded more often than what is asked.
        body.put(
                "input_type",
                request.purpose() == Purpose.QUERY ? "search_query" : "search_document");
        if (request.dimensions() != null) {
            body.put("output_dimension", request.dimensions());
        }
        return body;
    }

    private static ObjectNode nova(EmbeddingRequest request) {
        ObjectNode body = Json.object().put("taskType", "SINGLE_EMBEDDING");
        ObjectNode params = body.putObject("singleEmbeddingParams");
        params.put(
                "embeddingPurpose",
                request.purpose() == Purpose.QUERY ? "TEXT_RETRIEVAL" : "GENERIC_INDEX");
        params.putObject("text").put("value", text(request, 0)).put("truncationMode", "NONE");
        if (request.dimensions() != null) {
            params.put("embeddingDimension", request.dimensions());
        }
        return body;
    }

    private static String text(EmbeddingRequest request, int index) {
        return switch (request.inputs().get(index)) {
            case Input.Text text -> text.text();
            case Input.Tokens _ ->
                    throw new Failed(
                            Failure.at(
                                    Cause.UNSUPPORTED,
                                    "Bedrock's models read texts, not tokens.",
                                    "input"));
        };
    }
}
