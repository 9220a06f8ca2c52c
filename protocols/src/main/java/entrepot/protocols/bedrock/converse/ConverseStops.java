package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.StopReason;

/** Why a model stopped, in Converse's words (StopReason). */
final class ConverseStops {

    private ConverseStops() {}

    static StopReason read(String word) {
        return switch (word) {
            case "end_turn" -> StopReason.END;
            case "tool_use" -> StopReason.TOOL_CALLS;
            case "max_tokens", "model_context_window_exceeded" -> StopReason.LENGTH;
            case "stop_sequence" -> StopReason.STOP_SEQUENCE;
            case "guardrail_intervened", "content_filtered" -> StopReason.FILTER;
            case "refusal" -> StopReason.REFUSAL;
            default -> new StopReason.Unknown(DIALECT, word);
        };
    }

    /** A foreign word that we do not know is told as the plain end. */
    static String word(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    switch (kind) {
                        case END -> "end_turn";
                        case TOOL_CALLS -> "tool_use";
                        case LENGTH -> "max_tokens";
                        case STOP_SEQUENCE -> "stop_sequence";
                        // Converse has no word for a refusal but that of its filter.
                        case FILTER, REFUSAL -> "content_filtered";
                    };
            case StopReason.Unknown(String dialect, String word) ->
                    dialect.equals(DIALECT) ? word : "end_turn";
        };
    }
}
