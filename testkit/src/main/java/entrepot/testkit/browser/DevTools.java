package entrepot.testkit.browser;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls and their answers over one DevTools WebSocket. */
final class DevTools implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int CALL_SECONDS_MAX = 60;

    /**
     * What the browser says of a question whose page gave way to another before it was answered.
     */
    private static final List<String> LEFT =
            List.of(
                    "Inspected target navigated or closed",
                    "Execution context was destroyed",
                    "Cannot find context with specified id",
                    "Cannot find default execution context");

    private final HttpClient http;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> open = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private @Nullable WebSocket socket;

    private DevTools(HttpClient http) {
        this.http = http;
    }

    static DevTools connect(URI address) throws InterruptedException {
        var tools = new DevTools(HttpClient.newHttpClient());
        tools.socket =
                join(tools.http.newWebSocketBuilder().buildAsync(address, tools.new Listener()));
        for (String domain : List.of("Page.enable", "Runtime.enable", "Log.enable")) {
            tools.call(domain, JSON.createObjectNode());
        }
        return tools;
    }

    JsonNode call(String method, ObjectNode parameters) throws InterruptedException {
        WebSocket connected = socket;
        if (connected == null) {
            throw new IllegalStateException("not connected");
        }
        int id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        open.put(id, answer);
        ObjectNode call = JSON.createObjectNode().put("id", id).put("method", method);
        call.set("params", parameters);
        join(connected.sendText(call.toString(), true));
        JsonNode said = join(answer);
        String error = said.path("error").path("message").asString("");
        if (LEFT.stream().anyMatch(error::contains)) {
            throw new PageLeft(method + ": " + error);
        }
        if (said.has("error")) {
            throw new IllegalStateException(method + ": " + said.path("error"));
        }
        return said.path("result");
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void heard(JsonNode message) {
        if (message.has("id")) {
            CompletableFuture<JsonNode> waiting = open.remove(message.path("id").asInt());
            if (waiting != null) {
                waiting.complete(message);
            }
            return;
        }
        String method = message.path("method").asString();
        if (method.equals("Runtime.exceptionThrown")) {
            complaints.add(message.path("params").path("exceptionDetails").toString());
        } else if (method.equals("Log.entryAdded")
                && message.path("params").path("entry").path("level").asString().equals("error")) {
            complaints.add(message.path("params").path("entry").path("text").asString());
        }
    }

    private static <T> T join(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(CALL_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the browser does not answer", e);
        }
    }

    @Override
    public void close() {
        WebSocket connected = socket;
        if (connected != null) {
            connected.abort();
        }
        http.shutdownNow();
    }

    /** The page that was asked has given way to another. */
    static final class PageLeft extends IllegalStateException {

        private static final long serialVersionUID = 1L;

        PageLeft(String message) {
            super(message);
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(JSON.readTree(text.toString()));
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
