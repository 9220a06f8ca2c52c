package entrepot.runtime.outside;

import entrepot.http.CallFailed;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.http.PublicAddresses;
import entrepot.http.engine.HttpClients;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A client for addresses that callers name. It calls what {@link Reach} allows: a name is resolved,
 * judged and connected to in one go, so that it cannot be made to point inside in between.
 * Redirects are never followed. Opens nothing before its first call.
 */
public final class Outside implements HttpClient {

    private static final int CONNECTIONS_MAX = 1_000;

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
