package entrepot.http.engine;

import entrepot.http.Refusals;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.concurrent.TimeUnit;

/**
 * Refuses a request whose body may still be coming. Closing at once would reset the connection
 * under the answer, so what comes is read and thrown away for a while (RFC 9112 §9.6).
 */
final class Farewell {

    private static final long LINGER_MILLIS = 2_000;

    private Farewell() {}

    static void say(
            HttpServerRequest request, Refusals.Refusal refusal, Refusals refusals, boolean close) {
        var response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        response.setStatusCode(refusal.status()).putHeader("content-type", "application/json");
        if (refusal.status() == 503) {
            response.putHeader("retry-after", "1");
        }
        if (close && !http2) {
            response.putHeader("connection", "close");
        }
        if (!request.isEnded()) {
            request.handler(_ -> {});
            request.endHandler(_ -> {});
            request.resume();
        }
        var said = response.end(Answer.wrap(refusals.json(refusal)));
        if (close) {
            var _ = said.onComplete(_ -> linger(request, http2));
        }
    }

    private static void linger(HttpServerRequest request, boolean http2) {
        Runnable close =
                () -> {
                    if (http2) {
                        var _ = request.connection().shutdown(1, TimeUnit.MINUTES);
                    } else {
                        var _ = request.connection().close();
                    }
                };
        if (request.isEnded() || http2) {
            close.run();
            return;
        }
        request.endHandler(_ -> close.run());
        var _ =
                Visit.channel(request.connection())
                        .eventLoop()
                        .schedule(close, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
