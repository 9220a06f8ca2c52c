package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.protocols.Dialect;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One API of a server like OpenAI's: a path under its base, and a bearer key. */
final class OpenAiEndpoint implements Endpoint {

    private final Dialect dialect;
    private final URI address;
    private final Map<Credential, Headers> headers = new HashMap<>();

    OpenAiEndpoint(Supplier.Remote supplier, Dialect dialect, String path) {
        this.dialect = dialect;
        this.address = URI.create(supplier.baseUrl() + path);
        supplier.credentials().forEach(each -> headers.put(each, headers(supplier, each)));
    }

    private static Headers headers(Supplier.Remote supplier, Credential credential) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(new Headers.Field("accept", "application/json, text/event-stream"));
        fields.add(new Headers.Field("accept-encoding", "identity"));
        Secret secret = credential.secret();
        if (secret != null) {
            fields.add(new Headers.Field("authorization", "Bearer " + secret.reveal()));
        }
        return Headers.of(List.copyOf(fields));
    }

    @Override
    public Dialect dialect() {
        return dialect;
    }

    @Override
    public URI address(String model, boolean stream) {
        return address;
    }

    @Override
    public Headers headers(Attempt attempt, URI to, byte[] body) {
        return headers.getOrDefault(attempt.credential(), Headers.NONE);
    }
}
