package entrepot.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.concurrent.ExecutionException;

/**
 * The mock supplier behind all proxies. It speaks whatever it is asked in; the model that a request
 * names decides how it answers: {@code whole} at once, {@code paced} in a hundred pieces every 10
 * ms, {@code slow} every second, {@code burst} as fast as they are taken.
 */
final class Upstream implements AutoCloseable {

    static final int CHUNKS = 100;
    private static final int PACE_MILLIS = 10;
    private static final int SLOW_MILLIS = 1_000;

    private final Vertx vertx;
    private final HttpServer server;

    Upstream(Vertx vertx) throws InterruptedException, ExecutionException {
        this.vertx = vertx;
        this.server =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get();
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        request.body()
                .onSuccess(body ->
                        answer(
                                Wire.of(request),
                                request.path() + body.toString(),
                                request.response()));
    }

    private void answer(Wire wire, String asked, HttpServerResponse response) {
        if (asked.contains("-paced")) {
            open(wire, response);
            pace(wire, response, CHUNKS, PACE_MILLIS);
        } else if (asked.contains("-slow")) {
            open(wire, response);
            pace(wire, response, CHUNKS, SLOW_MILLIS);
        } else if (asked.contains("-burst")) {
            open(wire, response);
            Buffer chunk = wire.chunk();
            for (int i = 0; i < CHUNKS; i++) {
                response.write(chunk);
            }
            response.end(wire.tail());
        } else {
            response.putHeader("content-type", "application/json").end(wire.whole());
        }
    }

    private static void open(Wire wire, HttpServerResponse response) {
        response.setChunked(true).putHeader("content-type", wire.streamType());
        if (wire.head().length() > 0) {
            response.write(wire.head());
        }
    }

    private void pace(Wire wire, HttpServerResponse response, int left, int everyMillis) {
        if (response.closed()) {
            return;
        }
        if (left == 0) {
            response.end(wire.tail());
            return;
        }
        response.write(wire.chunk());
        vertx.setTimer(everyMillis, tick -> pace(wire, response, left - 1, everyMillis));
    }

    @Override
    public void close() {
        server.close();
    }
}
