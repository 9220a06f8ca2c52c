package entrepot.market.supply;

import entrepot.conversation.Loss;
import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.Order.Verbatim;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.protocols.anthropic.messages.MessagesDialect;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.messages.TokenCounts;
import entrepot.protocols.anthropic.versions.ApiVersions;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One path of Anthropic's, or of a server like it. Of the caller's own headers the version of the
 * API goes on, and those betas that the catalogue lists for this supplier (R39).
 */
final class AnthropicTarget implements Target {

    private static final String BETA = "anthropic-beta";

    private final URI address;
    private final Set<String> betas;
    private final Map<Credential, Headers> headers = new HashMap<>();

    private AnthropicTarget(Supplier.Remote supplier, Supplier.Api.Anthropic api, String path) {
        String base = supplier.baseUrl().toString();
        // Both are common: with the version of the paths, and without.
        this.address = URI.create((base.endsWith("/v1") ? base : base + "/v1") + path);
        this.betas = api.betas();
        for (Credential each : supplier.credentials()) {
            headers.put(each, headers(supplier, api, each.secret()));
        }
    }

    /** All APIs of an account. */
    static Access access(Supplier.Remote supplier, Supplier.Api.Anthropic api) {
        var messages = new AnthropicTarget(supplier, api, "/messages");
        var counts = new AnthropicTarget(supplier, api, "/messages/count_tokens");
        return new Access(
                List.of(new Endpoint.Plain(new MessagesDialect(), messages)),
                List.of(),
                List.of(new Access.Counted(new TokenCounts(), counts)),
                List.of());
    }

    private static Headers headers(
            Supplier.Remote supplier, Supplier.Api.Anthropic api, @Nullable Secret secret) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(new Headers.Field("accept", "application/json, text/event-stream"));
        fields.add(new Headers.Field("accept-encoding", "identity"));
        if (secret != null && api.bearer()) {
            fields.add(new Headers.Field("authorization", "Bearer " + secret.reveal()));
        } else if (secret != null) {
            fields.add(new Headers.Field("x-api-key", secret.reveal()));
        }
        return Headers.of(List.copyOf(fields));
    }

    @Override
    public URI address(String model, boolean stream) {
        return address;
    }

    @Override
    public Headers headers(Attempt attempt, URI to, byte[] body) {
        Headers own = headers.getOrDefault(attempt.credential(), Headers.NONE);
        Headers callers = callers(attempt.order().verbatim());
        String version = callers.get(ApiVersions.HEADER);
        own = own.plus(ApiVersions.HEADER, version == null ? ApiVersions.WIDEST.name() : version);
        List<String> asked = betas(callers).stream().filter(betas::contains).toList();
        return asked.isEmpty() ? own : own.plus(BETA, String.join(",", asked));
    }

    @Override
    public List<Loss> losses(Verbatim verbatim) {
        return betas(callers(verbatim)).stream()
                .filter(beta -> !betas.contains(beta))
                .map(beta ->
                        new Loss(
                                BETA + "=" + beta,
                                "the catalogue does not list this beta for the supplier",
                                Loss.Weight.HINT))
                .toList();
    }

    /** Only those of a caller who speaks this dialect mean anything here. */
    private static Headers callers(@Nullable Verbatim verbatim) {
        return verbatim != null && verbatim.dialect().equals(MessagesRequests.DIALECT)
                ? verbatim.headers()
                : Headers.NONE;
    }

    private static List<String> betas(Headers callers) {
        var betas = new ArrayList<String>();
        for (Headers.Field field : callers.fields()) {
            if (field.name().equalsIgnoreCase(BETA)) {
                for (String beta : field.value().split(",")) {
                    if (!beta.isBlank() && !betas.contains(beta.strip())) {
                        betas.add(beta.strip());
                    }
                }
            }
        }
        return betas;
    }
}
