package entrepot.gateway.responses;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.storefronts.Sales;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpClients;
import entrepot.http.engine.HttpServer;
import entrepot.identity.Ids;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Market;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.KeepSettings;
import entrepot.runtime.responses.ResponseStore;
import entrepot.store.Database;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.testkit.ScriptedSupplier;
import entrepot.testkit.SettableClock;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Responses API on a real port, over the real market, with time that a test moves. */
final class Shop implements AutoCloseable {

    static final JsonMapper JSON = JsonMapper.builder().build();
    static final Duration PATIENCE = Duration.ofSeconds(20);

    final ScriptedModel echo = new ScriptedModel("entrepot/echo-1");
    final MemoryLedger ledger = new MemoryLedger();
    final SettableClock clock = new SettableClock(Instant.parse("2026-11-20T10:00:00Z"));
    final ResponseStore store;
    final ConversationStore conversations;
    final ResponsesApi api;
    private final java.net.http.HttpClient client = java.net.http.HttpClient.newHttpClient();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final Database database;
    private final HttpServer server;

    Shop(Path folder, ScriptedSupplier supplier) {
        this(folder, supplier, ResponsesSettings.DEFAULT, "a");
    }

    /**
     * @param node keeps its ids apart from those of others on the same database
     */
    Shop(Path folder, ScriptedSupplier supplier, ResponsesSettings settings, String node) {
        this(folder, supplier, "kind: openai-compatible", settings, node);
    }

    /** With a supplier of some other kind: members of its entry in the catalogue. */
    Shop(Path folder, ScriptedSupplier supplier, String kind) {
        this(folder, supplier, kind, ResponsesSettings.DEFAULT, "a");
    }

    private Shop(
            Path folder,
            ScriptedSupplier supplier,
            String kind,
            ResponsesSettings settings,
            String node) {
        Catalogue catalogue = catalogue(supplier, kind);
        Ids ids = new CountingIds(node);
        Market market =
                Markets.open(() -> catalogue, ledger, http, List.of(echo), Clock.systemUTC(), ids);
        database = Databases.open(DatabaseSettings.file(folder.resolve("entrepot.db")));
        database.migrate(List.of(ResponseStore.MIGRATIONS));
        var keep =
                new KeepSettings(
                        Duration.ofDays(30), Duration.ofSeconds(30), Duration.ofMillis(20));
        store = new ResponseStore(database, clock, keep);
        conversations = new ConversationStore(database, clock, keep);
        api =
                new ResponsesApi(
                        new ResponsesApi.Parts(
                                market,
                                new Sales(market, ids, PATIENCE),
                                store,
                                conversations,
                                ids,
                                Clock.systemUTC(),
                                settings));
        api.start();
        server =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        Gateway.handler(
                                api.routes(), Map.of(), new KnownKeys(), ids, Clock.systemUTC()));
    }

    private Catalogue catalogue(ScriptedSupplier supplier, String kind) {
        return new CatalogueReader(
                        Map.of(echo.model(), echo.note()),
                        new SecretSources(Map.of("KEY_A", "sk-aaaaaaaaaa"), Path.of(".")))
                .read(
                        "test.yaml",
                        """
                        suppliers:
                          a: {%s, base_url: "%s", key_env: KEY_A}
                        models:
                          acme/one:
                            offers:
                              - {supplier: a, name: one-at-a, prices: {input: 1, output: 2}}
                        aliases:
                          small: acme/one
                        """
                                .formatted(kind, supplier.baseUrl()));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The official client, unmodified. */
    OpenAIClient sdk(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url() + "/v1")
                .apiKey(key)
                .timeout(PATIENCE)
                .build();
    }

    HttpRequest.Builder request(String method, String path, String body) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + KnownKeys.ALL)
                .header("content-type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines of an answer as they come; to be closed by who has seen enough. */
    Lines lines(HttpRequest request) {
        try {
            return new Lines(client.send(request, HttpResponse.BodyHandlers.ofLines()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Closing leaves. */
    record Lines(Stream<String> stream) implements AutoCloseable {
        @Override
        public void close() {
            stream.close();
        }
    }

    HttpResponse<String> get(String path) {
        return send(request("GET", path, "").build());
    }

    HttpResponse<String> delete(String path) {
        return send(request("DELETE", path, "").build());
    }

    HttpResponse<String> post(String path, String body) {
        return send(request("POST", path, body).build());
    }

    /** What a good request is answered. */
    JsonNode ask(String body) {
        HttpResponse<String> response = post("/v1/responses", body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** The data of all events of a stream. */
    static List<JsonNode> events(String body) {
        return body.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> json(line.substring(6)))
                .toList();
    }

    /** Looks until a response has this status. */
    JsonNode until(String id, String status) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        JsonNode response;
        do {
            response = json(get("/v1/responses/" + id));
            if (response.path("status").asString("").equals(status)) {
                return response;
            }
        } while (System.nanoTime() < end);
        throw new AssertionError("never " + status + ": " + response);
    }

    /** Ends as a process does that is killed: what it held stays held. */
    void kill() {
        database.close();
        server.close();
        http.close();
        client.shutdownNow();
    }

    @Override
    public void close() {
        server.close();
        api.close();
        http.close();
        database.close();
        client.shutdownNow();
    }
}
