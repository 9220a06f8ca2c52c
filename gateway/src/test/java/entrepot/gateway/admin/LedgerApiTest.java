package entrepot.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.gateway.door.Route;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.ledger.DatabaseLedger;
import entrepot.market.ledger.LedgerReader;
import entrepot.market.ledger.Rerating;
import entrepot.market.ledger.books.Books;
import entrepot.market.ledger.books.ChargeRule;
import entrepot.market.ledger.rollups.Rollups;
import entrepot.market.statements.focus.UnitPrices;
import entrepot.market.statements.terms.KnownTerms;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The ledger and its statements as an operator's tools see them. */
class LedgerApiTest {

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-10-20T00:00:00Z"), ZoneOffset.UTC);

    @TempDir private Path folder;
    private Database database;
    private DatabaseLedger ledger;
    private HttpServer server;

    @BeforeEach
    void open() throws Exception {
        database = TestDatabases.sqlite(folder);
        database.migrate(List.of(DatabaseLedger.MIGRATIONS));
        var up = new ChargeRule("up-20", null, null, null, new BigDecimal("20"));
        ledger = DatabaseLedger.open(database, "n", () -> new Books(List.of(up), List.of()));
        ledger.append(receipt("acme", "rcpt_1", "0.01"));
        ledger.append(receipt("acme", "rcpt_2", "0.02"));
        ledger.append(receipt("umbrella", "rcpt_3", "5"));
        ledger.flush();
        var rollups = new Rollups(database);
        var routes = new ArrayList<Route>();
        routes.addAll(
                new LedgerApi(new LedgerReader(database), rollups, new Rerating(ledger, CLOCK))
                        .routes());
        routes.addAll(new StatementsApi(rollups, KnownTerms.NONE, UnitPrices.UNKNOWN).routes());
        server =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        Gateway.handler(
                                routes, Map.of(), new KnownKeys(), new CountingIds("a"), CLOCK));
    }

    @AfterEach
    void close() {
        server.close();
        ledger.close();
        database.close();
    }

    @Test
    void rowsAreShownWithTheirPostingsAndOnlyTheTenantsOwn() {
        JsonNode rows = json("GET", "/ledger/rows", "").get("data");
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("charge_rule").stringValue()).isEqualTo("up-20");
        assertThat(rows.get(0).get("receipt").get("charge").get("amount").stringValue())
                .isEqualTo("0.024");
        JsonNode row = json("GET", "/ledger/rows/rcpt_1", "");
        assertThat(row.get("postings")).hasSize(4);
        assertThat(row.get("postings").get(1).toString())
                .isEqualTo(
                        "{\"account\":\"supplier_payable\",\"party\":\"azure-1\","
                                + "\"amount\":\"-0.01\",\"currency\":\"USD\",\"rule\":null}");
        assertThat(call("GET", "/ledger/rows/rcpt_3", "").statusCode()).isEqualTo(404);
        JsonNode balance = json("GET", "/ledger/balance?from=2026-10&to=2026-11", "");
        assertThat(balance.get("rows").toString())
                .contains("[\"receivable\",\"blue\",\"0.036\",null,\"USD\"]");
    }

    @Test
    void aReRatingAddsRowsAndTheChainStaysWhole() {
        String body =
                "{\"cost\":{\"amount\":\"0.005\",\"currency\":\"USD\"},\"reason\":\"invoice 7\"}";
        JsonNode row = Served.json(call("POST", "/ledger/rows/rcpt_1/rerate", body));
        assertThat(row.get("kind").stringValue()).isEqualTo("rerated");
        assertThat(json("GET", "/ledger/rows/rcpt_1", "").get("corrections")).hasSize(2);
        assertThat(call("POST", "/ledger/rows/rcpt_9/rerate", body).statusCode()).isEqualTo(409);
        String bad = body.replace("0.005", "a lot");
        assertThat(call("POST", "/ledger/rows/rcpt_1/rerate", bad).body()).contains("cost.amount");
        assertThat(call("GET", "/ledger/verify", "").body())
                .contains("data: {\"rows\":5,\"flaw\":null,\"done\":true}");
        assertThat(call("GET", "/ledger/rebuild", "").body())
                .contains("data: {\"differences\":[],\"done\":true}");
    }

    @Test
    void usageIsToldByAnyDimension() {
        JsonNode usage = json("GET", "/usage?from=2026-10&to=2026-11&by=team&every=month", "");
        assertThat(usage.get("columns").toString())
                .isEqualTo(
                        "[\"month\",\"team\",\"requests\",\"unpriced\",\"estimated\",\"output\","
                                + "\"cost\",\"cost_currency\",\"charge\",\"charge_currency\"]");
        assertThat(usage.get("rows").toString())
                .isEqualTo(
                        "[[\"2026-10-01T00:00:00Z\",\"blue\",\"2\",\"0\",\"0\",\"6\",\"0.03\","
                                + "\"USD\",\"0.036\",\"USD\"]]");
        for (String bad : List.of("", "?from=2026-10&to=2026-11&by=colour", "?from=x&to=y")) {
            assertThat(call("GET", "/usage" + bad, "").statusCode()).as(bad).isEqualTo(400);
        }
    }

    @Test
    void statementsAreMadeOfTheTermsThatAreGiven() {
        String terms =
                "{\"commitments\":[{\"id\":\"cl\",\"party\":\"Azure\",\"amount\":{\"amount\":"
                        + "\"1\",\"currency\":\"USD\"},\"from\":\"2026-10\",\"to\":\"2027-10\","
                        + "\"eligible\":{\"supplier\":[\"azure-1\"]}}]}";
        JsonNode sheets = json("POST", "/statements/commitments?at=2026-10-20", terms);
        assertThat(sheets.get("data").get(0).get("rows").toString())
                .contains("[\"total\",\"spent\",\"0.03\",null,\"USD\"]");
        String shares =
                "{\"shares\":[{\"id\":\"s\",\"party\":\"P\",\"percent\":\"50\",\"currency\":"
                        + "\"USD\",\"from\":\"2026-01\",\"until\":\"2030-01\"}]}";
        assertThat(json("POST", "/statements/shares?from=2026-10&to=2026-11", shares).toString())
                .contains("[\"2026-10\",\"0.036\",\"0.018\",\"0.018\",\"0.018\",\"USD\"]");
        String funding =
                "{\"tranches\":[{\"id\":\"t\",\"party\":\"P\",\"amount\":{\"amount\":\"1\","
                        + "\"currency\":\"USD\"},\"trigger\":\"x\",\"lapses\":\"2026-01-01\"}]}";
        assertThat(json("POST", "/statements/funding", funding).toString()).contains("lapsed");
        assertThat(json("GET", "/statements/segments?from=2026-10&to=2026-11", "").toString())
                .contains("azure");
        assertThat(
                        json("GET", "/statements/party?team=blue&from=2026-10&to=2026-11", "")
                                .toString())
                .contains("receivable");
        String unknown = terms.replace("party", "parti");
        assertThat(call("POST", "/statements/commitments", unknown).body())
                .contains("commitments[0].party");
    }

    @Test
    void anInvoiceIsReconciledWithinATolerance() {
        String path = "/statements/reconcile?supplier=azure-1&period=2026-10&tolerance=";
        String invoice = "model,amount,currency\nacme/one,0.04,USD\n";
        assertThat(json("POST", path + "0.01%20USD", invoice).get("exceeds").booleanValue())
                .isFalse();
        JsonNode over = json("POST", path + "0.009%20USD", invoice);
        assertThat(over.get("exceeds").booleanValue()).isTrue();
        assertThat(over.get("rows").toString())
                .isEqualTo("[[\"acme/one\",\"price\",\"0.04\",\"0.03\",\"0.01\",\"USD\",\"\"]]");
        assertThat(call("POST", path + "1%20USD", "model,amount\nm,1\n").body())
                .contains("currency");
        assertThat(call("POST", path + "much", invoice).statusCode()).isEqualTo(400);
    }

    @Test
    void everyFocusDatasetIsExported() {
        for (String dataset :
                List.of(
                        "cost-and-usage",
                        "contract-commitment",
                        "invoice-detail",
                        "billing-period")) {
            JsonNode sheet = json("POST", "/focus/" + dataset + "?from=2026-10&to=2026-11", "{}");
            assertThat(sheet.get("columns")).as(dataset).isNotEmpty();
        }
        JsonNode cost = json("POST", "/focus/cost-and-usage?from=2026-10&to=2026-11", "{}");
        assertThat(cost.get("rows")).hasSize(1);
        assertThat(call("POST", "/focus/x?from=2026-10&to=2026-11", "{}").statusCode())
                .isEqualTo(400);
    }

    private static Receipt receipt(String tenant, String id, String cost) {
        Instant at = Instant.parse("2026-10-10T10:00:00Z");
        return Receipt.builder()
                .id(id)
                .orderId("ord_1")
                .attempt(1)
                .tenant(tenant)
                .team("blue")
                .principal("ada")
                .keyId("key_1")
                .storefront("agents")
                .modelAsked("small")
                .model("acme/one")
                .supplier("azure-1")
                .outcome(Receipt.Outcome.DELIVERED)
                .usage(new Usage(Map.of(Meter.OUTPUT, 3L), false))
                .cost(Money.of(cost, "USD"))
                .startedAt(at)
                .endedAt(at)
                .firstEventMillis(4L)
                .build()
                .withTrade("azure", null, null);
    }

    private JsonNode json(String method, String path, String body) {
        HttpResponse<String> answer = call(method, path, body);
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return Served.json(answer);
    }

    private HttpResponse<String> call(String method, String path, String body) {
        var request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:" + server.port() + "/admin/v1" + path))
                        .header("authorization", "Bearer " + KnownKeys.ALL)
                        .method(
                                method,
                                body.isEmpty()
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(body));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
