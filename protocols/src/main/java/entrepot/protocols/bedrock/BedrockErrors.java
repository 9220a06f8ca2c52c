package entrepot.protocols.bedrock;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Frame;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.RetryAfter;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Failures as Bedrock says them: a status, the exception's name in {@code x-amzn-errortype}, and
 * {@code {"message": …}}; within a stream an exception frame of the name (bedrock-runtime,
 * ConverseStreamOutput).
 */
public final class BedrockErrors {

    private static final String TYPE = "x-amzn-errortype";
    private static final int MESSAGE_CHARS_MAX = 1000;

    /** The exceptions that a stream may end with; everything else is one of these there. */
    private static final Set<String> IN_STREAM =
            Set.of(
                    "InternalServerException",
                    "ModelStreamErrorException",
                    "ValidationException",
                    "ThrottlingException",
                    "ServiceUnavailableException");

    private BedrockErrors() {}

    /**
     * A failure ready to be sent.
     *
     * @param headers without content type and length
     */
    public record Rendered(int status, Map<String, String> headers, byte[] body) {
        public Rendered {
            headers = Map.copyOf(headers);
        }
    }

    private record Words(int status, String name) {}

    /** Renders a failure for a caller. */
    public static Rendered write(Failure failure) {
        Words words = words(failure);
        var headers = new LinkedHashMap<String, String>();
        headers.put(TYPE, words.name());
        if (failure.retryAfter() != null) {
            long millis = Math.max(0, failure.retryAfter().toMillis());
            headers.put("retry-after", Long.toString((millis + 999) / 1000));
        }
        return new Rendered(words.status(), headers, body(failure));
    }

    /** The last frame of a stream that broke. */
    public static Frame frame(Failure failure) {
        String name = words(failure).name();
        String said =
                IN_STREAM.contains(name)
                        ? name
                        : switch (failure.cause().retry()) {
                            case NEVER -> "ValidationException";
                            case OTHER, SAME, AFTER -> "ModelStreamErrorException";
                        };
        String type = said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1);
        return new Frame(Frame.Kind.EXCEPTION, type, body(failure));
    }

    private static byte[] body(Failure failure) {
        return Json.write(Json.object().put("message", KeyMask.mask(failure.message())));
    }

    private static Words words(Failure failure) {
        return switch (failure.cause()) {
            case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_FILTERED, UNSUPPORTED ->
                    new Words(400, "ValidationException");
            case UNAUTHENTICATED -> new Words(403, unauthenticated(failure.code()));
            case FORBIDDEN -> new Words(403, "AccessDeniedException");
            case NOT_FOUND, MODEL_NOT_FOUND -> new Words(404, "ResourceNotFoundException");
            case CONFLICT -> new Words(400, "ConflictException");
            case TOO_LARGE -> new Words(413, "RequestEntityTooLargeException");
            case LIMITED, SUPPLIER_LIMITED -> new Words(429, "ThrottlingException");
            case BUDGET_EXCEEDED -> new Words(400, "ServiceQuotaExceededException");
            // Never 401 or 403: the caller's own credential is fine.
            case SUPPLIER_REFUSED, SUPPLIER_FAILED -> new Words(424, "ModelErrorException");
            case SUPPLIER_OVERLOADED, UNREACHABLE, UNAVAILABLE ->
                    new Words(503, "ServiceUnavailableException");
            case TIMED_OUT -> new Words(408, "ModelTimeoutException");
            case CANCELLED, INTERNAL -> new Words(500, "InternalServerException");
        };
    }

    /** Amazon's words for a credential it does not accept; clients refresh it on some of them. */
    private static String unauthenticated(@Nullable String code) {
        return code != null && code.endsWith("Exception") ? code : "UnrecognizedClientException";
    }

    /** Understands a supplier's refusal. */
    public static Failure read(int status, Header header, byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body, Cause.SUPPLIER_FAILED);
        } catch (Failed notJson) {
            // A page of a proxy in between: nothing in it is meant for a caller.
            json = Json.object();
        }
        String type = header.get(TYPE);
        String name = name(type == null ? json.path("__type").asString("") : type);
        Duration wait = RetryAfter.read(header);
        return failure(name, status, said(json), header.get("x-amzn-requestid"), wait);
    }

    /** Understands the exception that ends a stream. */
    public static Failure read(Frame exception) {
        JsonNode json;
        try {
            json = Json.read(exception.data(), Cause.SUPPLIER_FAILED);
        } catch (Failed notJson) {
            json = Json.object();
        }
        return failure(name(exception.name()), 0, said(json), null, null);
    }

    private static String said(JsonNode body) {
        String small = body.path("message").asString("");
        String large = body.path("Message").asString("");
        String original = body.path("originalMessage").asString("");
        String said = small.isEmpty() ? large : small;
        return original.isEmpty() ? said : said + " (" + original + ")";
    }

    /** {@code ValidationException:http://…}, {@code com.amazon.coral#Name}, or the bare name. */
    private static String name(String type) {
        int colon = type.indexOf(':');
        String name = colon < 0 ? type : type.substring(0, colon);
        name = name.substring(name.indexOf('#') + 1);
        return name.isEmpty()
                ? ""
                : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
    }

    private static Failure failure(
            String name,
            int status,
            String said,
            @Nullable String requestId,
            @Nullable Duration retryAfter) {
        Cause cause = cause(name, status, said.toLowerCase(Locale.ROOT));
        String masked = KeyMask.mask(said);
        String shown =
                masked.length() > MESSAGE_CHARS_MAX
                        ? masked.substring(0, MESSAGE_CHARS_MAX) + "…"
                        : masked;
        return new Failure(
                cause,
                message(cause, name, status, shown),
                null,
                null,
                name.isEmpty() ? null : name,
                requestId,
                retryAfter);
    }

    private static Cause cause(String name, int status, String said) {
        return switch (name) {
            case "ValidationException" -> invalid(said);
            case "ResourceNotFoundException" -> Cause.MODEL_NOT_FOUND;
            case "ThrottlingException",
                    "TooManyRequestsException",
                    "ServiceQuotaExceededException" ->
                    Cause.SUPPLIER_LIMITED;
            case "ModelTimeoutException" -> Cause.TIMED_OUT;
            case "ServiceUnavailableException", "ModelNotReadyException" ->
                    Cause.SUPPLIER_OVERLOADED;
            case "InternalServerException",
                    "InternalFailure",
                    "ModelErrorException",
                    "ModelStreamErrorException" ->
                    Cause.SUPPLIER_FAILED;
            case "RequestEntityTooLargeException" -> Cause.TOO_LARGE;
            default ->
                    switch (status) {
                        case 400 -> invalid(said);
                        // The caller's own key is fine: ours is not.
                        case 401, 402, 403, 407 -> Cause.SUPPLIER_REFUSED;
                        case 404 -> Cause.MODEL_NOT_FOUND;
                        case 408, 504 -> Cause.TIMED_OUT;
                        case 413 -> Cause.TOO_LARGE;
                        case 429 -> Cause.SUPPLIER_LIMITED;
                        case 503 -> Cause.SUPPLIER_OVERLOADED;
                        default -> Cause.SUPPLIER_FAILED;
                    };
        };
    }

    private static Cause invalid(String said) {
        if (said.contains("too long")
                || said.contains("context window")
                || said.contains("too many input tokens")
                || said.contains("maximum context length")) {
            return Cause.CONTEXT_TOO_LONG;
        }
        return said.contains("model identifier is invalid")
                ? Cause.MODEL_NOT_FOUND
                : Cause.INVALID_REQUEST;
    }

    private static String message(Cause cause, String name, int status, String said) {
        String why = said.isEmpty() ? "." : ": " + said;
        return switch (cause) {
            case SUPPLIER_REFUSED ->
                    "The supplier refuses this system's account or credential (status %d%s)."
                            .formatted(status, name.isEmpty() ? "" : ", " + KeyMask.mask(name));
            case SUPPLIER_LIMITED -> "The supplier limits how often it is called" + why;
            case SUPPLIER_OVERLOADED -> "The supplier is overloaded" + why;
            case SUPPLIER_FAILED ->
                    "The supplier failed" + (status == 0 ? "" : " with status " + status) + why;
            case TIMED_OUT -> "The supplier took too long" + why;
            default -> said.isEmpty() ? "The supplier refused with status " + status + "." : said;
        };
    }
}
