package entrepot.protocols.openai;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Failure.Retry;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Failures as OpenAI's interfaces say them: a status, headers, and {@code {"error": {…}}} with
 * message, type, param and code (openapi.yaml, ErrorResponse).
 */
public final class OpenAiErrors {

    private OpenAiErrors() {}

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
    private record Words(int status, String type, String code) {}

    /** Renders a failure for a caller. */
    public static Rendered write(Failure failure) {
        return new Rendered(
                words(failure.cause()).status(), headers(failure), Json.write(body(failure)));
    }

    /** The {@code {"error": …}} object alone, as it stands in the middle of a stream. */
    public static ObjectNode body(Failure failure) {
        Words words = words(failure.cause());
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("message", KeyMask.mask(failure.message()));
        error.put("type", words.type());
        error.put("param", failure.param());
        error.put("code", failure.code() == null ? words.code() : failure.code());
        switch (failure.cause()) {
            // Who set the limit: a caller of ours must not blame the supplier, nor the reverse.
            case LIMITED, BUDGET_EXCEEDED -> error.put("limited_by", "entrepot");
            case SUPPLIER_LIMITED -> error.put("limited_by", "supplier");
            default -> {}
        }
        return body;
    }

    private static Map<String, String> headers(Failure failure) {
        var headers = new LinkedHashMap<String, String>();
        if (failure.retryAfter() != null) {
            long millis = Math.max(0, failure.retryAfter().toMillis());
            headers.put("retry-after", Long.toString((millis + 999) / 1000));
            headers.put("retry-after-ms", Long.toString(millis));
        }
        if (failure.cause().retry() == Retry.NEVER) {
            // OpenAI's clients retry 408, 409, 429 and 5xx unless they are told not to.
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
        return OpenAiRefusal.read(status, header, body);
    }

    /** An error object that came in the place of an answer, or in the middle of a stream. */
    public static Failure read(ObjectNode body) {
        return OpenAiRefusal.read(body);
    }

    private static Words words(Cause cause) {
        String invalid = "invalid_request_error";
        String server = "server_error";
        return switch (cause) {
            case INVALID_REQUEST -> new Words(400, invalid, "invalid_request");
            case UNAUTHENTICATED -> new Words(401, invalid, "invalid_api_key");
            case FORBIDDEN -> new Words(403, "permission_error", "forbidden");
            case NOT_FOUND -> new Words(404, invalid, "not_found");
            case MODEL_NOT_FOUND -> new Words(404, invalid, "model_not_found");
            case CONFLICT -> new Words(409, invalid, "conflict");
            case TOO_LARGE -> new Words(413, invalid, "request_too_large");
            case CONTEXT_TOO_LONG -> new Words(400, invalid, "context_length_exceeded");
            case CONTENT_FILTERED -> new Words(400, invalid, "content_filter");
            case UNSUPPORTED -> new Words(400, invalid, "unsupported_parameter");
            case LIMITED -> new Words(429, "rate_limit_error", "rate_limit_exceeded");
            case BUDGET_EXCEEDED -> new Words(429, "insufficient_quota", "insufficient_quota");
            case SUPPLIER_LIMITED ->
                    new Words(429, "rate_limit_error", "supplier_rate_limit_exceeded");
            case SUPPLIER_REFUSED -> new Words(502, server, "supplier_refused");
            case SUPPLIER_OVERLOADED -> new Words(503, server, "supplier_overloaded");
            case SUPPLIER_FAILED -> new Words(502, server, "supplier_failed");
            case UNREACHABLE -> new Words(502, server, "supplier_unreachable");
            case TIMED_OUT -> new Words(504, server, "timed_out");
            case UNAVAILABLE -> new Words(503, server, "unavailable");
            // 499 is nginx's word for a client that left; no client will see it.
            case CANCELLED -> new Words(499, server, "cancelled");
            case INTERNAL -> new Words(500, server, "internal_error");
        };
    }
}
