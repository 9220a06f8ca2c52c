package entrepot.runtime.tools.mcp;

import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpError;
import entrepot.protocols.mcp.McpMessage;
import entrepot.protocols.mcp.McpTool;
import entrepot.protocols.mcp.McpVersions;
import entrepot.protocols.mcp.ParamHeaders;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Speaks with one server. Finds out which revision it speaks, remembers its tools while they are
 * fresh, and begins anew when the server has forgotten the session: a request that is refused for
 * that reason was not acted on, so it is sent once more.
 */
final class McpClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(McpClient.class);
    private static final int PAGES_MAX = 50;
    private static final int INPUT_ROUNDS_MAX = 8;
    private static final long TELL_MILLIS_MAX = 5_000;
    private static final long FRESH_MILLIS_MAX = 3_600_000;

    private final Wire wire;
    private final McpSettings settings;
    private final InstantSource clock;
    private final Inputs inputs;
    private final @Nullable String onlyVersion;
    private final AtomicLong ids = new AtomicLong();
    private final ReentrantLock opening = new ReentrantLock();
    private final Hearing hearing = new Hearing();
    private volatile @Nullable McpSession session;
    private volatile @Nullable Listed listed;

    /** The tools of a server, and until when they are believed. */
    private record Listed(List<McpTool> tools, long untilMillis) {}

    /** The server does not know the session, or no longer speaks the revision. */
    private static final class Gone extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param onlyVersion the revision to speak; null to find out
     */
    McpClient(
            Wire wire,
            McpSettings settings,
            InstantSource clock,
            Inputs inputs,
            @Nullable String onlyVersion) {
        this.wire = wire;
        this.settings = settings;
        this.clock = clock;
        this.inputs = inputs;
        this.onlyVersion = onlyVersion;
    }

    /** What the server offers; asked again when that is no longer fresh. */
    List<McpTool> tools() throws WireFailed, McpRefused, InterruptedException {
        Listed known = listed;
        if (known != null && clock.millis() < known.untilMillis()) {
            return known.tools();
        }
        hearing.changed = false;
        List<McpTool> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long freshMillis = settings.freshMillis();
        String cursor = null;
        for (int page = 0; page < PAGES_MAX; page++) {
            ObjectNode params = Json.object();
            if (cursor != null) {
                params.put("cursor", cursor);
            }
            ObjectNode result = ask("tools/list", params, null, Map.of(), settings.listMillisMax());
            for (JsonNode each : result.path("tools")) {
                read(each)
                        .filter(tool -> tools.size() < settings.toolsMax())
                        .filter(tool -> names.add(tool.name()))
                        .ifPresent(tools::add);
            }
            if (result.path("ttlMs").isIntegralNumber()) {
                freshMillis = Math.clamp(result.path("ttlMs").longValue(), 0, FRESH_MILLIS_MAX);
            }
            cursor = result.path("nextCursor").asString("");
            if (cursor.isEmpty() || tools.size() >= settings.toolsMax()) {
                break;
            }
        }
        listed = new Listed(List.copyOf(tools), clock.millis() + freshMillis);
        return List.copyOf(tools);
    }

    private static Optional<McpTool> read(JsonNode json) {
        try {
            McpTool tool = McpTool.read(json);
            if (tool.isNamed()) {
                return Optional.of(tool);
            }
            LOG.warn("a tool is left out: its name must have 1 to 128 characters");
        } catch (ParamHeaders.Malformed e) {
            LOG.warn(
                    "tool {} is left out: {}",
                    json.path("name").asString("").replaceAll("\\p{Cntrl}", " "),
                    e.getMessage());
        }
        return Optional.empty();
    }

    /**
     * Uses a tool.
     *
     * @param meta what to send as {@code _meta}
     * @return a {@code CallToolResult}
     */
    ObjectNode call(String name, ObjectNode arguments, Map<String, JsonNode> meta)
            throws WireFailed, McpRefused, InterruptedException {
        try {
            return callOnce(name, arguments, meta);
        } catch (McpRefused e) {
            if (e.error().code() != McpError.HEADER_MISMATCH) {
                throw e;
            }
            listed = null; // What is to be repeated in headers has changed; it was not acted on.
            return callOnce(name, arguments, meta);
        }
    }

    private ObjectNode callOnce(String name, ObjectNode arguments, Map<String, JsonNode> meta)
            throws WireFailed, McpRefused, InterruptedException {
        Map<String, String> headers = Map.of();
        for (McpTool tool : session().isModern() ? tools() : List.<McpTool>of()) {
            if (tool.name().equals(name)) {
                headers = tool.headers().values(arguments);
            }
        }
        ObjectNode params = Json.object().put("name", name);
        params.set("arguments", arguments);
        for (int round = 0; round < INPUT_ROUNDS_MAX; round++) {
            ObjectNode asked = params.deepCopy();
            if (!meta.isEmpty()) {
                asked.putObject("_meta").setAll(meta);
            }
            ObjectNode result = ask("tools/call", asked, name, headers, settings.callMillisMax());
            if (!result.path("resultType").asString("").equals("input_required")) {
                return result;
            }
            answer(result, params);
        }
        throw new WireFailed(true, "It asked for more input each time it was given some.");
    }

    /** Adds what the server asked for to the parameters of the request. */
    private void answer(ObjectNode result, ObjectNode params) throws McpRefused {
        params.remove(List.of("inputResponses", "requestState"));
        if (result.get("inputRequests") instanceof ObjectNode requests) {
            ObjectNode responses = params.putObject("inputResponses");
            for (Map.Entry<String, JsonNode> request : requests.properties()) {
                String method = request.getValue().path("method").asString("");
                ObjectNode asked =
                        request.getValue().get("params") instanceof ObjectNode given
                                ? given
                                : Json.object();
                Optional<ObjectNode> response = inputs.answer(method, asked);
                if (response.isEmpty()) {
                    throw new McpRefused(
                            McpError.of(
                                    McpError.INVALID_REQUEST,
                                    "It asks for " + method + ", which nobody here answers."));
                }
                responses.set(request.getKey(), response.get());
            }
        }
        if (result.path("requestState").isString()) {
            params.set("requestState", result.get("requestState"));
        }
    }

    private ObjectNode ask(
            String method,
            ObjectNode params,
            @Nullable String name,
            Map<String, String> headers,
            long millisMax)
            throws WireFailed, McpRefused, InterruptedException {
        try {
            return askIn(session(), method, params.deepCopy(), name, headers, millisMax);
        } catch (Gone gone) {
            try {
                return askIn(session(), method, params, name, headers, millisMax);
            } catch (Gone again) {
                throw new WireFailed(false, "It does not keep the session it has just begun.");
            }
        }
    }

    private ObjectNode askIn(
            McpSession in,
            String method,
            ObjectNode params,
            @Nullable String name,
            Map<String, String> more,
            long millisMax)
            throws WireFailed, McpRefused, Gone, InterruptedException {
        in.sign(params, inputs.capabilities());
        Map<String, String> headers = in.headers(method, name);
        headers.putAll(more);
        McpMessage.Request request = new McpMessage.Request(id(), method, params);
        try {
            Wire.Reply reply = wire.ask(request, headers, hearing, millisMax);
            if (hearing.changed) {
                listed = null;
            }
            return result(in, reply);
        } catch (InterruptedException e) {
            cancel(in, request);
            throw e;
        } catch (Gone e) {
            forget(in);
            throw e;
        }
    }

    /** Whether the two have yet to agree on a revision. */
    private static boolean isOfVersion(@Nullable McpError error) {
        return error != null && error.code() == McpError.UNSUPPORTED_VERSION;
    }

    private static ObjectNode result(McpSession in, Wire.Reply reply)
            throws WireFailed, McpRefused, Gone {
        if (reply.answer() instanceof McpMessage.Result result && reply.status() == 200) {
            return result.result();
        }
        McpError error = reply.answer() instanceof McpMessage.Problem it ? it.error() : null;
        if (isOfVersion(error) || isGone(in, reply.status(), error)) {
            throw new Gone();
        }
        if (error != null) {
            throw new McpRefused(error);
        }
        throw refused(reply.status());
    }

    private static boolean isGone(McpSession in, int status, @Nullable McpError error) {
        if (in.isModern()) {
            return (status == 400 || status == 404 || status == 405) && error == null;
        }
        boolean ofSession =
                error == null || error.message().toLowerCase(Locale.ROOT).contains("session");
        return in.id() != null && (status == 404 || (status == 400 && ofSession));
    }

    private static WireFailed refused(int status) {
        return switch (status) {
            case 401 ->
                    new WireFailed(
                            false,
                            "It wants a credential, or refuses the one it got (401): look at the"
                                    + " session's vaults.");
            case 403 -> new WireFailed(false, "It does not let this credential in (403).");
            case 429 -> new WireFailed(false, "It is asked too often (429).");
            default ->
                    new WireFailed(status >= 500 && status != 503, "It answered " + status + ".");
        };
    }

    private void cancel(McpSession in, McpMessage.Request request) {
        ObjectNode params = Json.object().put("reason", "not wanted any more");
        params.set("requestId", request.id());
        if (in.isModern()) {
            return; // The end of the connection says it.
        }
        Thread.ofVirtual()
                .name("mcp-cancel")
                .start(() -> {
                    try {
                        wire.tell(
                                new McpMessage.Notification("notifications/cancelled", params),
                                in.headers("notifications/cancelled", null),
                                TELL_MILLIS_MAX);
                    } catch (WireFailed e) {
                        LOG.debug("a cancellation was not heard: {}", e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private JsonNode id() {
        return JsonNodeFactory.instance.numberNode(ids.incrementAndGet());
    }

    private void forget(McpSession old) {
        opening.lock();
        try {
            if (old.equals(session)) {
                session = null;
                listed = null;
            }
        } finally {
            opening.unlock();
        }
    }

    /** How the server is spoken to; finds out when that is not known. */
    McpSession session() throws WireFailed, McpRefused, InterruptedException {
        McpSession known = session;
        if (known != null) {
            return known;
        }
        opening.lockInterruptibly();
        try {
            known = session;
            if (known == null) {
                known = open();
                session = known;
            }
            return known;
        } finally {
            opening.unlock();
        }
    }

    private McpSession open() throws WireFailed, McpRefused, InterruptedException {
        if (onlyVersion != null && !onlyVersion.equals(McpVersions.MODERN)) {
            return initialize(onlyVersion);
        }
        ObjectNode params = Json.object();
        McpSession.MODERN.sign(params, inputs.capabilities());
        Wire.Reply reply =
                wire.ask(
                        new McpMessage.Request(id(), "server/discover", params),
                        McpSession.MODERN.headers("server/discover", null),
                        hearing,
                        settings.listMillisMax());
        if (reply.answer() instanceof McpMessage.Result) {
            return McpSession.MODERN;
        }
        McpError error = reply.answer() instanceof McpMessage.Problem it ? it.error() : null;
        boolean canGoBack = onlyVersion == null;
        if (error != null && isOfVersion(error)) {
            String both = spokenByBoth(error);
            return both.equals(McpVersions.MODERN) ? McpSession.MODERN : initialize(both);
        }
        boolean isModern = error != null && error.isModern();
        boolean isRefused =
                reply.status() == 401
                        || reply.status() == 403
                        || reply.status() == 429
                        || reply.status() >= 500;
        if (canGoBack && !isModern && !isRefused) {
            return initialize(McpVersions.LEGACY);
        }
        if (error != null && !isRefused) {
            throw new McpRefused(error);
        }
        throw refused(reply.status());
    }

    /** The newest revision that both know. */
    private static String spokenByBoth(McpError error) throws WireFailed {
        JsonNode data = error.data();
        if (data != null) {
            for (String ours : McpVersions.ALL) {
                for (JsonNode theirs : data.path("supported")) {
                    if (theirs.asString("").equals(ours)) {
                        return ours;
                    }
                }
            }
        }
        throw new WireFailed(
                false,
                "It speaks no revision of MCP that is spoken here: " + McpVersions.ALL + ".");
    }

    private McpSession initialize(String version)
            throws WireFailed, McpRefused, InterruptedException {
        ObjectNode params = Json.object().put("protocolVersion", version);
        params.set("capabilities", inputs.capabilities());
        params.set("clientInfo", McpSession.client());
        Wire.Reply reply =
                wire.ask(
                        new McpMessage.Request(id(), "initialize", params),
                        Map.of(),
                        hearing,
                        settings.listMillisMax());
        if (reply.answer() instanceof McpMessage.Problem problem) {
            throw new McpRefused(problem.error());
        }
        if (!(reply.answer() instanceof McpMessage.Result result)) {
            throw refused(reply.status());
        }
        String spoken = result.result().path("protocolVersion").asString("");
        if (!McpVersions.LEGACIES.contains(spoken)) {
            throw new WireFailed(
                    false,
                    "It speaks no revision of MCP that is spoken here: " + McpVersions.ALL + ".");
        }
        McpSession begun = new McpSession(spoken, reply.sessionId());
        wire.tell(
                new McpMessage.Notification("notifications/initialized", Json.object()),
                begun.headers("notifications/initialized", null),
                settings.listMillisMax());
        return begun;
    }

    /** Ends the session, if the server keeps one. */
    @Override
    public void close() {
        McpSession known = session;
        if (known != null && known.id() != null) {
            wire.end(known.headers("", null));
        }
        wire.close();
    }

    /** What the server says of itself while it is asked something. */
    private final class Hearing implements Wire.Listener {

        private volatile boolean changed;

        @Override
        public void told(McpMessage.Notification notification) {
            if (notification.method().equals("notifications/tools/list_changed")) {
                changed = true;
            }
        }

        @Override
        public Optional<McpMessage> asked(McpMessage.Request request) {
            Optional<ObjectNode> result =
                    request.method().equals("ping")
                            ? Optional.of(Json.object())
                            : inputs.answer(request.method(), request.params());
            return Optional.of(
                    result.<McpMessage>map(it -> new McpMessage.Result(request.id(), it))
                            .orElseGet(() ->
                                    new McpMessage.Problem(
                                            request.id(),
                                            McpError.of(
                                                    McpError.METHOD_NOT_FOUND,
                                                    "Nobody here answers "
                                                            + request.method()
                                                            + "."))));
        }
    }
}
