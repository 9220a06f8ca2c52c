package entrepot.runtime.turn;

import entrepot.conversation.Failure;

/** The error codes of a failed turn: the Agents API's own, and some for what it has none for. */
public final class TurnError {

    public static final String STEPS = "turn_step_limit_exceeded";
    public static final String CALLS = "tool_call_limit_exceeded";
    public static final String TOOL_SERVER = "mcp_server_startup_failed";
    public static final String SESSION_BUDGET = "session_budget_exceeded";
    public static final String SANDBOX = "sandbox_error";
    public static final String OUTPUT = "max_output_tokens";
    public static final String INTERNAL = "internal_error";

    private TurnError() {}

    public static String code(Failure failure) {
        return switch (failure.cause()) {
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case BUDGET_EXCEEDED ->
                    SESSION_BUDGET.equals(failure.code()) ? SESSION_BUDGET : "usage_limit_exceeded";
            case LIMITED, SUPPLIER_LIMITED -> "rate_limit_exceeded";
            case SUPPLIER_OVERLOADED, UNAVAILABLE -> "server_overloaded";
            case SUPPLIER_FAILED -> "server_error";
            case UNREACHABLE -> "connection_failed";
            case TIMED_OUT -> "request_timeout";
            case UNAUTHENTICATED, FORBIDDEN, SUPPLIER_REFUSED -> "authentication_error";
            case NOT_FOUND, MODEL_NOT_FOUND -> "resource_not_found";
            case INVALID_REQUEST, CONFLICT, CONTENT_FILTERED, UNSUPPORTED -> "invalid_request";
            case TOO_LARGE -> OUTPUT.equals(failure.code()) ? OUTPUT : "invalid_request";
            case CANCELLED, INTERNAL -> INTERNAL;
        };
    }
}
