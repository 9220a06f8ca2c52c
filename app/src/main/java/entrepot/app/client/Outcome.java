package entrepot.app.client;

import tools.jackson.databind.JsonNode;

/**
 * How a turn ended.
 *
 * @param status of the turn: {@code completed}, {@code failed}, {@code cancelled}, or {@code
 *     requires_action} when it waits for someone
 * @param text of the answer
 * @param error code and message; empty when there is none
 */
public record Outcome(
        String sessionId,
        String turnId,
        String status,
        String text,
        String error,
        JsonNode usage,
        int toolCalls) {

    public boolean completed() {
        return status.equals("completed");
    }
}
