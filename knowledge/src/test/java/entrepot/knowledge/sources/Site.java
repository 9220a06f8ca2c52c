package entrepot.knowledge.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A host on this machine: what it serves, and what was asked of it. */
final class Site implements AutoCloseable {

    final Map<String, Reply> replies = new ConcurrentHashMap<>();
    final List<String> asked = new CopyOnWriteArrayList<>();
    final HttpClient client = HttpClients.open(new ClientSettings(10, false, List.of(), null));
    private final HttpServer server;
    private final Replier replier;

    /** What is answered to a path with its query. */
    record Reply(int status, String type, byte[] body, Map<String, String> headers) {
        static Reply html(String body) {
            return new Reply(200, "text/html", body.getBytes(StandardCharsets.UTF_8), Map.of());
        }

        static Reply status(int status, Map<String, String> headers) {
            return new Reply(status, "text/plain", new byte[0], headers);
        }
    }

    /** Answers what is not among the replies. */
    @FunctionalInterface
    interface Replier {
        Reply reply(HttpExchange exchange) throws IOException;
    }

    Site() throws IOException {
        this(exchange -> Reply.status(404, Map.of()));
    }

    Site(Replier replier) throws IOException {
        this.replier = replier;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void serve(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        String path = exchange.getRequestURI().getRawPath() + (query == null ? "" : "?" + query);
        asked.add(path);
        Reply known = replies.get(path);
        Reply reply = known == null ? replier.reply(exchange) : known;
        String etag = reply.headers().get("ETag");
        boolean same =
                etag != null && etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", reply.type());
        if (same || reply.body().length == 0) {
            exchange.sendResponseHeaders(same ? 304 : reply.status(), -1);
        } else {
            exchange.sendResponseHeaders(reply.status(), reply.body().length);
            exchange.getResponseBody().write(reply.body());
        }
        exchange.close();
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
    }
}
