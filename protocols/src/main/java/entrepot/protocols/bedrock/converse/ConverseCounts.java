package entrepot.protocols.bedrock.converse;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.protocols.CountDialect;
import entrepot.protocols.Header;
import entrepot.protocols.bedrock.BedrockErrors;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** CountTokens, in Converse's words (bedrock-runtime, CountTokensRequest). */
public final class ConverseCounts implements CountDialect {

    /** The name of this interface in orders. */
    public static final String DIALECT = "bedrock.counts";

    private static final List<String> COUNTED =
            List.of("messages", "system", "toolConfig", "additionalModelRequestFields");

    @Override
    public String name() {
        return DIALECT;
    }

    @Override
    public List<Loss> losses(Request request) {
        return ConverseLosses.of(request);
    }

    @Override
    public byte[] write(Request request) {
        ObjectNode whole = ConverseRequests.tree(ConverseFit.fit(request));
        ObjectNode body = Json.object();
        body.putObject("input").set("converse", whole.retain(COUNTED));
        return Json.write(body);
    }

    @Override
    public long read(byte[] body) {
        JsonNode count = Json.read(body, Cause.SUPPLIER_FAILED).path("inputTokens");
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
        return BedrockErrors.read(status, header, body);
    }

    /** Bedrock counts for some models only, and never by the name of an inference profile. */
    @Override
    public boolean unserved(int status, Failure refusal) {
        return CountDialect.super.unserved(status, refusal)
                || (status == 400 && refusal.message().contains("doesn't support counting"));
    }

    /** Writes a count for a caller. */
    public static byte[] write(long inputTokens) {
        return Json.write(Json.object().put("inputTokens", inputTokens));
    }
}
