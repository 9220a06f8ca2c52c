package entrepot.gateway.agents;

import entrepot.conversation.Failure;
import entrepot.gateway.door.ErrorShape;
import entrepot.protocols.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.util.Objects;

/** Failures in the Agents API's words: status, {@code type} and {@code code} of each cause. */
public final class AgentErrors implements ErrorShape {

    /** How one cause is told. */
    private record Words(int status, String type, String code) {
        private Words(int status, String type) {
            this(status, type, type);
        }
    }

    @Override
    public int status(Failure failure) {
        return words(failure.cause()).status();
    }

    @Override
    public byte[] body(Failure failure) {
        ObjectNode json = Json.object();
        json.set("error", error(failure));
        return Json.write(json);
    }

    /** The inner object, which an {@code error} event carries too. */
    public static ObjectNode error(Failure failure) {
        Words words = words(failure.cause());
        return Json.object()
                .put("message", failure.message())
                .put("type", words.type())
                .put("code", Objects.requireNonNullElse(failure.code(), words.code()))
                .put("param", failure.param());
    }

    private static Words words(Failure.Cause cause) {
        return switch (cause) {
            case INVALID_REQUEST, CONTENT_FILTERED, UNSUPPORTED ->
                    new Words(400, "invalid_request_error");
            case CONTEXT_TOO_LONG ->
                    new Words(400, "invalid_request_error", "context_length_exceeded");
            case UNAUTHENTICATED -> new Words(401, "unauthorized");
            case FORBIDDEN -> new Words(403, "forbidden");
            case NOT_FOUND -> new Words(404, "not_found_error");
            case MODEL_NOT_FOUND -> new Words(404, "not_found_error", "model_not_found");
            case CONFLICT, CANCELLED -> new Words(409, "conflict_error");
            case TOO_LARGE -> new Words(413, "invalid_request_error", "request_too_large");
            case LIMITED, SUPPLIER_LIMITED ->
                    new Words(429, "rate_limit_error", "rate_limit_exceeded");
            case BUDGET_EXCEEDED -> new Words(429, "rate_limit_error", "insufficient_quota");
            case SUPPLIER_REFUSED, SUPPLIER_FAILED, UNREACHABLE ->
                    new Words(502, "internal_error", "upstream_error");
            case TIMED_OUT -> new Words(504, "internal_error", "timeout");
            case SUPPLIER_OVERLOADED ->
                    new Words(503, "service_unavailable_error", "server_is_overloaded");
            case UNAVAILABLE -> new Words(503, "service_unavailable_error");
            case INTERNAL -> new Words(500, "internal_error");
        };
    }
}
