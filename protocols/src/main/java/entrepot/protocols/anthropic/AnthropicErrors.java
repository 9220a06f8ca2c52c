package entrepot.protocols.anthropic;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Failure.Retry;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Failures as Anthropic says them: a status, headers, and {@code {"type": "error", "error": {type,
 * message}, "request_id"}} (platform.claude.com/docs/en/api/errors).
 */
public final class AnthropicErrors {

    /** Clients look for these words to know that they must shorten the conversation. */
    private static final String TOO_LONG = "prompt is too long";

    private AnthropicErrors() {}

    /**
     * A failure ready to be sent.
     *
     * @param headers without content type and length; for a storefront to add
     */
    public record Rendered(int status, Map<String, String> headers, byte[] body) {
        public Rendered {
            headers = Map.copyOf(headers);
        }
    }

    /** How one cause is said. */
    private record Words(int status, String type) {}

    /**
     * Renders a failure for a caller.
     *
     * @param requestId ours, for both the header and the body
     */
    public static Rendered write(Failure failure, String requestId) {
        var headers = new LinkedHashMap<>(headers(failure));
        headers.put("request-id", requestId);
        return new Rendered(
                words(failure.cause()).status(), headers, Json.write(body(failure, requestId)));
    }

    /** The error object alone, as it stands in the middle of a stream. */
    public static ObjectNode body(Failure failure, @Nullable String requestId) {
        ObjectNode body = Json.object().put("type", "error");
        ObjectNode error = body.putObject("error");
        error.put("type", words(failure.cause()).type()).put("message", message(failure));
        if (failure.code() != null) {
            error.put("code", failure.code());
        }
        switch (failure.cause()) {
            // Who set the limit: a caller of ours must not blame the supplier, nor the reverse.
            case LIMITED, BUDGET_EXCEEDED -> error.put("limited_by", "entrepot");
            case SUPPLIER_LIMITED -> error.put("limited_by", "supplier");
            default -> {}
        }
        if (requestId != null) {
            body.put("request_id", requestId);
        }
        return body;
    }

    private static String message(Failure failure) {
        String message = KeyMask.mask(failure.message());
        return failure.cause() != Cause.CONTEXT_TOO_LONG
                        || message.toLowerCase(Locale.ROOT).contains(TOO_LONG)
                ? message
                : TOO_LONG + ": " + message;
    }

    private static Map<String, String> headers(Failure failure) {
        var headers = new LinkedHashMap<String, String>();
        if (failure.retryAfter() != null) {
            long millis = Math.max(0, failure.retryAfter().toMillis());
            headers.put("retry-after", Long.toString((millis + 999) / 1000));
            headers.put("retry-after-ms", Long.toString(millis));
        }
        if (failure.cause().retry() == Retry.NEVER) {
            // Anthropic's clients retry 408, 409, 429 and 5xx unless they are told not to.
            headers.put("x-should-retry", "false");
        }
        return headers;
    }

    /**
     * Understands a supplier's refusal.
     *
     * @param header the value of a header by its lower-case name, or null
     * @param body of whatever content type
     */
    public static Failure read(int status, Header header, byte[] body) {
        return AnthropicRefusal.read(status, header, body);
    }

    /** An error object that came in the place of an answer, or in the middle of a stream. */
    public static Failure read(ObjectNode body) {
        return AnthropicRefusal.read(body);
    }

    private static Words words(Cause cause) {
        String invalid = "invalid_request_error";
        String server = "api_error";
        return switch (cause) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_FILTERED, UNSUPPORTED ->
                    new Words(400, invalid);
            case CONFLICT -> new Words(409, invalid);
            case UNAUTHENTICATED -> new Words(401, "authentication_error");
            case FORBIDDEN -> new Words(403, "permission_error");
            case NOT_FOUND, MODEL_NOT_FOUND -> new Words(404, "not_found_error");
            case TOO_LARGE -> new Words(413, "request_too_large");
            case LIMITED, SUPPLIER_LIMITED -> new Words(429, "rate_limit_error");
            case BUDGET_EXCEEDED -> new Words(402, "billing_error");
            case SUPPLIER_REFUSED, SUPPLIER_FAILED, UNREACHABLE -> new Words(502, server);
            // Anthropic's own word and status for being overloaded.
            case SUPPLIER_OVERLOADED -> new Words(529, "overloaded_error");
            case UNAVAILABLE -> new Words(503, "overloaded_error");
            case TIMED_OUT -> new Words(504, "timeout_error");
            // 499 is nginx's word for a client that left; no client will see it.
            case CANCELLED -> new Words(499, server);
            case INTERNAL -> new Words(500, server);
        };
    }
}
