package entrepot.protocols.openai.responses;

import static entrepot.protocols.openai.responses.ResponsesRequests.DIALECT;

import entrepot.conversation.Answer;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;

/** How an answer ends: its status and why it is not complete (openapi.yaml, Response). */
final class Endings {

    /** Statuses of an answer that has not ended well, or not yet. */
    private static final Set<String> STATUSES = Set.of("queued", "in_progress", "cancelled");

    private Endings() {}

    static StopReason read(JsonNode response, List<Part> parts) {
        String status = response.path("status").asString("");
        String why = response.path("incomplete_details").path("reason").asString("");
        if (STATUSES.contains(status)) {
            return new StopReason.Unknown(DIALECT, status);
        }
        if (status.equals("incomplete") || !why.isEmpty()) {
            return switch (why) {
                case "max_output_tokens", "max_tokens" -> StopReason.LENGTH;
                case "content_filter" -> StopReason.FILTER;
                default -> new StopReason.Unknown(DIALECT, why.isEmpty() ? status : why);
            };
        }
        return calls(parts) ? StopReason.TOOL_CALLS : StopReason.END;
    }

    static boolean calls(List<Part> parts) {
        return parts.stream().anyMatch(Part.ToolCall.class::isInstance);
    }

    static String status(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    switch (kind) {
                        case LENGTH, FILTER -> "incomplete";
                        case END, TOOL_CALLS, STOP_SEQUENCE, REFUSAL -> "completed";
                    };
            case StopReason.Unknown(String dialect, String word) -> {
                if (!dialect.equals(DIALECT)) {
                    yield "completed";
                }
                yield STATUSES.contains(word) ? word : "incomplete";
            }
        };
    }

    /** The reason as a client of this dialect understands it. */
    static StopReason told(Answer answer) {
        ObjectNode response = Json.object();
        write(answer.stopReason(), response);
        return read(response, answer.parts());
    }

    /** Puts status and details into a response. */
    static void write(StopReason reason, ObjectNode response) {
        String status = status(reason);
        response.put("status", status);
        if (status.equals("incomplete")) {
            response.putObject("incomplete_details").put("reason", why(reason));
        }
    }

    private static String why(StopReason reason) {
        return switch (reason) {
            case StopReason.Known(StopReason.Kind kind) ->
                    kind == StopReason.Kind.FILTER ? "content_filter" : "max_output_tokens";
            case StopReason.Unknown(String _, String word) -> word;
        };
    }
}
