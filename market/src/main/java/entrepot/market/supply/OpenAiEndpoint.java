package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.market.catalog.Supplier;
import entrepot.protocols.Dialect;

import java.net.URI;

/** One API for conversations of a server like OpenAI's, or of Azure's. */
record OpenAiEndpoint(Dialect dialect, Target target) implements Endpoint {

    OpenAiEndpoint(Supplier.Remote supplier, Dialect dialect, String path) {
        this(dialect, OpenAiTarget.of(supplier, path));
    }

    @Override
    public URI address(String model, boolean stream) {
        return target.address(model, stream);
    }

    @Override
    public Headers headers(Attempt attempt, URI to, byte[] body) {
        return target.headers(attempt, to, body);
    }
}
