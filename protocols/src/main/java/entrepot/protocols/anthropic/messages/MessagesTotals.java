package entrepot.protocols.anthropic.messages;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.json.Json;

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
public record MessagesTotals(@Nullable Usage usage) {

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer, or what the error in it
     *     says
     */
    public static MessagesTotals read(byte[] body) {
        try (JsonParser parser = Json.parser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw notAnAnswer();
            }
            Usage usage = null;
            boolean content = false;
            boolean error = false;
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                int end = (int) parser.currentLocation().getByteOffset();
                switch (name) {
                    case "usage" -> {
                        if (token == JsonToken.START_OBJECT) {
                            byte[] object = Arrays.copyOfRange(body, start, end);
                            usage = MessagesUsage.read(Json.read(object, Cause.SUPPLIER_FAILED));
                        }
                    }
                    case "content" -> content = token == JsonToken.START_ARRAY;
                    case "error" -> error = token == JsonToken.START_OBJECT;
                    default -> {}
                }
            }
            if (parser.nextToken() != null || (!content && !error)) {
                throw notAnAnswer();
            }
            if (!content) {
                throw error(body);
            }
            return new MessagesTotals(usage);
        } catch (JacksonException e) {
            throw notAnAnswer();
        }
    }

    private static Failed error(byte[] body) {
        return Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode object
                ? new Failed(AnthropicErrors.read(object))
                : notAnAnswer();
    }

    private static Failed notAnAnswer() {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED, "The supplier's answer is not a message in JSON."));
    }
}
