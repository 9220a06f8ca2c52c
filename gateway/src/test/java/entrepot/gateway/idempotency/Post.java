package entrepot.gateway.idempotency;

import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.door.Route;
import entrepot.gateway.responses.ResponsesApi;
import entrepot.gateway.responses.ResponsesSettings;
import entrepot.gateway.storefronts.Sales;
import entrepot.gateway.storefronts.Storefronts;
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
import entrepot.market.idempotency.KeepLimits;
import entrepot.market.idempotency.KeyedCalls;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.KeepSettings;
import entrepot.runtime.responses.ResponseStore;
import entrepot.store.Database;
import entrepot.testkit.ScriptedSupplier;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One node of the gateway on a database, with one supplier and a model in the process. */
final class Post implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    final ScriptedModel echo = new ScriptedModel("entrepot/echo-1");
    final MemoryLedger ledger = new MemoryLedger();
    private final java.net.http.HttpClient client =
            java.net.http.HttpClient.newBuilder()
                    .version(java.net.http.HttpClient.Version.HTTP_1_1)
                    .build();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final ResponsesApi responses;
    private final Idempotency idempotency;
    private final HttpServer server;

    /**
     * @param node keeps its ids apart from those of others on the same database
     */
    Post(
            Database database,
            ScriptedSupplier supplier,
            KeepLimits limits,
            IdempotencySettings settings,
            String node) {
        Catalogue catalogue = catalogue(supplier);
        Ids ids = new CountingIds(node);
        Clock clock = Clock.systemUTC();
        Market market = Markets.open(() -> catalogue, ledger, http, List.of(echo), clock, ids);
        database.migrate(List.of(ResponseStore.MIGRATIONS, KeyedCalls.MIGRATIONS));
        var sales = new Sales(market, ids, PATIENCE);
        responses =
                new ResponsesApi(
                        new ResponsesApi.Parts(
                                market,
                                sales,
                                new ResponseStore(database, clock, KeepSettings.DEFAULT),
                                new ConversationStore(database, clock, KeepSettings.DEFAULT),
                                ids,
                                clock,
                                ResponsesSettings.DEFAULT));
        responses.start();
        idempotency =
                new Idempotency(new KeyedCalls(database, ids, limits), settings, clock).start();
        var routes = new ArrayList<Route>();
        routes.addAll(Storefronts.routes(market, sales));
        routes.addAll(responses.routes());
        server =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        Gateway.handler(
                                idempotency.over(routes), Map.of(), new KnownKeys(), ids, clock));
    }

    private Catalogue catalogue(ScriptedSupplier supplier) {
        return new CatalogueReader(
                        Map.of(echo.model(), echo.note()),
                        new SecretSources(Map.of("KEY_A", "sk-aaaaaaaaaa"), Path.of(".")))
                .read(
                        "test.yaml",
                        """
                        suppliers:
                          a: {kind: openai-compatible, base_url: "%s", key_env: KEY_A}
                        models:
                          acme/one:
                            offers:
                              - {supplier: a, name: one-at-a, prices: {input: 1, output: 2}}
                        aliases:
                          small: acme/one
                        """
                                .formatted(supplier.baseUrl()));
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    HttpRequest.Builder request(String path, String key, String body) {
        return HttpRequest.newBuilder(URI.create(url() + path))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + KnownKeys.ALL)
                .header("content-type", "application/json")
                .header("anthropic-version", "2023-06-01")
                .header("idempotency-key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    HttpResponse<String> post(String path, String key, String body) {
        return send(request(path, key, body).build());
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

    /** The answer as it comes; closing it leaves. */
    InputStream open(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Looks after what runs, now. */
    void beat() {
        idempotency.beat();
    }

    /** Ends without giving anything back; the database must be closed already. */
    void kill() {
        close();
    }

    @Override
    public void close() {
        server.close();
        responses.close();
        idempotency.close();
        http.close();
        client.shutdownNow();
    }
}
