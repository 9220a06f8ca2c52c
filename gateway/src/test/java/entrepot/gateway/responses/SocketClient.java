package entrepot.gateway.responses;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of the WebSocket form, on the JDK's own WebSocket. */
final class SocketClient implements WebSocket.Listener, AutoCloseable {

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>(10_000);
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket socket;

    SocketClient(Shop shop, String key) {
        socket =
                http.newWebSocketBuilder()
                        .connectTimeout(Duration.ofSeconds(20))
                        .header("authorization", "Bearer " + key)
                        .buildAsync(
                                URI.create(shop.url().replace("http:", "ws:") + "/v1/responses"),
                                this)
                        .join();
    }

    void send(String text) {
        socket.sendText(text, true).join();
    }

    /** The next message. */
    JsonNode next() throws InterruptedException {
        String message = messages.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message came");
        }
        return Shop.json(message);
    }

    /** All events of one response, to its end. */
    List<JsonNode> response() throws InterruptedException {
        var events = new ArrayList<JsonNode>();
        while (true) {
            JsonNode event = next();
            events.add(event);
            switch (event.path("type").asString("")) {
                case "response.completed", "response.failed", "response.incomplete" -> {
                    return events;
                }
                case "error" -> {
                    if (!event.has("sequence_number")) {
                        return events;
                    }
                }
                default -> {}
            }
        }
    }

    /** With which status the server closed. */
    int closed() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            messages.add(part.toString());
            part.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
    }
}
