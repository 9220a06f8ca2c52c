package entrepot.protocols.google.gemini;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code countTokens} (generative_service.proto, CountTokensRequest and CountTokensResponse). */
public final class GeminiCounts {

    private static final String WHOLE = "generateContentRequest";

    private GeminiCounts() {}

    /**
     * Reads what is to be counted: a whole request in a member of its own, or contents, to which
     * Vertex adds instructions and tools.
     *
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body, String model) {
        JsonNode root = Json.read(body, Cause.INVALID_REQUEST);
        for (String name : new String[] {WHOLE, "generate_content_request"}) {
            if (root.path(name) instanceof ObjectNode whole) {
                return GeminiRequests.read(Json.write(whole), model, false);
            }
        }
        return GeminiRequests.read(body, model, false);
    }

    /** Writes what a supplier of this dialect is asked. */
    public static byte[] write(Request request) {
        ObjectNode whole = GeminiRequests.tree(request).put("model", "models/" + request.model());
        ObjectNode body = Json.object();
        body.set(WHOLE, whole);
        return Json.write(body);
    }

    /** Reads a supplier's count. */
    public static long read(byte[] body) {
        JsonNode root = Json.read(body, Cause.SUPPLIER_FAILED);
        if (GoogleErrors.isError(root)) {
            throw new Failed(GoogleErrors.read(root));
        }
        JsonNode total = root.path("totalTokens");
        // ProtoJSON leaves a count of nothing out.
        if (!root.isObject() || !(total.isMissingNode() || total.canConvertToLong())) {
            throw new Failed(
                    Failure.of(Cause.SUPPLIER_FAILED, "The supplier's answer is not a count."));
        }
        return total.asLong(0);
    }

    /** Tells a caller a count. */
    public static byte[] write(long tokens) {
        ObjectNode body = Json.object().put("totalTokens", tokens);
        body.putArray("promptTokensDetails")
                .addObject()
                .put("modality", "TEXT")
                .put("tokenCount", tokens);
        return Json.write(body);
    }
}
