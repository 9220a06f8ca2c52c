package entrepot.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

import java.util.concurrent.atomic.AtomicLong;

/** Drives one proxy: so many connections, each sending its next request when the last is done. */
final class Load implements AutoCloseable {

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions target;
    private final Buffer body;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean running = true;

    Load(Vertx vertx, Target target, Case each) {
        this.vertx = vertx;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions().setIdleTimeout(30),
                        new PoolOptions().setHttp1MaxSize(each.connections() + 8));
        this.target =
                new RequestOptions()
                        .setMethod(HttpMethod.POST)
                        .setHost("127.0.0.1")
                        .setPort(target.port())
                        .setURI(each.wire().path())
                        .putHeader("content-type", "application/json")
                        .putHeader("anthropic-version", "2023-06-01");
        var headers = target.headers().apply(each);
        if (headers == null) {
            throw new IllegalArgumentException(target.name() + " cannot do " + each.name());
        }
        headers.forEach(this.target::putHeader);
        this.body = each.wire().request("bench/" + each.model(), each.isStream());
    }

    /** Closed loop: every connection is always busy. */
    void saturate(int connections) {
        for (int i = 0; i < connections; i++) {
            next();
        }
    }

    /** Open loop: so many a second, whether or not earlier ones are done. */
    void offer(int perSecond) {
        int everyMillis = 10;
        int each = perSecond * everyMillis / 1000;
        vertx.setPeriodic(
                everyMillis,
                timer -> {
                    if (!running) {
                        vertx.cancelTimer(timer);
                        return;
                    }
                    for (int i = 0; i < each; i++) {
                        send(() -> {});
                    }
                });
    }

    private void next() {
        if (running) {
            send(this::next);
        }
    }

    private void send(Runnable then) {
        client.request(target)
                .compose(request -> request.send(body))
                .compose(response -> {
                    if (response.statusCode() != 200) {
                        failed.incrementAndGet();
                    }
                    response.handler(chunk -> {});
                    return response.end();
                })
                .onSuccess(nothing -> {
                    done.incrementAndGet();
                    then.run();
                })
                .onFailure(e -> {
                    if (running) {
                        failed.incrementAndGet();
                        vertx.setTimer(5, tick -> then.run());
                    }
                });
    }

    long done() {
        return done.get();
    }

    long failed() {
        return failed.get();
    }

    @Override
    public void close() {
        running = false;
        client.close();
    }
}
