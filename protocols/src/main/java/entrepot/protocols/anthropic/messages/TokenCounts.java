package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.CountDialect;
import entrepot.protocols.Header;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * {@code POST /v1/messages/count_tokens} (openapi, CountMessageTokensParams, MessageTokensCount).
 */
public final class TokenCounts implements CountDialect {

    @Override
    public String name() {
        return MessagesRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return MessagesLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        return MessagesRequests.writeCounted(request);
    }

    @Override
    public long read(byte[] body) {
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

    @Override
    public Failure refusal(int status, Header header, byte[] body) {
        return AnthropicErrors.read(status, header, body);
    }

    /** Writes a count for a caller. */
    public static byte[] write(long inputTokens) {
        return Json.write(Json.object().put("input_tokens", inputTokens));
    }
}
