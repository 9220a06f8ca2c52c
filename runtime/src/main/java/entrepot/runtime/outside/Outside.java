package entrepot.runtime.outside;

import entrepot.http.CallFailed;
import entrepot.http.ClientSettings;
import entrepot.http.Clocks;
import entrepot.http.Headers;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.http.PublicAddresses;
import entrepot.http.engine.HttpClients;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A client for addresses that callers name. It calls what {@link Reach} allows: a name is resolved,
 * judged and connected to in one go, so that it cannot be made to point inside in between.
 * Redirects are never followed. Opens nothing before its first call.
 */
public final class Outside implements HttpClient {

    private static final int CONNECTIONS_MAX = 1_000;
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Reach reach;
    private final ReentrantLock opening = new ReentrantLock();
    private @Nullable HttpClient publicOnly;
    private @Nullable HttpClient anywhere;
    private boolean closed;

    public Outside(Reach reach) {
        this.reach = reach;
    }

    public Reach reach() {
        return reach;
    }

    @Override
    public Incoming send(Outgoing call) throws CallFailed, InterruptedException {
        var objection = reach.objection(call.uri().toString());
        if (objection.isPresent()) {
            throw new CallFailed(CallFailed.Reason.NOT_CONNECTED, objection.get());
        }
        return client(reach.isInside(call.uri())).send(call);
    }

    /**
     * A whole call, for those who need no more of HTTP.
     *
     * @param bytesMax of the answer's body
     * @param millisMax from the start until the end
     */
    public record Asking(
            String method, URI uri, Headers headers, byte[] body, int bytesMax, long millisMax) {}

    /** A whole answer. */
    public record Answer(int status, Headers headers, byte[] body) {}

    /** None came; the message says why, without secrets. */
    public static final class NoAnswer extends Exception {
        private static final long serialVersionUID = 1L;

        private NoAnswer(String message) {
            super(message);
        }
    }

    /** Calls what may be called; a redirect is an answer like any other. */
    public Answer call(Asking asking) throws NoAnswer, InterruptedException {
        return call(this, asking);
    }

    /** As {@link #call}, to any address: for those that the operator names, and no other. */
    public Answer callAnywhere(Asking asking) throws NoAnswer, InterruptedException {
        return call(anywhere(), asking);
    }

    private static Answer call(HttpClient client, Asking asking)
            throws NoAnswer, InterruptedException {
        Duration whole = Duration.ofMillis(asking.millisMax());
        var clocks = new Clocks(CONNECT, whole, whole, whole);
        try (Incoming incoming =
                client.send(
                        new Outgoing(
                                asking.method(),
                                asking.uri(),
                                asking.headers(),
                                asking.body(),
                                clocks))) {
            return new Answer(
                    incoming.status(), incoming.headers(), incoming.all(asking.bytesMax()));
        } catch (CallFailed e) {
            throw new NoAnswer(String.valueOf(e.getMessage()));
        }
    }

    /** A client that calls any address: for those that the operator names, and no other. */
    public HttpClient anywhere() {
        return new HttpClient() {
            @Override
            public Incoming send(Outgoing call) throws CallFailed, InterruptedException {
                return client(true).send(call);
            }

            @Override
            public void close() {
                // It is closed with the whole.
            }
        };
    }

    private HttpClient client(boolean inside) {
        opening.lock();
        try {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            HttpClient known = inside ? anywhere : publicOnly;
            if (known == null) {
                known =
                        HttpClients.open(
                                new ClientSettings(
                                        CONNECTIONS_MAX,
                                        false,
                                        List.of(),
                                        inside ? null : PublicAddresses::isPublic));
                if (inside) {
                    anywhere = known;
                } else {
                    publicOnly = known;
                }
            }
            return known;
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            if (publicOnly != null) {
                publicOnly.close();
            }
            if (anywhere != null) {
                anywhere.close();
            }
        } finally {
            opening.unlock();
        }
    }
}
