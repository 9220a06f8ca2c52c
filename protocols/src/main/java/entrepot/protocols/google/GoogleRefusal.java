package entrepot.protocols.google;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.Header;
import entrepot.protocols.KeyMask;
import entrepot.protocols.RetryAfter;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** A supplier's error in Google's words; alone, or as the only element of a list. */
final class GoogleRefusal {

    private static final int MESSAGE_CHARS_MAX = 1000;

    /** Longer waits are of no use to anybody here. */
    private static final int DELAY_DIGITS_MAX = 9;

    /** Whose account it is, is the operator's business. */
    private static final Pattern PROJECT = Pattern.compile("\\bprojects/[^/\\s`'\"]+");

    private final int status;
    private final String word;
    private final String message;
    private String reason = "";
    private @Nullable String field;
    private @Nullable Duration delay;

    private GoogleRefusal(int status, JsonNode body) {
        JsonNode at = body.isArray() && !body.isEmpty() ? body.get(0) : body;
        JsonNode error = at.path("error");
        // In the middle of a stream the status stands in the error alone.
        this.status = status == 200 ? error.path("code").asInt(200) : status;
        this.word = text(error.path("status"));
        this.message = text(error.path("message"));
        for (JsonNode detail : error.path("details")) {
            detail(detail);
        }
    }

    private void detail(JsonNode detail) {
        String type = text(detail.path("@type"));
        switch (type.substring(type.lastIndexOf('.') + 1)) {
            case "ErrorInfo" -> reason = text(detail.path("reason"));
            case "RetryInfo" -> delay = duration(text(detail.path("retryDelay")));
            case "BadRequest" -> {
                String first = text(detail.path("fieldViolations").path(0).path("field"));
                field = first.isEmpty() ? null : first;
            }
            default -> {}
        }
    }

    static Failure read(int status, Header header, byte[] body) {
        JsonNode json;
        try {
            json = Json.read(body, Cause.SUPPLIER_FAILED);
        } catch (Failed notJson) {
            // A page of a proxy in between: nothing in it is meant for a caller.
            json = Json.object();
        }
        return new GoogleRefusal(status, json).failure(header);
    }

    static Failure read(JsonNode body) {
        return new GoogleRefusal(200, body).failure(_ -> null);
    }

    private Failure failure(Header header) {
        Cause cause = cause();
        String code = reason.isEmpty() ? word : reason;
        Duration wait = delay == null ? RetryAfter.read(header) : delay;
        String requestId = header.get("x-request-id");
        return new Failure(
                cause,
                message(cause),
                cause == Cause.INVALID_REQUEST ? field : null,
                null,
                code.isEmpty() ? null : KeyMask.mask(code),
                requestId == null ? header.get("x-goog-request-id") : requestId,
                wait);
    }

    private Cause cause() {
        String said = message.toLowerCase(Locale.ROOT);
        if (reason.startsWith("API_KEY_") || reason.startsWith("CREDENTIALS_")) {
            // Google says 400 for a key that it does not know.
            return Cause.SUPPLIER_REFUSED;
        }
        return switch (status) {
            case 400 -> invalid(said);
            // The caller's own key is fine: ours is not (401 and 403 are never passed on).
            case 401, 402, 403, 407 -> Cause.SUPPLIER_REFUSED;
            case 404 -> Cause.MODEL_NOT_FOUND;
            case 408, 504 -> Cause.TIMED_OUT;
            case 413 -> Cause.TOO_LARGE;
            case 429 -> Cause.SUPPLIER_LIMITED;
            case 503, 529 -> Cause.SUPPLIER_OVERLOADED;
            default -> byWord();
        };
    }

    private Cause invalid(String said) {
        if (said.contains("api key")) {
            return Cause.SUPPLIER_REFUSED;
        }
        if (said.contains("token count") && said.contains("exceed")) {
            return Cause.CONTEXT_TOO_LONG;
        }
        // Such as a region that Google does not serve, or billing that is off.
        return word.equals("FAILED_PRECONDITION") ? Cause.SUPPLIER_REFUSED : Cause.INVALID_REQUEST;
    }

    private Cause byWord() {
        return switch (word) {
            case "INVALID_ARGUMENT", "OUT_OF_RANGE" -> Cause.INVALID_REQUEST;
            case "UNAUTHENTICATED", "PERMISSION_DENIED" -> Cause.SUPPLIER_REFUSED;
            case "NOT_FOUND" -> Cause.MODEL_NOT_FOUND;
            case "RESOURCE_EXHAUSTED" -> Cause.SUPPLIER_LIMITED;
            case "UNAVAILABLE" -> Cause.SUPPLIER_OVERLOADED;
            case "DEADLINE_EXCEEDED" -> Cause.TIMED_OUT;
            default -> Cause.SUPPLIER_FAILED;
        };
    }

    private String message(Cause cause) {
        String masked = PROJECT.matcher(KeyMask.mask(message)).replaceAll("projects/***");
        String said =
                masked.length() > MESSAGE_CHARS_MAX
                        ? masked.substring(0, MESSAGE_CHARS_MAX) + "…"
                        : masked;
        return switch (cause) {
            case SUPPLIER_REFUSED ->
                    "The supplier refuses this system's account or credential (status %d%s)."
                            .formatted(status, reason.isEmpty() ? "" : ", " + reason);
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

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }

    /** JSON's form of google.protobuf.Duration, such as {@code 34.4s}. */
    private static @Nullable Duration duration(String text) {
        if (!text.matches("[0-9]{1," + DELAY_DIGITS_MAX + "}(\\.[0-9]{1,9})?s")) {
            return null;
        }
        var seconds = new BigDecimal(text.substring(0, text.length() - 1));
        return Duration.ofMillis(
                seconds.movePointRight(3).setScale(0, RoundingMode.CEILING).longValueExact());
    }
}
