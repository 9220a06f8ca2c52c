package entrepot.http.engine;

import entrepot.http.Handler;
import entrepot.http.Headers;
import entrepot.http.Refusals;
import entrepot.http.ServerSettings;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Meets the requests of one loop: refuses what must be refused before a handler need know, reads
 * bodies, and starts exchanges. What is not said to be otherwise happens on the loop.
 */
final class Reception {

    private final Loop loop;
    private final ServerSettings settings;
    private final Handler handler;
    private final Refusals refusals;
    private final Admission admission;
    private final Supplier<String> errors;
    private final Set<LiveExchange> open = ConcurrentHashMap.newKeySet();
    private final Set<Upload> uploads = new HashSet<>();
    private final Set<Channel> channels = new HashSet<>();

    Reception(
            Loop loop,
            ServerSettings settings,
            Handler handler,
            Refusals refusals,
            Admission admission,
            Supplier<String> errors) {
        this.loop = loop;
        this.settings = settings;
        this.handler = handler;
        this.refusals = refusals;
        this.admission = admission;
        this.errors = errors;
    }

    Loop loop() {
        return loop;
    }

    ServerSettings settings() {
        return settings;
    }

    Handler handler() {
        return handler;
    }

    Refusals refusals() {
        return refusals;
    }

    boolean closing() {
        return admission.closing();
    }

    String nextError() {
        return errors.get();
    }

    void connected(HttpConnection connection) {
        Channel channel = Visit.channel(connection);
        Visit.of(channel);
        if (channels.add(channel)) {
            channel.closeFuture().addListener(_ -> channels.remove(channel));
        }
    }

    /** What the decoder could not read. */
    void unreadable(HttpServerRequest request) {
        Visit.of(request.connection()).begin();
        Throwable cause = request.decoderResult().cause();
        Refusal refusal =
                switch (cause) {
                    case TooLongHttpLineException _ -> Refusal.URL_TOO_LONG;
                    case TooLongHttpHeaderException _ -> Refusal.HEADERS_TOO_LARGE;
                    case null, default -> Refusal.UNREADABLE;
                };
        Farewell.say(request, refusal.with(""), refusals, true);
    }

    void request(HttpServerRequest request) {
        Visit visit = Visit.of(request.connection());
        visit.begin();
        String method = request.method().name();
        RequestLine line = RequestLine.parse(method, request.uri());
        if (line == null) {
            Farewell.say(request, Refusal.BAD_TARGET.with(""), refusals, true);
            visit.end();
            return;
        }
        Refusal refusal = refusal(request);
        if (refusal != null) {
            Farewell.say(request, refusal.with(line.path()), refusals, refusal.closes());
            visit.end();
            return;
        }
        Headers headers;
        try {
            headers = headers(request);
        } catch (IllegalArgumentException e) {
            admission.leave();
            Farewell.say(request, Refusal.BAD_HEADER.with(line.path()), refusals, true);
            visit.end();
            return;
        }
        if (upgrades(request, headers)) {
            request.pause();
            begin(request, line, headers, new byte[0], true);
            return;
        }
        upload(request, line, headers);
    }

    private @Nullable Refusal refusal(HttpServerRequest request) {
        if (badHost(request)) {
            return Refusal.BAD_HOST;
        }
        if (closing()) {
            return Refusal.STOPPING;
        }
        return admission.enter() ? null : Refusal.BUSY;
    }

    private static boolean badHost(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            return false;
        }
        List<String> hosts = request.headers().getAll("host");
        if (hosts.isEmpty() && request.version() == HttpVersion.HTTP_1_0) {
            return false;
        }
        return hosts.size() != 1 || HostAndPort.parseAuthority(hosts.getFirst(), -1) == null;
    }

    /** As sent, and for HTTP/2 with the Host that is implied there (RFC 9113 §8.3.1). */
    private static Headers headers(HttpServerRequest request) {
        Headers headers = LiveIncoming.headers(request.headers());
        if (request.version() == HttpVersion.HTTP_2 && !headers.has("host")) {
            HostAndPort authority = request.authority();
            return authority == null ? headers : headers.plus("host", authority.toString());
        }
        return headers;
    }

    private static boolean upgrades(HttpServerRequest request, Headers headers) {
        return request.version() == HttpVersion.HTTP_1_1
                && request.method().equals(HttpMethod.GET)
                && lists(headers, "upgrade", "websocket")
                && lists(headers, "connection", "upgrade");
    }

    private static boolean lists(Headers headers, String name, String word) {
        String value = headers.get(name);
        return value != null && value.toLowerCase(Locale.ROOT).contains(word);
    }

    // ---- bodies

    private void upload(HttpServerRequest request, RequestLine line, Headers headers) {
        var upload = new Upload(settings.bodyBytesMax(), admission);
        Refusal refusal = upload.declare(headers.get("content-length"));
        if (refusal != null) {
            refuse(request, line, upload, refusal);
            return;
        }
        if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
            var _ = request.response().writeContinue();
        }
        uploads.add(upload);
        upload.onStall(() -> refuse(request, line, upload, Refusal.TOO_SLOW));
        request.exceptionHandler(_ -> abort(request, upload));
        request.response().closeHandler(_ -> abort(request, upload));
        request.handler(bytes -> {
            Refusal late = upload.add(bytes);
            if (late != null) {
                refuse(request, line, upload, late);
            }
        });
        request.endHandler(_ -> {
            if (uploads.remove(upload)) {
                begin(request, line, headers, upload.body(), false);
            }
        });
    }

    private void refuse(
            HttpServerRequest request, RequestLine line, Upload upload, Refusal refusal) {
        uploads.remove(upload);
        upload.drop();
        admission.leave();
        Visit.of(request.connection()).end();
        request.exceptionHandler(_ -> {});
        boolean close = refusal.closes() || closing();
        Farewell.say(request, refusal.with(line.path()), refusals, close);
    }

    private void abort(HttpServerRequest request, Upload upload) {
        if (uploads.remove(upload)) {
            upload.drop();
            admission.leave();
            Visit.of(request.connection()).end();
        }
    }

    // ---- exchanges

    private void begin(
            HttpServerRequest request,
            RequestLine line,
            Headers headers,
            byte[] body,
            boolean webSocket) {
        var exchange = new LiveExchange(this, request, line, headers, body, webSocket);
        open.add(exchange);
        request.response().closeHandler(_ -> exchange.left());
        request.response().exceptionHandler(_ -> exchange.left());
        if (!webSocket) {
            request.exceptionHandler(null);
        }
        exchange.start();
    }

    /** Called by whichever thread is last. */
    void ended(LiveExchange exchange, Visit visit, int bodyBytes) {
        open.remove(exchange);
        visit.end();
        admission.free(bodyBytes);
        admission.leave();
    }

    // ---- patience

    void sweep() {
        long now = System.nanoTime();
        ServerSettings.Waits waits = settings.waits();
        for (Upload upload : List.copyOf(uploads)) {
            upload.sweep(now, nanos(waits.request()));
        }
        for (LiveExchange exchange : List.copyOf(open)) {
            exchange.sweep(now, nanos(waits.reader()));
        }
        for (Channel channel : List.copyOf(channels)) {
            if (Visit.of(channel).quiet(now, nanos(waits.idle()))) {
                var _ = channel.close();
            }
        }
    }

    private static long nanos(Duration wait) {
        return wait.toNanos();
    }

    /** Stops every exchange, for the server's own end. */
    void abandon() {
        for (LiveExchange exchange : List.copyOf(open)) {
            exchange.abandon();
        }
    }

    /** What is refused here, and in which words. */
    enum Refusal {
        UNREADABLE(400, "bad_request", "This is not a request of HTTP.", true),
        BAD_TARGET(400, "bad_target", "The request's target is not a path.", true),
        BAD_HOST(400, "bad_host", "A request has exactly one Host, a name and a port.", true),
        BAD_HEADER(400, "bad_header", "A header field has characters it must not have.", true),
        TOO_SLOW(408, "request_timeout", "The request's body came too slowly.", true),
        BODY_TOO_LARGE(413, "body_too_large", "The request's body is too large.", true),
        URL_TOO_LONG(414, "url_too_long", "The request's URL is too long.", true),
        HEADERS_TOO_LARGE(431, "headers_too_large", "The request's headers are too large.", true),
        BUSY(503, "overloaded", "The server is busy. Try again soon.", false),
        STOPPING(503, "stopping", "The server is stopping. Try again.", true);

        private final int status;
        private final String code;
        private final String message;
        private final boolean closes;

        Refusal(int status, String code, String message, boolean closes) {
            this.status = status;
            this.code = code;
            this.message = message;
            this.closes = closes;
        }

        Refusals.Refusal with(String path) {
            return new Refusals.Refusal(status, path, code, message);
        }

        /** Whether the connection cannot be used any more. */
        boolean closes() {
            return closes;
        }
    }
}
