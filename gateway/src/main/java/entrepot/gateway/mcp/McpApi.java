package entrepot.gateway.mcp;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Route;
import entrepot.http.BodyWriter;
import entrepot.http.Headers;
import entrepot.http.sse.SseWriter;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;
import entrepot.protocols.mcp.McpMeta;
import entrepot.protocols.mcp.McpVersions;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The one endpoint of MCP's streamable HTTP. What is quick is answered as JSON; a call that tells
 * of its progress is answered as a stream of events, with a comment as a sign of life.
 */
public final class McpApi {

    public static final String PATH = "/mcp";

    private static final McpErrors ERRORS = new McpErrors();
    private static final Set<String> OWN_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final long LIST_FRESH_MILLIS = 60_000;
    private static final ObjectNode SERVER =
            McpMeta.implementation("entrepot", "Entrepot", "0.1.0");

    private final McpService service;

    public McpApi(McpService service) {
        this.service = service;
    }

    public List<Route> routes() {
        return List.of(new Route("POST", PATH, Caller.Scope.AGENTS, ERRORS, this::answer));
    }

    private void answer(Call call) throws InterruptedException {
        checkOrigin(call);
        McpMessage message = McpMessage.read(call.body(), Failure.Cause.INVALID_REQUEST);
        switch (message) {
            case McpMessage.Request request -> answer(call, request);
            case McpMessage.Notification told -> call.respond(202, Headers.NONE, new byte[0]);
            // Nobody was asked anything; an answer is no harm.
            case McpMessage.Result result -> call.respond(202, Headers.NONE, new byte[0]);
            case McpMessage.Problem problem -> call.respond(202, Headers.NONE, new byte[0]);
        }
    }

    /**
     * A page of somebody else's must not reach this server through a name that it has made to point
     * here: only pages of this machine may call it from a browser, and only under its own names.
     */
    private static void checkOrigin(Call call) {
        String origin = call.header("origin");
        if (origin == null) {
            return;
        }
        String host = call.header("host");
        if (!isOwn(origin) || (host != null && !isOwn("http://" + host))) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.FORBIDDEN,
                            "The Origin '"
                                    + origin
                                    + "' may not call this server from a browser."));
        }
    }

    private static boolean isOwn(String origin) {
        try {
            String host = new URI(origin).getHost();
            return host != null && OWN_HOSTS.contains(host.toLowerCase(Locale.ROOT));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void answer(Call call, McpMessage.Request request) throws InterruptedException {
        try {
            Asked asked = Asked.of(request, call);
            switch (request.method()) {
                case "server/discover" -> respond(call, asked, discover(asked));
                case "initialize" -> respond(call, asked, initialize(asked));
                case "ping" -> respond(call, asked, ping(asked));
                case "tools/list" -> respond(call, asked, tools(call, asked));
                case "tools/call" -> use(call, asked);
                default -> throw unknown(asked);
            }
        } catch (Asked.Refused refused) {
            respond(call, refused.status(), new McpMessage.Problem(request.id(), refused.error()));
        }
    }

    private static Asked.Refused unknown(Asked asked) {
        return new Asked.Refused(
                asked.isModern() ? 404 : 200,
                McpError.of(
                        McpError.METHOD_NOT_FOUND,
                        "Method not found: " + asked.request().method()));
    }

    private static void respond(Call call, int status, McpMessage message) {
        call.respond(status, Headers.of("content-type", "application/json"), message.write());
    }

    private static void respond(Call call, Asked asked, ObjectNode result) {
        respond(call, 200, new McpMessage.Result(asked.request().id(), result));
    }

    private ObjectNode discover(Asked asked) throws Asked.Refused {
        if (!asked.isModern()) {
            throw unknown(asked);
        }
        ObjectNode result = complete(Json.object());
        McpVersions.ALL.forEach(result.putArray("supportedVersions")::add);
        result.putObject("capabilities").putObject("tools");
        result.put("instructions", service.instructions());
        return result.put("ttlMs", LIST_FRESH_MILLIS).put("cacheScope", "public");
    }

    private ObjectNode initialize(Asked asked) throws Asked.Refused {
        if (asked.isModern()) {
            throw unknown(asked);
        }
        String wanted = asked.request().params().path("protocolVersion").asString("");
        ObjectNode result =
                Json.object()
                        .put(
                                "protocolVersion",
                                McpVersions.LEGACIES.contains(wanted)
                                        ? wanted
                                        : McpVersions.LEGACY);
        result.putObject("capabilities").putObject("tools");
        result.set("serverInfo", SERVER.deepCopy());
        return result.put("instructions", service.instructions());
    }

    private static ObjectNode ping(Asked asked) throws Asked.Refused {
        if (asked.isModern()) {
            throw unknown(asked);
        }
        return Json.object();
    }

    private ObjectNode tools(Call call, Asked asked) {
        ObjectNode result = Json.object();
        result.set("tools", service.tools(call.caller()));
        return asked.isModern()
                ? complete(result).put("ttlMs", LIST_FRESH_MILLIS).put("cacheScope", "private")
                : result;
    }

    private static ObjectNode complete(ObjectNode result) {
        McpMeta.in(result).set(McpMeta.SERVER, SERVER.deepCopy());
        return result.put("resultType", "complete");
    }

    private void use(Call call, Asked asked) throws Asked.Refused, InterruptedException {
        ObjectNode params = asked.request().params();
        JsonNode name = params.path("name");
        JsonNode arguments = params.path("arguments");
        if (!name.isString() || !(arguments.isMissingNode() || arguments.isObject())) {
            throw invalid("name must be a string, and arguments an object.");
        }
        Telling telling = new Telling(call, McpMeta.of(params).get("progressToken"));
        McpService.Use use =
                new McpService.Use(
                        call.caller(),
                        name.stringValue(),
                        arguments instanceof ObjectNode object ? object : Json.object(),
                        McpMeta.of(params).path("entrepot/idempotencyKey").asString(""),
                        telling);
        try (telling) {
            ObjectNode result = service.call(use);
            telling.end(
                    new McpMessage.Result(
                            asked.request().id(), asked.isModern() ? complete(result) : result));
        } catch (McpService.Unknown e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Asked.Refused invalid(String why) {
        return new Asked.Refused(200, McpError.of(McpError.INVALID_PARAMS, why));
    }

    /** How one call is answered: as JSON, or as a stream from the first sign of life on. */
    private static final class Telling implements McpService.Progress, AutoCloseable {

        private final Call call;
        private final @Nullable JsonNode token;
        private @Nullable BodyWriter stream;
        private int told;

        private Telling(Call call, @Nullable JsonNode token) {
            this.call = call;
            this.token = token;
        }

        @Override
        public void told(String message) throws InterruptedException {
            BodyWriter open = stream();
            if (token == null || message.isEmpty()) {
                open.write(SseWriter.comment("still at it"));
                return;
            }
            ObjectNode params = Json.object().put("progress", ++told).put("message", message);
            params.set("progressToken", token);
            write(open, new McpMessage.Notification("notifications/progress", params));
        }

        private BodyWriter stream() {
            BodyWriter open = stream;
            if (open == null) {
                open =
                        call.open(
                                200,
                                Headers.of(
                                        "content-type",
                                        "text/event-stream",
                                        "cache-control",
                                        "no-store",
                                        "x-accel-buffering",
                                        "no"));
                stream = open;
            }
            return open;
        }

        private static void write(BodyWriter to, McpMessage message) throws InterruptedException {
            to.write(
                    SseWriter.event(
                            "message", new String(message.write(), StandardCharsets.UTF_8)));
        }

        void end(McpMessage message) throws InterruptedException {
            BodyWriter open = stream;
            if (open == null) {
                respond(call, 200, message);
            } else {
                write(open, message);
            }
        }

        @Override
        public void close() {
            if (stream != null) {
                stream.close();
            }
        }
    }
}
