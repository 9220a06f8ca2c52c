package entrepot.protocols.openai.chat;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.OpenAiErrors;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.ObjectNode;

import java.util.Arrays;

/**
 * What money needs to know of a whole answer that is passed on as bytes. The body is validated in
 * one pass; only its usage is made into objects.
 *
 * @param usage null when the supplier did not say
 */
public record ChatTotals(@Nullable Usage usage) {

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer, or what the error in it
     *     says
     */
    public static ChatTotals read(byte[] body) {
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnAnswer();
            }
            Usage usage = null;
            boolean choices = false;
            String tier = null;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                if (name.equals("service_tier") && token == JsonToken.VALUE_STRING) {
                    tier = ChatUsage.tier(parser.getString());
                }
                parser.skipChildren();
                int end = (int) parser.currentLocation().getByteOffset();
                switch (name) {
                    case "usage" -> {
                        if (token == JsonToken.START_OBJECT) {
                            byte[] object = Arrays.copyOfRange(body, start, end);
                            usage = ChatUsage.read(Json.read(object, Cause.SUPPLIER_FAILED));
                        }
                    }
                    case "choices" -> choices = token == JsonToken.START_ARRAY;
                    case "error" -> {
                        if (token == JsonToken.START_OBJECT || token == JsonToken.VALUE_STRING) {
                            throw error(body);
                        }
                    }
                    default -> {}
                }
            }
            if (!choices || parser.nextToken() != null) {
                throw notAnAnswer();
            }
            return new ChatTotals(usage == null ? null : usage.withTier(tier));
        } catch (JacksonException e) {
            throw notAnAnswer();
        }
    }

    private static Failed error(byte[] body) {
        return Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode object
                ? new Failed(OpenAiErrors.read(object))
                : notAnAnswer();
    }

    private static Failed notAnAnswer() {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED,
                        "The supplier's answer is not a chat completion in JSON."));
    }
}
