package entrepot.runtime.tools.mcp;

import entrepot.conversation.Failure.Cause;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;
import entrepot.protocols.mcp.McpVersions;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An MCP server on a port of this machine, with the moods of real ones. */
final class FakeServer implements AutoCloseable {

    final List<McpMessage.Request> asked = new CopyOnWriteArrayList<>();
    final List<Headers> headers = new CopyOnWriteArrayList<>();
    final AtomicInteger sessions = new AtomicInteger();
    volatile boolean modern = true;
    volatile String token = "";
    volatile boolean breaks;
    volatile String listed =
            "[{\"name\":\"look\",\"description\":\"Looks\",\"annotations\":{\"readOnlyHint\":true},"
                + "\"inputSchema\":{\"type\":\"object\"}},{\"name\":\"set\",\"annotations\":"
                + "{\"idempotentHint\":true},\"inputSchema\":{\"type\":\"object\",\"properties\":"
                + "{\"zone\":{\"type\":\"string\",\"x-mcp-header\":\"Zone\"}}}},"
                + "{\"name\":\"send\",\"inputSchema\":{\"type\":\"object\"}}]";
    volatile String answer = "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
    volatile String notification = "";

    private final HttpServer server = HttpServer.start(ServerSettings.loopback(0), this::handle);

    String url() {
        return "http://127.0.0.1:" + server.port() + "/mcp";
    }

    /** Forgets every session, as a server does that was started anew. */
    void restart() {
        sessions.incrementAndGet();
    }

    List<String> methods() {
        return asked.stream().map(McpMessage.Request::method).toList();
    }

    private void handle(Exchange exchange) throws InterruptedException {
        headers.add(exchange.headers());
        if (!token.isEmpty()
                && !("Bearer " + token).equals(exchange.headers().get("authorization"))) {
            exchange.respond(401, Headers.NONE, new byte[0]);
            return;
        }
        if (exchange.method().equals("DELETE")) {
            exchange.respond(200, Headers.NONE, new byte[0]);
            return;
        }
        switch (McpMessage.read(exchange.body(), Cause.INVALID_REQUEST)) {
            case McpMessage.Request request -> {
                asked.add(request);
                answer(exchange, request);
            }
            case McpMessage message -> exchange.respond(202, Headers.NONE, new byte[0]);
        }
    }

    private void answer(Exchange exchange, McpMessage.Request request) throws InterruptedException {
        String version = exchange.headers().get("mcp-protocol-version");
        if (McpVersions.MODERN.equals(version) != modern
                && !request.method().equals("initialize")) {
            exchange.respond(400, Headers.NONE, bytes("Bad Request"));
            return;
        }
        if (request.method().equals("initialize")) {
            ObjectNode result = Json.object().put("protocolVersion", McpVersions.LEGACY);
            result.putObject("capabilities");
            result.putObject("serverInfo").put("name", "fake").put("version", "1");
            respond(
                    exchange,
                    Headers.of("mcp-session-id", "s" + sessions.get()),
                    new McpMessage.Result(request.id(), result));
            return;
        }
        String session = exchange.headers().get("mcp-session-id");
        if (!modern && !("s" + sessions.get()).equals(session)) {
            exchange.respond(404, Headers.NONE, new byte[0]);
            return;
        }
        switch (request.method()) {
            case "server/discover" -> result(exchange, request, "{\"supportedVersions\":[]}");
            case "tools/list" -> result(exchange, request, "{\"tools\":" + listed + "}");
            case "tools/call" -> call(exchange, request);
            default ->
                    respond(
                            exchange,
                            Headers.NONE,
                            new McpMessage.Problem(
                                    request.id(), McpError.of(McpError.METHOD_NOT_FOUND, "no")));
        }
    }

    private void call(Exchange exchange, McpMessage.Request request) throws InterruptedException {
        if (breaks) {
            var body = exchange.open(200, Headers.of("content-type", "text/event-stream"));
            body.write(bytes(": hm\n\n"));
            body.abort();
            return;
        }
        if (!notification.isEmpty()) {
            try (var body = exchange.open(200, Headers.of("content-type", "text/event-stream"))) {
                body.write(bytes("data: " + notification + "\n\n"));
                var result = new McpMessage.Result(request.id(), object(answer));
                body.write(bytes("data: " + Json.read(result.write(), Cause.INTERNAL) + "\n\n"));
            }
            return;
        }
        result(exchange, request, answer);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode object(String text) {
        return (ObjectNode) Json.read(text, Cause.INTERNAL);
    }

    private static void result(Exchange exchange, McpMessage.Request request, String result) {
        respond(exchange, Headers.NONE, new McpMessage.Result(request.id(), object(result)));
    }

    private static void respond(Exchange exchange, Headers headers, McpMessage message) {
        exchange.respond(200, headers.plus("content-type", "application/json"), message.write());
    }

    @Override
    public void close() {
        server.close();
    }
}
