package entrepot.protocols.mcp;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One message of JSON-RPC 2.0 as the protocol uses it: never in batches, parameters always an
 * object.
 */
public sealed interface McpMessage {

    /**
     * @param id a string or a whole number
     */
    record Request(JsonNode id, String method, ObjectNode params) implements McpMessage {}

    record Notification(String method, ObjectNode params) implements McpMessage {}

    record Result(JsonNode id, ObjectNode result) implements McpMessage {}

    /**
     * @param id null when the request could not be read
     */
    record Problem(@Nullable JsonNode id, McpError error) implements McpMessage {}

    /**
     * Reads one message.
     *
     * @param cause of the failure, should it be none: the caller's fault or the server's
     * @throws Failed which says what is wrong with it
     */
    static McpMessage read(byte[] bytes, Cause cause) {
        JsonNode json = Json.read(bytes, cause);
        if (!(json instanceof ObjectNode message)
                || !message.path("jsonrpc").asString("").equals("2.0")) {
            throw wrong(cause, "it must be an object with \"jsonrpc\": \"2.0\"");
        }
        JsonNode id = message.get("id");
        if (id != null && !id.isString() && !id.isIntegralNumber() && !id.isNull()) {
            throw wrong(cause, "its id must be a string or a whole number");
        }
        if (message.has("method")) {
            return asked(message, id, cause);
        }
        if (message.get("error") instanceof ObjectNode error) {
            return new Problem(
                    id == null || id.isNull() ? null : id,
                    new McpError(
                            error.path("code").asInt(McpError.INTERNAL),
                            error.path("message").asString(""),
                            error.get("data")));
        }
        if (id != null && !id.isNull() && message.get("result") instanceof ObjectNode result) {
            return new Result(id, result);
        }
        throw wrong(cause, "it must have a method, or an id with a result or an error");
    }

    private static McpMessage asked(ObjectNode message, @Nullable JsonNode id, Cause cause) {
        JsonNode given = message.get("params");
        if (!message.get("method").isString() || (given != null && !given.isObject())) {
            throw wrong(cause, "its method must be a string and its params an object");
        }
        ObjectNode params = given instanceof ObjectNode object ? object : Json.object();
        String method = message.get("method").stringValue();
        if (id == null) {
            return new Notification(method, params);
        }
        if (id.isNull()) {
            throw wrong(cause, "the id of a request must not be null");
        }
        return new Request(id, method, params);
    }

    private static Failed wrong(Cause cause, String why) {
        return new Failed(Failure.of(cause, "This is no message of MCP: " + why + "."));
    }

    /** An id as a key: two that are written alike have the same, a number and a text never. */
    static String key(JsonNode id) {
        return (id.isString() ? "'" : "") + id.asString();
    }

    /** The message as it is sent. */
    default byte[] write() {
        ObjectNode json = Json.object().put("jsonrpc", "2.0");
        switch (this) {
            case Request request -> {
                json.set("id", request.id());
                json.put("method", request.method()).set("params", request.params());
            }
            case Notification told ->
                    json.put("method", told.method()).set("params", told.params());
            case Result result -> {
                json.set("id", result.id());
                json.set("result", result.result());
            }
            case Problem problem -> {
                if (problem.id() != null) {
                    json.set("id", problem.id());
                }
                ObjectNode error =
                        json.putObject("error")
                                .put("code", problem.error().code())
                                .put("message", problem.error().message());
                if (problem.error().data() != null) {
                    error.set("data", problem.error().data());
                }
            }
        }
        return Json.write(json);
    }
}
