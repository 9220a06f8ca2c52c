package entrepot.protocols.google;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Failures as Google's interfaces say them: {@code {"error": {code, message, status, details}}}
 * (google.rpc.Status, AIP-193). What no word of Google's says stands in the details, in an {@code
 * ErrorInfo} of the domain {@code entrepot}.
 */
public final class GoogleErrors {

    private static final String TYPES = "type.googleapis.com/google.rpc.";

    private GoogleErrors() {}

    /** How one cause is said. */
    private record Words(int code, String status) {}

    /** The HTTP status of a failure. */
    public static int status(Failure failure) {
        return words(failure.cause()).code();
    }

    /** The body of a failure, also as it stands in the middle of a stream. */
    public static ObjectNode body(Failure failure) {
        Words words = words(failure.cause());
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("code", words.code());
        error.put("message", KeyMask.mask(failure.message()));
        error.put("status", words.status());
        ArrayNode details = error.putArray("details");
        ObjectNode info =
                details.addObject()
                        .put("@type", TYPES + "ErrorInfo")
                        .put("reason", reason(failure))
                        .put("domain", "entrepot");
        switch (failure.cause()) {
            // Who set the limit: a caller of ours must not blame the supplier, nor the reverse.
            case LIMITED, BUDGET_EXCEEDED ->
                    info.putObject("metadata").put("limited_by", "entrepot");
            case SUPPLIER_LIMITED -> info.putObject("metadata").put("limited_by", "supplier");
            default -> {}
        }
        if (failure.param() != null) {
            ObjectNode bad = details.addObject().put("@type", TYPES + "BadRequest");
            bad.putArray("fieldViolations")
                    .addObject()
                    .put("field", failure.param())
                    .put("description", KeyMask.mask(failure.message()));
        }
        if (failure.retryAfter() != null) {
            long millis = Math.max(0, failure.retryAfter().toMillis());
            details.addObject()
                    .put("@type", TYPES + "RetryInfo")
                    .put("retryDelay", seconds(millis) + "s");
        }
        return body;
    }

    /**
     * Understands a supplier's refusal.
     *
     * @param body of whatever content type
     */
    public static Failure read(int status, Header header, byte[] body) {
        return GoogleRefusal.read(status, header, body);
    }

    /** An error that came in the place of an answer, or in the middle of a stream. */
    public static Failure read(JsonNode body) {
        return GoogleRefusal.read(body);
    }

    /** Whether a body is an error: an object with one, or a list of which the first is one. */
    public static boolean isError(JsonNode body) {
        JsonNode at = body.isArray() && !body.isEmpty() ? body.get(0) : body;
        return at.path("error").isObject();
    }

    private static String reason(Failure failure) {
        return failure.code() == null ? failure.cause().name() : failure.code();
    }

    /** JSON's form of google.protobuf.Duration: seconds with a fraction. */
    private static String seconds(long millis) {
        return millis % 1000 == 0
                ? Long.toString(millis / 1000)
                : "%d.%03d".formatted(millis / 1000, millis % 1000);
    }

    private static Words words(Cause cause) {
        return switch (cause) {
            case INVALID_REQUEST, UNSUPPORTED, CONTEXT_TOO_LONG, CONTENT_FILTERED ->
                    new Words(400, "INVALID_ARGUMENT");
            case UNAUTHENTICATED -> new Words(401, "UNAUTHENTICATED");
            case FORBIDDEN -> new Words(403, "PERMISSION_DENIED");
            case NOT_FOUND, MODEL_NOT_FOUND -> new Words(404, "NOT_FOUND");
            case CONFLICT -> new Words(409, "ABORTED");
            case TOO_LARGE -> new Words(413, "INVALID_ARGUMENT");
            case LIMITED, BUDGET_EXCEEDED, SUPPLIER_LIMITED -> new Words(429, "RESOURCE_EXHAUSTED");
            case SUPPLIER_REFUSED, SUPPLIER_FAILED, UNREACHABLE -> new Words(502, "UNAVAILABLE");
            case SUPPLIER_OVERLOADED, UNAVAILABLE -> new Words(503, "UNAVAILABLE");
            case TIMED_OUT -> new Words(504, "DEADLINE_EXCEEDED");
            case CANCELLED -> new Words(499, "CANCELLED");
            case INTERNAL -> new Words(500, "INTERNAL");
        };
    }
}
