package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.protocols.anthropic.AnthropicErrors;
import entrepot.protocols.anthropic.messages.MessagesBlocks.Reader;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Whole answers of the Messages API (openapi, Message).
 *
 * <p>Writing what was read gives the same JSON. The usage stays among the extras as it came, since
 * it tells more than is billed.
 */
public final class MessagesAnswers {

    private MessagesAnswers() {}

    /**
     * Reads a supplier's answer.
     *
     * @throws Failed {@code SUPPLIER_FAILED} when it is no such answer, or what the error in it
     *     says
     */
    public static Answer read(byte[] body) {
        if (!(Json.read(body, Cause.SUPPLIER_FAILED) instanceof ObjectNode root)) {
            throw notAnAnswer("it is not an object");
        }
        Members members = Members.lenient(root);
        if (!root.path("content").isArray()) {
            if (isError(root)) {
                throw new Failed(AnthropicErrors.read(root));
            }
            throw notAnAnswer("it has no content");
        }
        JsonNode content = members.peek("content");
        List<Part> parts = MessagesBlocks.read(members, "content");
        if (MessagesBlocks.isListOfOneText(content, parts) || parts.isEmpty()) {
            // Answers are always lists.
            members.take("content");
        }
        String id = nonEmpty(members, "id");
        String model = nonEmpty(members, "model");
        takeIf(members, "type", "message");
        takeIf(members, "role", "assistant");
        String word = nonEmpty(members, "stop_reason");
        return new Answer(
                id,
                model,
                parts,
                reason(word),
                MessagesUsage.read(members.peek("usage")),
                new Extras(DIALECT, members.rest()));
    }

    static boolean isError(JsonNode root) {
        return root.path("type").asString("").equals("error") || root.path("error").isContainer();
    }

    private static String nonEmpty(Members members, String name) {
        return members.peek(name).asString("").isEmpty() ? "" : members.requiredText(name);
    }

    private static void takeIf(Members members, String name, String value) {
        if (members.peek(name).asString("").equals(value)) {
            members.take(name);
        }
    }

    /** The reason by its word; the empty word when the supplier did not say. */
    static StopReason reason(String word) {
        return switch (word) {
            case "end_turn" -> StopReason.END;
            case "tool_use" -> StopReason.TOOL_CALLS;
            case "max_tokens" -> StopReason.LENGTH;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "refusal" -> StopReason.REFUSAL;
            // pause_turn, model_context_window_exceeded, and what will come (R90).
            default -> new StopReason.Unknown(DIALECT, word);
        };
    }

    static String word(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    switch (kind) {
                        case END -> "end_turn";
                        case TOOL_CALLS -> "tool_use";
                        case LENGTH -> "max_tokens";
                        case STOP_SEQUENCE -> "stop_sequence";
                        case REFUSAL, FILTER -> "refusal";
                    };
            case StopReason.Unknown(String dialect, String word) ->
                    dialect.equals(DIALECT) ? word : "end_turn";
        };
    }

    /** Writes an answer for a caller. */
    public static byte[] write(Answer answer) {
        boolean ours = answer.extras().dialect().equals(DIALECT);
        ObjectNode body = Json.object();
        putUnlessEmpty(body, "id", answer.answerId());
        put(body, "type", "message", answer.extras());
        put(body, "role", "assistant", answer.extras());
        putUnlessEmpty(body, "model", answer.model());
        ArrayNode content = body.putArray("content");
        MessagesBlocks.write(answer.parts(), content, Reader.CALLER);
        putUnlessEmpty(body, "stop_reason", word(answer.stopReason()));
        if (!ours) {
            body.putNull("stop_sequence");
        }
        JsonNode usage = Residue.of(answer.extras(), DIALECT, "usage");
        if (usage != null && MessagesUsage.read(usage).equals(answer.usage())) {
            body.set("usage", usage);
        } else if (!ours || !answer.usage().equals(Usage.NONE)) {
            body.set("usage", MessagesUsage.write(answer.usage()));
        }
        return Json.write(Residue.fill(body, answer.extras(), DIALECT));
    }

    private static void put(ObjectNode body, String name, String value, Extras extras) {
        if (Residue.of(extras, DIALECT, name) == null) {
            body.put(name, value);
        }
    }

    private static void putUnlessEmpty(ObjectNode node, String name, String text) {
        if (!text.isEmpty()) {
            node.put(name, text);
        }
    }

    private static Failed notAnAnswer(String why) {
        return new Failed(
                Failure.of(
                        Cause.SUPPLIER_FAILED,
                        "The supplier's answer is not a message: " + why + "."));
    }
}
