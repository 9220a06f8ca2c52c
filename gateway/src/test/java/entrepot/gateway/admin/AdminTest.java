package entrepot.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.Headers;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.budgets.Budgets;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.routing.Broker;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.yaml.Problem;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.runtime.testing.WordSearch;
import entrepot.runtime.tools.Folders;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class AdminTest {

    private final KnownKeys keys = new KnownKeys();
    private final MemoryLedger ledger = new MemoryLedger();
    private final Folders folders = new Folders(new WordSearch());
    private final HttpServer server =
            HttpServer.start(
                    ServerSettings.loopback(0),
                    Gateway.handler(
                            new AdminApi(keys, folders, ledger, node()).routes(),
                            Map.of(
                                    "/console",
                                    exchange ->
                                            exchange.respond(
                                                    200,
                                                    Headers.NONE,
                                                    exchange.path().getBytes(UTF_8))),
                            keys,
                            new CountingIds("a"),
                            Clock.systemUTC()));

    @TempDir private Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aKeyIsMadeShownOnceUsedAndRevoked() {
        HttpResponse<String> made =
                call("POST", "/keys", "{\"name\":\"ci\",\"scopes\":[\"models\",\"admin\"]}");
        assertThat(made.statusCode()).isEqualTo(201);
        JsonNode key = Served.json(made);
        String secret = key.get("secret").stringValue();
        assertThat(key.get("principal").stringValue()).isEqualTo("ci");
        assertThat(key.get("scopes").toString()).isEqualTo("[\"admin\",\"models\"]");
        String listed = call("GET", "/keys", "").body();
        assertThat(listed).contains(key.get("id").stringValue()).doesNotContain(secret);
        assertThat(listed).doesNotContain("umbrella", "key_4");
        assertThat(send("GET", "/admin/v1/keys", "", secret).statusCode()).isEqualTo(200);
        String path = "/keys/" + key.get("id").stringValue();
        assertThat(call("DELETE", path, "").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/admin/v1/keys", "", secret).statusCode()).isEqualTo(401);
        assertThat(call("DELETE", path, "").statusCode()).isEqualTo(404);
        assertThat(call("DELETE", "/keys/key_4", "").statusCode()).isEqualTo(404);
    }

    @Test
    void badKeysAreRefusedByName() {
        Map.of(
                        "{\"scopes\":[\"models\"]}", "name",
                        "{\"name\":\"x\"}", "scopes",
                        "{\"name\":\"x\",\"scopes\":[]}", "scopes",
                        "{\"name\":\"x\",\"scopes\":[\"root\"]}", "scopes[0]",
                        "{\"name\":\"x\",\"scopes\":[\"models\"],\"expires_at\":5}", "expires_at",
                        "{\"name\":\"x\",\"scopes\":[\"models\"],\"tenant\":\"y\"}", "tenant")
                .forEach((body, param) -> {
                    HttpResponse<String> refused = call("POST", "/keys", body);
                    assertThat(refused.statusCode()).as(body).isEqualTo(400);
                    assertThat(Served.json(refused).path("error").path("param").asString())
                            .isEqualTo(param);
                });
    }

    @Test
    void onlyAnAdminMayAsk() {
        for (String path : List.of("keys", "folders", "receipts", "catalogue", "health")) {
            String whole = "/admin/v1/" + path;
            assertThat(send("GET", whole, "", KnownKeys.MODELS).statusCode()).isEqualTo(403);
            assertThat(send("GET", whole, "", "sk-none").statusCode()).isEqualTo(401);
            assertThat(send("GET", whole, "", KnownKeys.ALL).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFolderIsAllowed() throws Exception {
        Path news = Files.createDirectory(folder.resolve("news"));
        String body = "{\"name\":\"news\",\"path\":\"" + news + "\"}";
        assertThat(call("POST", "/folders", body).statusCode()).isEqualTo(201);
        assertThat(call("GET", "/folders", "").body()).contains(news.toString());
        for (String bad : List.of("news", "/nowhere/at/all", "\\u0000")) {
            HttpResponse<String> refused =
                    call("POST", "/folders", "{\"name\":\"x\",\"path\":\"" + bad + "\"}");
            assertThat(refused.statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void receiptsAreTheTenantsOwn() {
        ledger.append(receipt("acme", "sess_1"));
        ledger.append(receipt("acme", null));
        ledger.append(receipt("umbrella", "sess_1"));
        JsonNode latest = Served.json(call("GET", "/receipts?limit=1", ""));
        assertThat(latest.get("data")).hasSize(1);
        assertThat(latest.get("data").get(0).get("session_id").isNull()).isTrue();
        JsonNode ofSession = Served.json(call("GET", "/receipts?session=sess_1", ""));
        assertThat(ofSession.get("data")).hasSize(1);
        assertThat(ofSession.get("data").get(0).get("cost").toString())
                .isEqualTo("{\"amount\":\"0.00125\",\"currency\":\"USD\"}");
    }

    @Test
    void theNodeTellsHowItIs() {
        JsonNode health = Served.json(call("GET", "/health", ""));
        assertThat(health.get("status").stringValue()).isEqualTo("degraded");
        assertThat(health.get("node").stringValue()).isEqualTo("node-1");
        assertThat(health.get("limits").toString())
                .isEqualTo("{\"backlog\":2,\"failure\":\"no database\"}");
        assertThat(health.get("suppliers").get(0).get("resting").toString()).contains("rests");
        JsonNode catalogue = Served.json(call("GET", "/catalogue", ""));
        assertThat(catalogue.get("problems").get(0).get("line").intValue()).isEqualTo(3);
    }

    @Test
    void capabilitiesTellWhatASupplierCarries() {
        JsonNode offer =
                Served.json(call("GET", "/capabilities?model=acme/one", "")).get("data").get(0);
        assertThat(offer.get("dialects").toString()).isEqualTo("[\"openai.chat\"]");
        assertThat(offer.get("carried").get("tools").stringValue()).isEqualTo("carried");
        assertThat(offer.get("carried").get("cache_mark").stringValue()).isEqualTo("named");
        assertThat(offer.get("carried").get("file_address").stringValue()).isEqualTo("refused");
        assertThat(call("GET", "/capabilities?model=no", "").statusCode()).isEqualTo(404);
        assertThat(call("GET", "/capabilities", "").statusCode()).isEqualTo(400);
    }

    @Test
    void aMountTakesItsBranchAndNothingElse() {
        assertThat(send("GET", "/console", "", "").body()).isEqualTo("/console");
        assertThat(send("GET", "/console/a/../b", "", "").body()).isEqualTo("/console/a/../b");
        assertThat(send("GET", "/consoles", "", "").statusCode()).isEqualTo(404);
    }

    private static Node node() {
        return new Node(
                "node-1",
                () -> List.of("The ledger lags."),
                () ->
                        new CatalogueFile.Status(
                                "c.yaml",
                                "v1",
                                "v1+list",
                                Instant.EPOCH,
                                List.of(new Problem("c.yaml", 3, 5, "models", "No."))),
                () -> List.of(new Broker.SupplierHealth("a", 1, 9, Map.of("m", "rests"))),
                model ->
                        model.equals("acme/one")
                                ? List.of(
                                        new Broker.Spoken(
                                                "a", "one-at-a", List.of(new ChatDialect())))
                                : null,
                () -> 7,
                () -> new Budgets.Status(2, "no database"));
    }

    private static Receipt receipt(String tenant, @Nullable String session) {
        return Receipt.builder()
                .id("rcpt_1")
                .orderId("ord_1")
                .attempt(1)
                .tenant(tenant)
                .team("team")
                .principal("ada")
                .keyId("key_1")
                .storefront("agents")
                .modelAsked("small")
                .model("acme/one")
                .supplier("a")
                .outcome(Receipt.Outcome.DELIVERED)
                .cost(Money.of("0.00125", "USD"))
                .startedAt(Instant.EPOCH)
                .endedAt(Instant.EPOCH)
                .firstEventMillis(4L)
                .sessionId(session)
                .verdicts(List.of(new Receipt.Verdict("key", true, "known")))
                .build();
    }

    private HttpResponse<String> call(String method, String path, String body) {
        return send(method, "/admin/v1" + path, body, KnownKeys.ALL);
    }

    private HttpResponse<String> send(String method, String path, String body, String key) {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("content-type", "application/json")
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        if (!key.isEmpty()) {
            request.header("authorization", "Bearer " + key);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
