package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;

/**
 * Questions for approval on a surface that has no type for them: calls of a function that no agent
 * declares, named {@value #FUNCTION}, whose {@code call_id} is the question's id. The answer is its
 * result: {@code approve} or {@code deny}, as text or as {@code {"decision", "note", "scope"}};
 * {@code success: false} denies.
 */
final class ApprovalJson {

    static final String FUNCTION = "entrepot_approval";

    /** How the ids of questions begin. */
    static final String PREFIX = "appr_";

    private static final int NOTE_CHARS_MAX = 2_000;

    private ApprovalJson() {}

    /**
     * The word that a result is.
     *
     * @param path of the output, for refusals
     */
    static Sessions.Input.Approval answer(
            String approvalId, String path, @Nullable JsonNode output) {
        JsonNode value = output;
        if (output != null && output.isString() && output.stringValue().strip().startsWith("{")) {
            value = parsed(path, output.stringValue());
        }
        if (value != null && value.isString()) {
            return new Sessions.Input.Approval(
                    approvalId, isApproval(path, value.stringValue().strip()), null, false);
        }
        if (value == null) {
            throw Refusals.missing(path);
        }
        Fields answer = Fields.of(path, value);
        Sessions.Input.Approval given = answer(approvalId, answer);
        answer.end();
        return given;
    }

    /** Reads {@code decision}, {@code note} and {@code scope}. */
    static Sessions.Input.Approval answer(String approvalId, Fields answer) {
        boolean approved = isApproval(answer.at("decision"), answer.requiredText("decision"));
        String note = answer.text("note");
        if (note != null && note.length() > NOTE_CHARS_MAX) {
            throw Refusals.value(
                    answer.at("note"), "it must be at most " + NOTE_CHARS_MAX + " characters.");
        }
        boolean forSession = "session".equals(answer.oneOf("scope", "once", "session"));
        return new Sessions.Input.Approval(approvalId, approved, note, forSession);
    }

    /**
     * Refuses a word on a question whose time is over, whether or not the session has seen that.
     *
     * @param at when the word came
     */
    static void requireInTime(Sessions.Session session, String approvalId, Instant at) {
        for (View.RequiredAction action : session.requiredActions()) {
            View.Approval asked = action.approval();
            if (asked != null
                    && asked.id().equals(approvalId)
                    && asked.expiresSeconds() <= at.getEpochSecond()) {
                throw new Failed(
                        Failure.of(
                                Failure.Cause.CONFLICT,
                                "This question lapsed at "
                                        + Instant.ofEpochSecond(asked.expiresSeconds())
                                        + ", so the call is not made: ask the agent again."));
            }
        }
    }

    private static JsonNode parsed(String path, String text) {
        try {
            return Json.read(text, Failure.Cause.INVALID_REQUEST);
        } catch (Failed e) {
            throw Refusals.value(path, "it must be approve, deny or an object with a decision.");
        }
    }

    private static boolean isApproval(String path, String word) {
        return switch (word) {
            case "approve" -> true;
            case "deny" -> false;
            default -> throw Refusals.value(path, "it must be approve or deny.");
        };
    }

    static ObjectNode arguments(View.Approval approval, String arguments) {
        ObjectNode json =
                Json.object()
                        .put("server_label", approval.server())
                        .put("name", approval.tool())
                        .put("reason", approval.reason())
                        .put("digest", approval.digest())
                        .put("expires_at", approval.expiresSeconds());
        json.set("arguments", ContentJson.arguments(arguments));
        return json;
    }
}
