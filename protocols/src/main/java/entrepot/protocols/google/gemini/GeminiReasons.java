package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.StopReason;

import tools.jackson.databind.JsonNode;

import java.util.List;

/**
 * Why a candidate ended (generative_service.proto, Candidate.FinishReason). Google says {@code
 * STOP} also for an answer that asks for tools.
 */
final class GeminiReasons {

    /** By their numbers, for answers that were asked for with numbers instead of names. */
    private static final List<String> WORDS =
            List.of(
                    "FINISH_REASON_UNSPECIFIED",
                    "STOP",
                    "MAX_TOKENS",
                    "SAFETY",
                    "RECITATION",
                    "OTHER",
                    "LANGUAGE",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MALFORMED_FUNCTION_CALL",
                    "IMAGE_SAFETY",
                    "UNEXPECTED_TOOL_CALL",
                    "TOO_MANY_TOOL_CALLS",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_OTHER",
                    "NO_IMAGE",
                    "IMAGE_RECITATION");

    private GeminiReasons() {}

    /** The word on the wire; empty when there is none. */
    static String word(JsonNode node) {
        if (node.isIntegralNumber()) {
            int number = node.asInt(-1);
            return number >= 0 && number < WORDS.size()
                    ? WORDS.get(number)
                    : Integer.toString(number);
        }
        return node.isString() ? node.stringValue() : "";
    }

    /**
     * @param calls whether the answer asks for tools
     */
    static StopReason read(String word, boolean calls) {
        return switch (word) {
            case "STOP" -> calls ? StopReason.TOOL_CALLS : StopReason.END;
            case "MAX_TOKENS" -> StopReason.LENGTH;
            case "SAFETY",
                    "RECITATION",
                    "BLOCKLIST",
                    "PROHIBITED_CONTENT",
                    "SPII",
                    "MODEL_ARMOR",
                    "IMAGE_SAFETY",
                    "IMAGE_PROHIBITED_CONTENT",
                    "IMAGE_RECITATION" ->
                    StopReason.FILTER;
            default -> new StopReason.Unknown(DIALECT, word);
        };
    }

    static String write(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    switch (kind) {
                        case END, TOOL_CALLS, STOP_SEQUENCE -> "STOP";
                        case LENGTH -> "MAX_TOKENS";
                        case FILTER, REFUSAL -> "SAFETY";
                    };
            // Another dialect's unknown word is told as the plain end.
            case StopReason.Unknown(String dialect, String word) ->
                    dialect.equals(DIALECT) ? word : "STOP";
        };
    }
}
