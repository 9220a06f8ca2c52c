package entrepot.protocols.openai.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.CountDialect;
import entrepot.protocols.Header;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** {@code POST /v1/responses/input_tokens} (openapi.yaml, TokenCountsBody). */
public final class ResponsesCounts implements CountDialect {

    private static final String COUNT = "input_tokens";

    /** What is counted, and so may be said. */
    private static final Set<String> COUNTED =
            Set.of(
                    "model",
                    "input",
                    "instructions",
                    "tools",
                    "tool_choice",
                    "parallel_tool_calls",
                    "text",
                    "reasoning",
                    "truncation");

    @Override
    public String name() {
        return ResponsesRequests.DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ResponsesLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        ObjectNode body = ResponsesRequests.tree(request);
        body.retain(COUNTED);
        return Json.write(body);
    }

    @Override
    public long read(byte[] body) {
        JsonNode json = Json.read(body, Cause.SUPPLIER_FAILED);
        if (json instanceof ObjectNode object && object.path("error").isObject()) {
            throw new Failed(OpenAiErrors.read(object));
        }
        JsonNode count = json.path(COUNT);
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
        return OpenAiErrors.read(status, header, body);
    }

    /** Writes a count for a caller. */
    public static byte[] write(long inputTokens) {
        return Json.write(
                Json.object().put("object", "response.input_tokens").put(COUNT, inputTokens));
    }
}
