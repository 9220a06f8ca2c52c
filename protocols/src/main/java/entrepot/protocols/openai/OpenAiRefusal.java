package entrepot.protocols.openai;

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

/** A supplier's error, from OpenAI or from one of the many that nearly say it like OpenAI. */
final class OpenAiRefusal {

    private static final int MESSAGE_CHARS_MAX = 1000;

    private final int status;
    private final String code;
    private final String type;
    private final String message;
    private final @Nullable String param;

    private OpenAiRefusal(int status, JsonNode body) {
        JsonNode error = error(body);
        String code = word(error.path("code"));
        // OpenRouter says the status as the code, also in the middle of a stream.
        this.status = status == 200 && isStatus(code) ? Integer.parseInt(code) : status;
        String inner = word(error.path("innererror").path("code"));
        this.code = inner.isEmpty() ? code : inner;
        this.type = word(error.path("type"));
        this.param = error.path("param").isString() ? error.path("param").stringValue() : null;
        String raw = word(error.path("metadata").path("raw"));
        String said = error.isString() ? error.stringValue() : word(error.path("message"));
        this.message = said.isEmpty() ? word(error.path("detail")) : said + separated(raw);
    }

    static Failure read(int status, Header header, byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body, Cause.SUPPLIER_FAILED);
        } catch (Failed notJson) {
            // A page of a proxy in between: nothing in it is meant for a caller.
            json = Json.object();
        }
        String id = header.get("x-request-id");
        return new OpenAiRefusal(status, json)
                .failure(id == null ? header.get("apim-request-id") : id, RetryAfter.read(header));
    }

    static Failure read(ObjectNode body) {
        return new OpenAiRefusal(200, body).failure(null, null);
    }

    private Failure failure(@Nullable String requestId, @Nullable Duration retryAfter) {
        Cause cause = cause();
        boolean callers =
                switch (cause) {
                    case INVALID_REQUEST,
                            CONTEXT_TOO_LONG,
                            CONTENT_FILTERED,
                            MODEL_NOT_FOUND,
                            TOO_LARGE ->
                            true;
                    default -> false;
                };
        String supplierCode = code.isEmpty() ? (type.isEmpty() ? null : type) : code;
        return new Failure(
                cause,
                message(cause),
                callers ? param : null,
                cause == Cause.INVALID_REQUEST && !code.isEmpty() && !isStatus(code) ? code : null,
                supplierCode,
                requestId,
                retryAfter);
    }

    private Cause cause() {
        String about = (code + " " + type).toLowerCase(Locale.ROOT);
        String said = message.toLowerCase(Locale.ROOT);
        if (any(about, "insufficient_quota", "billing", "account_deactivated", "invalid_api_key")) {
            return Cause.SUPPLIER_REFUSED;
        }
        if (any(about, "context_length_exceeded")
                || any(said, "maximum context length", "context window", "context length")) {
            return Cause.CONTEXT_TOO_LONG;
        }
        if (any(about, "content_filter", "content_policy", "responsibleaipolicyviolation")) {
            return Cause.CONTENT_FILTERED;
        }
        if (any(about, "model_not_found", "deploymentnotfound")) {
            return Cause.MODEL_NOT_FOUND;
        }
        return status == 200 ? causeOfWords(about) : causeOfStatus();
    }

    private Cause causeOfStatus() {
        return switch (status) {
            case 400, 422 -> Cause.INVALID_REQUEST;
            // The caller's own key is fine: ours is not (401 and 403 are never passed on).
            case 401, 402, 403, 407 -> Cause.SUPPLIER_REFUSED;
            case 408, 504, 524 -> Cause.TIMED_OUT;
            case 413 -> Cause.TOO_LARGE;
            case 429 -> Cause.SUPPLIER_LIMITED;
            case 503, 529 -> Cause.SUPPLIER_OVERLOADED;
            default -> Cause.SUPPLIER_FAILED;
        };
    }

    private static Cause causeOfWords(String about) {
        if (any(about, "rate_limit")) {
            return Cause.SUPPLIER_LIMITED;
        }
        if (any(about, "overloaded", "unavailable")) {
            return Cause.SUPPLIER_OVERLOADED;
        }
        return any(about, "invalid_request") ? Cause.INVALID_REQUEST : Cause.SUPPLIER_FAILED;
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
                            .formatted(status, code.isEmpty() ? "" : ", " + KeyMask.mask(code));
            case SUPPLIER_LIMITED -> "The supplier limits how often it is called" + ended(said);
            case SUPPLIER_OVERLOADED -> "The supplier is overloaded" + ended(said);
            case SUPPLIER_FAILED ->
                    "The supplier failed"
                            + (status == 200 ? "" : " with status " + status)
                            + ended(said);
            case TIMED_OUT -> "The supplier took too long" + ended(said);
            default -> said.isEmpty() ? "The supplier refused with status " + status + "." : said;
        };
    }

    private static String ended(String said) {
        return said.isEmpty() ? "." : ": " + said;
    }

    private static String separated(String raw) {
        return raw.isEmpty() ? "" : " (" + raw + ")";
    }

    /** Where the error stands: OpenAI's place, Google's list, vLLM's and FastAPI's bare object. */
    private static JsonNode error(JsonNode body) {
        JsonNode at = body.isArray() && !body.isEmpty() ? body.get(0) : body;
        JsonNode error = at.path("error");
        return error.isObject() || error.isString() ? error : at;
    }

    private static String word(JsonNode node) {
        return node.isString() || node.isNumber() ? node.asString("") : "";
    }

    private static boolean isStatus(String code) {
        return code.matches("[45][0-9]{2}");
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
