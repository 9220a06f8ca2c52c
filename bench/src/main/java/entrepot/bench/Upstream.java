package entrepot.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import java.util.concurrent.ExecutionException;

/**
 * The mock supplier behind both proxies. The model that a request names decides how it answers:
 * {@code whole} at once, {@code paced} in pieces of 141 bytes every 10 ms, {@code burst} in the
 * same pieces as fast as they are taken.
 */
final class Upstream implements AutoCloseable {

    static final int CHUNKS = 100;
    private static final int PACE_MILLIS = 10;
    private static final String HEAD =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion%s\","
                    + "\"created\":1,\"model\":\"m\",";
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":100,\"total_tokens\":109}}";
    private static final Buffer CHUNK =
            event("\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}");
    private static final Buffer TAIL =
            event("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}")
                    .appendBuffer(event("\"choices\":[]," + USAGE))
                    .appendString("data: [DONE]\n\n");
    private static final Buffer WHOLE =
            Buffer.buffer(
                    HEAD.formatted("")
                            + "\"choices\":[{\"index\":0,\"message\":"
                            + "{\"role\":\"assistant\",\"content\":\""
                            + "word ".repeat(70)
                            + "\"},\"finish_reason\":\"stop\"}],"
                            + USAGE);

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

    private static Buffer event(String rest) {
        return Buffer.buffer("data: " + HEAD.formatted(".chunk") + rest + "\n\n");
    }

    int port() {
        return server.actualPort();
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> answer(body.toString(), request.response()));
    }

    private void answer(String body, HttpServerResponse response) {
        if (body.contains("paced\"")) {
            open(response);
            pace(response, CHUNKS);
        } else if (body.contains("burst\"")) {
            open(response);
            for (int i = 0; i < CHUNKS; i++) {
                response.write(CHUNK);
            }
            response.end(TAIL);
        } else {
            response.putHeader("content-type", "application/json").end(WHOLE);
        }
    }

    private static void open(HttpServerResponse response) {
        response.setChunked(true).putHeader("content-type", "text/event-stream");
    }

    private void pace(HttpServerResponse response, int left) {
        if (left == 0) {
            response.end(TAIL);
            return;
        }
        response.write(CHUNK);
        vertx.setTimer(PACE_MILLIS, tick -> pace(response, left - 1));
    }

    @Override
    public void close() {
        server.close();
    }
}
