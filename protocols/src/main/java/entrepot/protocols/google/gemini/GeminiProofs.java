package entrepot.protocols.google.gemini;

import entrepot.conversation.Loss;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.protocols.google.wire.GeminiThinking;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Signatures of calls that never had one, or whose caller could not keep it. From Gemini 3 on,
 * Google refuses the calls of the current turn without; for those that another model made it names
 * a text to send instead (ai.google.dev/gemini-api/docs/thought-signatures).
 */
final class GeminiProofs {

    static final String INSTEAD = "skip_thought_signature_validator";

    private GeminiProofs() {}

    /** Adds what is missing in a request that is about to be sent. */
    static ObjectNode added(String model, ObjectNode body) {
        if (GeminiThinking.counts(model)) {
            return body;
        }
        for (JsonNode content : body.path("contents")) {
            if (content.path("role").asString("").equals("model")) {
                first(content);
            }
        }
        return body;
    }

    /** Which calls that concerns. */
    static List<Loss> losses(Request request) {
        var losses = new ArrayList<Loss>();
        if (GeminiThinking.counts(request.model())) {
            return losses;
        }
        for (int i = 0; i < request.messages().size(); i++) {
            List<Part> parts = request.messages().get(i).parts();
            for (int j = 0; j < parts.size(); j++) {
                if (parts.get(j) instanceof Part.ToolCall) {
                    if (!isProven(parts, j)) {
                        losses.add(
                                GeminiLosses.UNSIGNED.at("messages[%d].parts[%d]".formatted(i, j)));
                    }
                    break;
                }
            }
        }
        return losses;
    }

    private static boolean isProven(List<Part> parts, int call) {
        return call > 0
                && parts.get(call - 1) instanceof Part.Reasoning proof
                && GeminiParts.isProof(proof)
                && GeminiParts.signature(proof, false) != null;
    }

    /** Of parallel calls the first is signed. */
    private static void first(JsonNode content) {
        for (JsonNode part : content.path("parts")) {
            if (part instanceof ObjectNode call && call.path("functionCall").isObject()) {
                if (!call.has("thoughtSignature")) {
                    call.put("thoughtSignature", INSTEAD);
                }
                return;
            }
        }
    }
}
