package entrepot.market.supply;

import entrepot.http.Headers;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.Credential;
import entrepot.protocols.Dialect;
import entrepot.protocols.google.embeddings.EmbedBodies.Method;
import entrepot.protocols.google.embeddings.GoogleEmbeddings;
import entrepot.protocols.google.gemini.GeminiCounts;
import entrepot.protocols.google.gemini.GeminiDialect;
import entrepot.protocols.google.images.GoogleImages;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Google's addresses, which name the model and the method. Keys stand in headers only, never in an
 * address (R72).
 */
final class GoogleTargets {

    private static final String VERSION = ".*/v[0-9][0-9a-z]*";

    private GoogleTargets() {}

    /** All APIs of an account at the developer interface. */
    static Access gemini(Supplier.Remote supplier) {
        String base = base(supplier, "/v1beta");
        return new Access(
                List.of(new Generate(supplier, base, false)),
                List.of(
                        embeds(supplier, base, false, Method.BATCH, ":batchEmbedContents"),
                        embeds(supplier, base, false, Method.ONE, ":embedContent")),
                List.of(counts(supplier, base, false)),
                List.of(draws(supplier, base, false)),
                List.of());
    }

    /** All APIs of a project on Vertex. */
    static Access vertex(Supplier.Remote supplier, Supplier.Api.Vertex vertex) {
        String project =
                "%s/projects/%s/locations/%s"
                        .formatted(base(supplier, "/v1beta1"), vertex.project(), vertex.location());
        return new Access(
                List.of(new Generate(supplier, project, true)),
                List.of(embeds(supplier, project, true, Method.ONE, ":embedContent")),
                List.of(counts(supplier, project, true)),
                List.of(draws(supplier, project, true)),
                List.of());
    }

    private static Access.Vectors embeds(
            Supplier.Remote supplier, String base, boolean vertex, Method method, String name) {
        return new Access.Vectors(
                new GoogleEmbeddings(method), new Plain(supplier, base, vertex, name));
    }

    private static Access.Counted counts(Supplier.Remote supplier, String base, boolean vertex) {
        return new Access.Counted(
                new GeminiCounts(vertex), new Plain(supplier, base, vertex, ":countTokens"));
    }

    private static Access.Drawn draws(Supplier.Remote supplier, String base, boolean vertex) {
        return new Access.Drawn(new GoogleImages(), new Draw(supplier, base, vertex));
    }

    /** The method that a model draws with. */
    private record Draw(Supplier.Remote supplier, String base, boolean vertex) implements Target {

        @Override
        public URI address(String model, boolean stream) {
            return URI.create(base + path(model, vertex) + GoogleImages.method(model));
        }

        @Override
        public Headers headers(Attempt attempt, URI to, byte[] body) {
            return GoogleTargets.headers(supplier, attempt.credential().secret(), vertex);
        }
    }

    /** A method that answers whole. */
    private record Plain(Supplier.Remote supplier, String base, boolean vertex, String name)
            implements Target {

        @Override
        public URI address(String model, boolean stream) {
            return URI.create(base + path(model, vertex) + name);
        }

        @Override
        public Headers headers(Attempt attempt, URI to, byte[] body) {
            return GoogleTargets.headers(supplier, attempt.credential().secret(), vertex);
        }
    }

    /** Both are common: with the version of the paths, and without. */
    private static String base(Supplier.Remote supplier, String version) {
        String base = supplier.baseUrl().toString();
        return base.matches(VERSION) ? base : base + version;
    }

    /** A model's place: a vendor before it is its publisher on Vertex. */
    private static String path(String model, boolean vertex) {
        boolean whole = model.matches("(models|tunedModels|publishers|endpoints)/.+");
        int slash = model.indexOf('/');
        if (whole) {
            return "/" + segments(model);
        }
        if (!vertex) {
            return "/models/" + segments(model);
        }
        return slash < 0
                ? "/publishers/google/models/" + segments(model)
                : "/publishers/%s/models/%s"
                        .formatted(
                                segments(model.substring(0, slash)),
                                segments(model.substring(slash + 1)));
    }

    private static String segments(String text) {
        return Arrays.stream(text.split("/", -1))
                .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8))
                .map(segment -> segment.replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }

    private static Headers headers(
            Supplier.Remote supplier, @Nullable Secret secret, boolean bearer) {
        var fields = new ArrayList<Headers.Field>(supplier.headers().fields());
        fields.add(new Headers.Field("content-type", "application/json"));
        fields.add(new Headers.Field("accept", "application/json, text/event-stream"));
        fields.add(new Headers.Field("accept-encoding", "identity"));
        if (secret != null && bearer) {
            fields.add(new Headers.Field("authorization", "Bearer " + secret.reveal()));
        } else if (secret != null) {
            fields.add(new Headers.Field("x-goog-api-key", secret.reveal()));
        }
        return Headers.of(List.copyOf(fields));
    }

    /** {@code generateContent}, and the same as a stream. */
    private static final class Generate implements Endpoint {

        private final String base;
        private final boolean vertex;
        private final Dialect dialect = new GeminiDialect();
        private final Map<Credential, Headers> headers = new HashMap<>();

        Generate(Supplier.Remote supplier, String base, boolean vertex) {
            this.base = base;
            this.vertex = vertex;
            for (Credential each : supplier.credentials()) {
                headers.put(each, GoogleTargets.headers(supplier, each.secret(), vertex));
            }
        }

        @Override
        public Dialect dialect() {
            return dialect;
        }

        @Override
        public URI address(String model, boolean stream) {
            String method = stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
            return URI.create(base + path(model, vertex) + method);
        }

        @Override
        public Headers headers(Attempt attempt, URI to, byte[] body) {
            return headers.getOrDefault(attempt.credential(), Headers.NONE);
        }
    }
}
