package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** One path of a server like OpenAI's, or of Azure's; both want a key in a header of theirs. */
final class OpenAiTarget implements Target {

    private final Function<String, URI> addresses;
    private final Map<Credential, Headers> headers = new HashMap<>();

    private OpenAiTarget(
            Supplier.Remote supplier, String header, String before, Function<String, URI> to) {
        this.addresses = to;
        for (Credential each : supplier.credentials()) {
            headers.put(each, headers(supplier, each.secret(), header, before));
        }
    }

    /** A path under the base, and a bearer key. */
    static OpenAiTarget of(Supplier.Remote supplier, String path) {
        URI address = URI.create(supplier.baseUrl() + path);
        return new OpenAiTarget(supplier, "authorization", "Bearer ", model -> address);
    }

    /** A path of a deployment, or of the interface without versions. */
    static OpenAiTarget azure(Supplier.Remote supplier, Supplier.Api.Azure azure, String path) {
        String base = supplier.baseUrl() + "/openai";
        String version = azure.apiVersion();
        String query = version == null ? "" : "?api-version=" + version;
        URI undated = URI.create(base + "/v1" + path + query);
        // Responses has no deployment in its address: the body names it, as without versions.
        boolean responses = path.startsWith("/responses");
        boolean deployed = azure.dated() && !responses;
        URI unnamed = azure.dated() ? URI.create(base + path + query) : undated;
        return new OpenAiTarget(
                supplier,
                azure.bearer() ? "authorization" : "api-key",
                azure.bearer() ? "Bearer " : "",
                model ->
                        deployed
                                ? URI.create(base + "/deployments/" + segment(model) + path + query)
                                : unnamed);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Headers headers(
            Supplier.Remote supplier, @Nullable Secret secret, String header, String before) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(new Headers.Field("accept", "application/json, text/event-stream"));
        fields.add(new Headers.Field("accept-encoding", "identity"));
        if (secret != null) {
            fields.add(new Headers.Field(header, before + secret.reveal()));
        }
        return Headers.of(List.copyOf(fields));
    }

    @Override
    public URI address(String model, boolean stream) {
        return addresses.apply(model);
    }

    @Override
    public Headers headers(Attempt attempt, URI to, byte[] body) {
        return headers.getOrDefault(attempt.credential(), Headers.NONE);
    }
}
