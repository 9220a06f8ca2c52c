package entrepot.http.engine;

import entrepot.http.CallFailed;
import entrepot.http.CallFailed.Reason;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Where clients come from. */
public final class HttpClients {

    /** Under the 60 s after which common servers close a connection themselves. */
    private static final int KEEP_ALIVE_SECONDS = 55;

    /** Far beyond every call's own connect clock. */
    private static final Duration CONNECT_MAX = Duration.ofMinutes(10);

    private static final int HEADER_BYTES_MAX = 64 * 1024;
    private static final int WAITING_MAX = 10_000;

    private HttpClients() {}

    /**
     * Opens a client. It shares the process's event loops with its servers, and keeps connections
     * for each loop apart.
     *
     * @throws IllegalArgumentException when a certificate cannot be read
     */
    public static HttpClient open(ClientSettings settings) {
        return new Pooled(settings);
    }

    private static final class Pooled implements HttpClient {

        private final Loops loops = Loops.lease();
        private final List<io.vertx.core.http.HttpClient> clients;
        private final @Nullable Predicate<InetAddress> reachable;
        private boolean closed;

        private Pooled(ClientSettings settings) {
            HttpClientOptions options = options(settings);
            PoolOptions pool =
                    new PoolOptions()
                            .setHttp1MaxSize(settings.connectionsMax())
                            .setHttp2MaxSize(Math.max(1, settings.connectionsMax() / 100))
                            .setMaxWaitQueueSize(WAITING_MAX);
            clients =
                    loops.all().stream()
                            .<io.vertx.core.http.HttpClient>map(_ ->
                                    loops.vertx()
                                            .httpClientBuilder()
                                            .with(options)
                                            .with(pool)
                                            .withConnectHandler(Pooled::quiet)
                                            .build())
                            .toList();
            reachable = settings.reachable();
        }

        /** A connection's failure is told by its calls; an idle one has nobody to tell. */
        private static void quiet(HttpConnection connection) {
            connection.exceptionHandler(_ -> {});
        }

        private static HttpClientOptions options(ClientSettings settings) {
            var options =
                    new HttpClientOptions()
                            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                            .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
                            .setConnectTimeout((int) CONNECT_MAX.toMillis())
                            .setSslHandshakeTimeout(CONNECT_MAX.toSeconds())
                            .setMaxHeaderSize(HEADER_BYTES_MAX)
                            .setTcpNoDelay(true)
                            .setVerifyHost(true);
            if (settings.http2()) {
                options.setUseAlpn(true).setProtocolVersion(HttpVersion.HTTP_2);
            }
            if (!settings.certificates().isEmpty()) {
                options.setTrustOptions(Trust.platformAnd(settings.certificates()));
            }
            return options;
        }

        @Override
        public Incoming send(Outgoing call) throws CallFailed, InterruptedException {
            Loop loop = loops.current();
            return new ClientCall(loop, clients.get(loop.index()), target(call), call).send();
        }

        private RequestOptions target(Outgoing call) throws CallFailed {
            URI uri = call.uri();
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            String host = uri.getHost();
            if (host == null || !(secure || "http".equalsIgnoreCase(uri.getScheme()))) {
                throw new IllegalArgumentException("not an http or https URI with a host");
            }
            int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
            String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery();
            var options =
                    new RequestOptions()
                            .setMethod(HttpMethod.valueOf(call.method()))
                            .setHost(host)
                            .setPort(port)
                            .setSsl(secure)
                            .setURI(query == null ? path : path + "?" + query)
                            .setFollowRedirects(false);
            if (!secure) {
                options.setProtocolVersion(HttpVersion.HTTP_1_1);
            }
            if (reachable != null) {
                options.setServer(
                        SocketAddress.inetSocketAddress(
                                port, allowed(host, reachable).getHostAddress()));
            }
            return options;
        }

        private static InetAddress allowed(String host, Predicate<InetAddress> reachable)
                throws CallFailed {
            Seat.leaveLoop();
            try {
                for (InetAddress address : InetAddress.getAllByName(host)) {
                    if (reachable.test(address)) {
                        return address;
                    }
                }
            } catch (UnknownHostException e) {
                throw new CallFailed(Reason.NOT_CONNECTED, "no such host: " + host);
            }
            throw new CallFailed(Reason.NOT_CONNECTED, host + " is at no address that is allowed");
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                clients.forEach(client -> client.close());
                loops.release();
            }
        }
    }
}
