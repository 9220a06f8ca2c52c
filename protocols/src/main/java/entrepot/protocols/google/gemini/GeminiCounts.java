package entrepot.protocols.google.gemini;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.CountDialect;
import entrepot.protocols.Header;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/**
 * {@code countTokens} (generative_service.proto and prediction_service.proto, CountTokensRequest):
 * the developer interface takes a whole request in a member of its own, or contents alone; Vertex
 * takes instructions and tools beside the contents.
 *
 * @param vertex whether it is Vertex's
 */
public record GeminiCounts(boolean vertex) implements CountDialect {

    private static final String WHOLE = "generateContentRequest";
    private static final List<String> WHOLES = List.of(WHOLE, "generate_content_request");
    private static final String MODEL = "model";

    /** What both interfaces take. */
    private static final Set<String> PLAIN = Set.of("contents", MODEL);

    /** What Vertex counts. */
    private static final List<String> COUNTED =
            List.of("contents", "systemInstruction", "tools", "generationConfig");

    /** In whose words a body is; where both take it, the address tells. */
    public static GeminiCounts of(byte[] body, boolean vertex) {
        JsonNode root = Json.read(body, Cause.INVALID_REQUEST);
        if (WHOLES.stream().anyMatch(root::has)) {
            return new GeminiCounts(false);
        }
        return new GeminiCounts(vertex || !PLAIN.containsAll(root.propertyNames()));
    }

    /**
     * Reads what is to be counted.
     *
     * @throws Failed {@code INVALID_REQUEST}, with the path of the member at fault
     */
    public static Request read(byte[] body, String model) {
        JsonNode root = Json.read(body, Cause.INVALID_REQUEST);
        JsonNode counted = root;
        for (String name : WHOLES) {
            counted = root.path(name).isObject() ? root.path(name) : counted;
        }
        if (counted instanceof ObjectNode object) {
            // The address has named it already.
            object.remove(MODEL);
        }
        return GeminiRequests.read(Json.write(counted), model, false);
    }

    /** A caller's body with a supplier's own name for the model, wherever it names one. */
    public static byte[] withModel(byte[] body, String model) {
        if (!(Json.read(body, Cause.INVALID_REQUEST) instanceof ObjectNode root)) {
            return body;
        }
        // The address names it.
        boolean named = root.remove(MODEL) != null;
        for (String name : WHOLES) {
            if (root.get(name) instanceof ObjectNode whole) {
                whole.put(MODEL, resource(model));
                named = true;
            }
        }
        return named ? Json.write(root) : body;
    }

    private static String resource(String model) {
        return model.contains("/") ? model : "models/" + model;
    }

    @Override
    public String name() {
        return vertex ? "vertex.counts" : "google.counts";
    }

    @Override
    public List<Loss> losses(Request request) {
        return GeminiLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        ObjectNode whole = GeminiRequests.tree(request);
        if (vertex) {
            return Json.write(whole.retain(COUNTED));
        }
        ObjectNode body = Json.object();
        body.set(WHOLE, whole.put(MODEL, resource(request.model())));
        return Json.write(body);
    }

    @Override
    public long read(byte[] body) {
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
        return Math.max(0, total.asLong(0));
    }

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return GoogleErrors.read(status, header, body);
    }

    /** A 404 without a word of Google's comes from a server that only generates. */
    @Override
    public boolean unserved(int status, Failure refusal) {
        return CountDialect.super.unserved(status, refusal)
                || (status == 404 && refusal.supplierCode() == null);
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
