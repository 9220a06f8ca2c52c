package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers of {@code POST /v1/messages/count_tokens} (openapi, MessageTokensCount). */
public final class TokenCounts {

    private TokenCounts() {}

    /**
     * Reads a supplier's count.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is none, or what the error in it says
     */
    public static long read(byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        if (json instanceof ObjectNode object && MessagesAnswers.isError(object)) {
            throw new Failed(AnthropicErrors.read(object));
        }
        JsonNode count = json.path("input_tokens");
        if (!count.isIntegralNumber() || !count.canConvertToLong() || count.longValue() < 0) {
            throw new Failed(
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier's answer is not a count of tokens."));
        }
        return count.longValue();
    }

    public static byte[] write(long inputTokens) {
        return Json.write(Json.object().put("input_tokens", inputTokens));
    }
}
