package entrepot.gateway.mcp;

import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.http.Headers;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;

/** Failures before a message was read: an error of JSON-RPC that answers no request. */
final class McpErrors implements ErrorShape {

    @Override
    public int status(Failure failure) {
        return switch (failure.cause()) {
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case NOT_FOUND, MODEL_NOT_FOUND -> 404;
            case LIMITED, SUPPLIER_LIMITED, BUDGET_EXCEEDED -> 429;
            case TOO_LARGE -> 413;
            case UNAVAILABLE, SUPPLIER_OVERLOADED -> 503;
            case INTERNAL, SUPPLIER_FAILED, UNREACHABLE, SUPPLIER_REFUSED, TIMED_OUT -> 500;
            case INVALID_REQUEST,
                    CONTENT_FILTERED,
                    UNSUPPORTED,
                    CONTEXT_TOO_LONG,
                    CONFLICT,
                    CANCELLED ->
                    400;
        };
    }

    @Override
    public byte[] body(Failure failure) {
        int code =
                "invalid_json".equals(failure.code())
                        ? McpError.PARSE
                        : status(failure) >= 500 ? McpError.INTERNAL : McpError.INVALID_REQUEST;
        return new McpMessage.Problem(null, McpError.of(code, failure.message())).write();
    }

    @Override
    public Headers marks(Call call, long processingMillis) {
        return Headers.NONE;
    }
}
