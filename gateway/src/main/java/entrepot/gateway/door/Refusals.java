package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;

/** What is said to a request that is not as it should be; each names the member at fault. */
public final class Refusals {

    private Refusals() {}

    public static Failed missing(String param) {
        return invalid(
                "missing_required_parameter",
                "Missing required parameter: '" + param + "'.",
                param);
    }

    public static Failed wrongType(String param, String expected, String actual) {
        return invalid(
                "invalid_type",
                "Invalid type for '"
                        + param
                        + "': expected "
                        + expected
                        + ", but got "
                        + actual
                        + ".",
                param);
    }

    public static Failed unknown(String param, String known) {
        return invalid(
                "unknown_parameter",
                "Unknown parameter: '" + param + "'. Known here: " + known + ".",
                param);
    }

    /**
     * @param problem a sentence that says what the value must be
     */
    public static Failed value(String param, String problem) {
        return invalid("invalid_value", "Invalid value for '" + param + "': " + problem, param);
    }

    /**
     * A feature of the API that this server does not have.
     *
     * @param supported a sentence that says what may be sent instead
     */
    public static Failed unsupported(String param, String what, String supported) {
        return invalid(
                "unsupported_parameter",
                what + " is not supported by this server. " + supported,
                param);
    }

    public static Failed invalid(String code, String message, String param) {
        return new Failed(
                new Failure(Failure.Cause.INVALID_REQUEST, message, param, code, null, null, null));
    }

    public static Failed notFound() {
        return new Failed(Failure.of(Failure.Cause.NOT_FOUND, "Resource not found."));
    }
}
