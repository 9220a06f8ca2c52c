package entrepot.market.routing;

import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;

/** For markets that must not call out. */
record NoHttp() implements HttpClient {

    @Override
    public Incoming send(Outgoing call) {
        throw new AssertionError("nobody may be called, least of all " + call.uri());
    }

    @Override
    public void close() {}
}
