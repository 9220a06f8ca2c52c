package entrepot.protocols.anthropic;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.RetryAfter;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Locale;

/** A supplier's error, from Anthropic or from one of those that nearly say it like Anthropic. */
final class AnthropicRefusal {

    private static final int MESSAGE_CHARS_MAX = 1000;

    /** Of an error that came in a stream, or in the place of an answer: there is no status. */
    private static final int NO_STATUS = 200;

    private final int status;
    private final String type;
    private final String message;
    private final @Nullable String requestId;

    private AnthropicRefusal(int status, JsonNode body, @Nullable String requestId) {
        JsonNode error = body.path("error");
        this.status = status;
        // Some servers say OpenAI's "code" beside, or instead of, the type.
        String type = error.path("type").asString("");
        this.type = type.isEmpty() ? error.path("code").asString("") : type;
        String said = error.isString() ? error.stringValue() : error.path("message").asString("");
        this.message = said.isEmpty() ? body.path("message").asString("") : said;
        String inBody = body.path("request_id").asString("");
        this.requestId = requestId == null && !inBody.isEmpty() ? inBody : requestId;
    }

    static Failure read(int status, Header header, byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body, Cause.SUPPLIER_FAILED);
        } catch (Failed notJson) {
            // A page of a proxy in between: nothing in it is meant for a caller.
            json = Json.object();
        }
        String id = header.get("request-id");
        return new AnthropicRefusal(status, json, id == null ? header.get("x-request-id") : id)
                .failure(RetryAfter.read(header));
    }

    static Failure read(ObjectNode body) {
        return new AnthropicRefusal(NO_STATUS, body, null).failure(null);
    }

    private Failure failure(@Nullable Duration retryAfter) {
        Cause cause = cause();
        return new Failure(
                cause,
                message(cause),
                null,
                null,
                type.isEmpty() ? null : type,
                requestId,
                retryAfter);
    }

    private Cause cause() {
        String said = message.toLowerCase(Locale.ROOT);
        if (any(said, "credit balance", "billing") || type.equals("billing_error")) {
            return Cause.SUPPLIER_REFUSED;
        }
        boolean invalid = type.equals("invalid_request_error") || status == 400 || status == 422;
        if (invalid
                && any(
                        said,
                        "prompt is too long",
                        "exceed context limit",
                        "context window",
                        "context length")) {
            return Cause.CONTEXT_TOO_LONG;
        }
        if (invalid && any(said, "content filtering", "usage policy")) {
            return Cause.CONTENT_FILTERED;
        }
        return status == NO_STATUS ? causeOfType() : causeOfStatus(said);
    }

    private Cause causeOfType() {
        return switch (type) {
            case "invalid_request_error" -> Cause.INVALID_REQUEST;
            case "request_too_large" -> Cause.TOO_LARGE;
            case "rate_limit_error" -> Cause.SUPPLIER_LIMITED;
            case "overloaded_error" -> Cause.SUPPLIER_OVERLOADED;
            case "timeout_error" -> Cause.TIMED_OUT;
            case "authentication_error", "permission_error" -> Cause.SUPPLIER_REFUSED;
            default -> Cause.SUPPLIER_FAILED;
        };
    }

    private Cause causeOfStatus(String said) {
        return switch (status) {
            case 400, 422 -> Cause.INVALID_REQUEST;
            // The caller's own key is fine: ours is not (401 and 403 are never passed on).
            case 401, 402, 403, 407 -> Cause.SUPPLIER_REFUSED;
            case 404 ->
                    said.startsWith("model:") || said.contains("model")
                            ? Cause.MODEL_NOT_FOUND
                            : Cause.SUPPLIER_FAILED;
            case 408, 504, 524 -> Cause.TIMED_OUT;
            case 413 -> Cause.TOO_LARGE;
            case 429 -> Cause.SUPPLIER_LIMITED;
            case 503, 529 -> Cause.SUPPLIER_OVERLOADED;
            default -> Cause.SUPPLIER_FAILED;
        };
    }

    private String message(Cause cause) {
        String masked = KeyMask.mask(message);
        String said =
                masked.length() > MESSAGE_CHARS_MAX
                        ? masked.substring(0, MESSAGE_CHARS_MAX) + "…"
                        : masked;
        return switch (cause) {
            case SUPPLIER_REFUSED ->
                    "The supplier refuses this system's account or credential (status %d%s)."
                            .formatted(status, type.isEmpty() ? "" : ", " + KeyMask.mask(type));
            case SUPPLIER_LIMITED -> "The supplier limits how often it is called" + ended(said);
            case SUPPLIER_OVERLOADED -> "The supplier is overloaded" + ended(said);
            case SUPPLIER_FAILED ->
                    "The supplier failed"
                            + (status == NO_STATUS ? "" : " with status " + status)
                            + ended(said);
            case TIMED_OUT -> "The supplier took too long" + ended(said);
            default -> said.isEmpty() ? "The supplier refused with status " + status + "." : said;
        };
    }

    private static String ended(String said) {
        return said.isEmpty() ? "." : ": " + said;
    }

    private static boolean any(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }
}
