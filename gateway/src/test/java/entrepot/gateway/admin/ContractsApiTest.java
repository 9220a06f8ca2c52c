package entrepot.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Gateway;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ServerSettings;
import entrepot.http.engine.HttpServer;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Money;
import entrepot.market.Order.ApiKind;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.evidence.EvidenceKey;
import entrepot.market.contracts.evidence.SignedEvidence;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.hindsight.Hindsight;
import entrepot.market.testing.MemoryLedger;
import entrepot.protocols.json.Json;
import entrepot.testkit.SettableClock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ContractsApiTest {

    private static final String CATALOGUE =
            """
            suppliers:
              azure: {kind: openai-compatible, base_url: "https://a.invalid/v1", channel: azure}
              bedrock: {kind: openai-compatible, base_url: "https://b.invalid/v1", channel: bedrock}
            models:
              openai/one:
                offers:
                  - {supplier: azure, name: one, prices: {input: 2, output: 8}}
                  - {supplier: bedrock, name: one, prices: {input: 1, output: 4}}
            """;

    /** Only this channel carries the vendor's models. */
    private static String only(String channel) {
        return """
        contracts:
          deal:
            title: A deal
            parties:
              openai: {name: OpenAI, vendor: openai}
              clouds: {name: Clouds, channels: [azure, bedrock]}
            documents: {d: {title: The deal}}
            clauses:
              sole:
                kind: exclusivity
                says: one cloud alone
                models: [openai/*]
                channels: [CHANNEL]
                from: 2026-01-01
                source: d
              where:
                kind: residency
                says: in Europe
                regions: [eu]
                source: d
        """
                .replace("CHANNEL", channel);
    }

    private static final ContractBook IN_FORCE = book(only("azure"));

    private final MemoryLedger ledger = new MemoryLedger();
    private final EvidenceKey key = EvidenceKey.make(new SecureRandom());
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir private Path folder;
    private CatalogueFile catalogue;
    private HttpServer server;

    private static ContractBook book(String text) {
        return new ContractsReader().read(new TreeMap<>(Map.of("deal.yaml", text)));
    }

    @BeforeEach
    void open() throws Exception {
        var clock = SettableClock.at("2026-04-12T09:00:00Z");
        Path file = folder.resolve("catalogue.yaml");
        Files.writeString(file, CATALOGUE);
        var reader = new CatalogueReader(Map.of(), new SecretSources(Map.of(), folder));
        catalogue = CatalogueFile.open(file, reader, clock);
        var api = new ContractsApi(new Hindsight(ledger, catalogue), () -> IN_FORCE, key);
        server =
                HttpServer.start(
                        ServerSettings.loopback(0),
                        Gateway.handler(
                                api.routes(),
                                Map.of(),
                                new KnownKeys(),
                                new CountingIds("a"),
                                clock));
    }

    @AfterEach
    void close() {
        server.close();
        catalogue.close();
        http.close();
    }

    @Test
    void everyOrderThatMovesIsExplainedWithItsCostBeforeAndAfter() {
        seed();
        JsonNode told = json(whatIf(only("bedrock"), "keep", 100, null));
        assertThat(told.get("orders").intValue()).isEqualTo(3);
        assertThat(told.get("moved")).hasSize(3);
        JsonNode moved = told.get("moved").get(0);
        assertThat(moved.get("order").stringValue()).isEqualTo("ord_1");
        assertThat(moved.get("from").stringValue()).isEqualTo("azure");
        assertThat(moved.get("to").stringValue()).isEqualTo("bedrock");
        assertThat(moved.get("why").stringValue())
                .startsWith("goes to bedrock, since the contracts do not allow")
                .contains("deal/sole", "what.yaml:");
        assertThat(moved.get("billed").get("amount").stringValue()).isEqualTo("1.9");
        assertThat(moved.get("cost_before").get("amount").stringValue()).isEqualTo("2");
        assertThat(moved.get("cost_after").get("amount").stringValue()).isEqualTo("1");
        assertThat(moved.get("difference").get("amount").stringValue()).isEqualTo("-1");
        // The second attempt says what became of it.
        assertThat(told.get("moved").get(1).get("order").stringValue()).isEqualTo("ord_2");
        assertThat(told.get("moved").get(1).get("at").stringValue()).contains("T10:00:03");
        JsonNode refused = told.get("moved").get(2);
        assertThat(refused.get("order").stringValue()).isEqualTo("ord_3");
        assertThat(refused.get("from").isNull()).isTrue();
        assertThat(refused.get("to").stringValue()).isEqualTo("bedrock");
        assertThat(refused.get("difference").isNull()).isTrue();
        assertThat(told.get("totals").toString())
                .isEqualTo("[{\"amount\":\"-2\",\"currency\":\"USD\"}]");
        assertThat(told.get("untold").intValue()).isEqualTo(1);
        assertThat(told.get("left_out").toString())
                .isEqualTo(
                        "{\"begun_earlier\":1,\"refused_otherwise\":1,\"model_unknown\":1,"
                                + "\"not_recorded\":1}");
        assertThat(told.get("basis").stringValue()).contains("catalogue offers now");
        assertThat(told.get("cut").booleanValue()).isFalse();
    }

    @Test
    void theSameQuestionHasTheSameBytes() {
        seed();
        String once = whatIf(only("bedrock"), "cheapest", 100, null).body();
        assertThat(whatIf(only("bedrock"), "cheapest", 100, null).body()).isEqualTo(once);
        assertThat(evidence("deal/sole").body()).isEqualTo(evidence("deal/sole").body());
    }

    @Test
    void withoutContractsTheCheapestShowsWhatTheyCost() {
        seed();
        JsonNode told = json(whatIf("contracts: {}", "cheapest", 100, null));
        assertThat(told.get("moved").get(0).get("why").stringValue())
                .isEqualTo("goes to bedrock, which costs less than azure");
        JsonNode kept = json(whatIf("contracts: {}", "keep", 100, null));
        assertThat(kept.get("moved")).hasSize(1); // the one that was refused
    }

    @Test
    void aLongPeriodIsCutAndGoneOnWith() {
        seed();
        JsonNode first = json(whatIf(only("bedrock"), "keep", 2, null));
        assertThat(first.get("cut").booleanValue()).isTrue();
        assertThat(first.get("moved")).hasSize(2);
        assertThat(first.get("moved").get(1).get("at").stringValue()).contains("T10:00:03");
        JsonNode rest = json(whatIf(only("bedrock"), "keep", 100, first.get("next").stringValue()));
        assertThat(rest.get("moved")).hasSize(1);
        assertThat(rest.get("moved").get(0).get("order").stringValue()).isEqualTo("ord_3");
        assertThat(whatIf(only("bedrock"), "keep", 100, "rcpt_none").body())
                .contains("there is no receipt rcpt_none");
    }

    @Test
    void badContractsAreToldWithFileLineAndColumn() {
        HttpResponse<String> refused = whatIf("contracts:\n  c: {titel: x}\n", "keep", 1, null);
        assertThat(refused.statusCode()).isEqualTo(400);
        JsonNode error = Served.json(refused).get("error");
        assertThat(error.get("param").stringValue()).isEqualTo("files");
        JsonNode problem =
                error.get("problems")
                        .valueStream()
                        .filter(each -> each.get("path").stringValue().equals("contracts.c.titel"))
                        .findFirst()
                        .orElseThrow();
        assertThat(problem.get("file").stringValue()).isEqualTo("what.yaml");
        assertThat(problem.get("line").intValue()).isEqualTo(2);
        assertThat(problem.get("column").intValue()).isEqualTo(7);
        assertThat(error.get("message").stringValue()).contains("what.yaml:2:7: contracts.c.titel");
    }

    @Test
    void badQuestionsAreRefusedByName() {
        Map.of(
                        "{\"from\":\"2026-03\",\"to\":\"2026-04\"}", "files",
                        "{\"files\":{\"a\":1},\"from\":\"2026-03\",\"to\":\"2026-04\"}", "files.a",
                        "{\"files\":{},\"from\":\"May\",\"to\":\"2026-04\"}", "from",
                        "{\"files\":{},\"from\":\"2026-05\",\"to\":\"2026-04\"}", "to",
                        "{\"files\":{},\"from\":\"2026-03\",\"to\":\"2026-04\",\"orders_max\":0}",
                                "orders_max",
                        "{\"files\":{},\"from\":\"2026-03\",\"to\":\"2026-04\",\"prefer\":\"x\"}",
                                "prefer")
                .forEach((body, param) -> {
                    HttpResponse<String> refused = call("whatif", body, KnownKeys.ALL);
                    assertThat(refused.statusCode()).as(body).isEqualTo(400);
                    assertThat(Served.json(refused).at("/error/param").asString(""))
                            .isEqualTo(param);
                });
        assertThat(evidence("deal/none").statusCode()).isEqualTo(400);
        assertThat(evidence("deal/none").body()).contains("there is no clause 'deal/none'");
        // An empty document would look like proof that nothing happened.
        assertThat(evidence("deal/where").statusCode()).isEqualTo(400);
        assertThat(evidence("deal/where").body()).contains("the contract gate does not ask");
        assertThat(call("whatif", "{}", KnownKeys.MODELS).statusCode()).isEqualTo(403);
    }

    @Test
    void aTenantAsksItsOwnOrdersOnly() {
        seed();
        String body = question(only("bedrock"), "keep", 100, null).toString();
        JsonNode told = Served.json(call("whatif", body, KnownKeys.OTHER_TENANT));
        assertThat(told.get("orders").intValue()).isZero();
    }

    @Test
    void evidenceIsSignedAndHoldsWhatTheClauseTouched() {
        seed();
        HttpResponse<String> answer = evidence("deal/sole");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        byte[] document = answer.body().getBytes(UTF_8);
        assertThat(SignedEvidence.verify(document, key.verifying()).good()).isTrue();
        JsonNode evidence = Served.json(answer).get("evidence");
        assertThat(evidence.get("decisions").valueStream().map(ContractsApiTest::words))
                .containsExactly(
                        "ord_0 azure true",
                        "ord_1 azure true",
                        "ord_2 azure true",
                        "ord_2 azure true",
                        "ord_3 bedrock false");
        assertThat(evidence.get("left_out").intValue()).isEqualTo(1);
        JsonNode shown = Served.json(call("evidence-key", "", KnownKeys.ALL));
        assertThat(EvidenceKey.publicKey(shown.get("public_key").stringValue()))
                .isEqualTo(key.verifying());
        assertThat(Served.json(answer).at("/signature/key_id").asString(""))
                .isEqualTo(shown.get("id").stringValue());
    }

    private static String words(JsonNode each) {
        return "%s %s %s"
                .formatted(
                        each.get("order").stringValue(),
                        each.get("supplier").stringValue(),
                        each.get("allowed").booleanValue());
    }

    /** March: three orders that can be decided again, and four that cannot. */
    private void seed() {
        ledger.append(tried("rcpt_0", "ord_0", 2, "2026-03-01T00:00:01Z", Outcome.DELIVERED));
        ledger.append(tried("rcpt_1", "ord_1", 1, "2026-03-02T10:00:00Z", Outcome.DELIVERED));
        ledger.append(tried("rcpt_2", "ord_2", 1, "2026-03-03T10:00:00Z", Outcome.FAILED));
        ledger.append(tried("rcpt_3", "ord_2", 2, "2026-03-03T10:00:03Z", Outcome.DELIVERED));
        ledger.append(
                refused(
                        "rcpt_4",
                        "ord_3",
                        "openai/one",
                        new Verdict("policy", false, "azure: forbidden by p"),
                        new Verdict("contract", false, "bedrock: the contracts do not allow it")));
        ledger.append(
                refused(
                        "rcpt_5",
                        "ord_4",
                        "openai/one",
                        new Verdict("route", false, "every supplier rests")));
        ledger.append(
                refused("rcpt_6", "ord_5", "", new Verdict("route", false, "no model is called")));
        ledger.append(
                tried("rcpt_7", "ord_6", 1, "2026-03-09T10:00:00Z", Outcome.DELIVERED)
                        .withTrade(null, null, null));
        ledger.append(tried("rcpt_8", "ord_7", 1, "2026-04-01T00:00:00Z", Outcome.DELIVERED));
    }

    /** How an attempt went. */
    private record Went(int attempt, String supplier, Outcome outcome, String at) {}

    private static Receipt tried(String id, String order, int attempt, String at, Outcome outcome) {
        var went = new Went(attempt, "azure", outcome, at);
        return receipt(id, order, "openai/one", went, List.of())
                .withTrade("azure", null, ApiKind.STATELESS);
    }

    private static Receipt refused(String id, String order, String model, Verdict... verdicts) {
        var went = new Went(0, "", Outcome.REFUSED, "2026-03-08T10:00:00Z");
        return receipt(id, order, model, went, List.of(verdicts))
                .withTrade(null, null, ApiKind.STATELESS);
    }

    private static Receipt receipt(
            String id, String order, String model, Went went, List<Verdict> verdicts) {
        boolean filled = went.outcome() == Outcome.DELIVERED;
        return Receipt.builder()
                .id(id)
                .orderId(order)
                .attempt(went.attempt())
                .tenant("acme")
                .team("team")
                .principal("ada")
                .keyId("key_1")
                .storefront("openai.chat")
                .modelAsked("one")
                .model(model)
                .supplier(went.supplier())
                .outcome(went.outcome())
                .usage(
                        filled
                                ? new Usage(Map.of(Meter.FRESH_INPUT, 1_000_000L), false)
                                : Usage.NONE)
                .cost(filled ? Money.of("1.9", "USD") : null)
                .startedAt(Instant.parse(went.at()))
                .endedAt(Instant.parse(went.at()))
                .verdicts(verdicts)
                .build();
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Served.json(answer);
    }

    private HttpResponse<String> whatIf(
            String contracts, String prefer, int ordersMax, @Nullable String after) {
        return call(
                "whatif", question(contracts, prefer, ordersMax, after).toString(), KnownKeys.ALL);
    }

    private static ObjectNode question(
            String contracts, String prefer, int ordersMax, @Nullable String after) {
        ObjectNode question =
                Json.object()
                        .put("from", "2026-03")
                        .put("to", "2026-04-01")
                        .put("prefer", prefer)
                        .put("orders_max", ordersMax)
                        .put("after", after);
        question.putObject("files").put("what.yaml", contracts);
        return question;
    }

    private HttpResponse<String> evidence(String clause) {
        ObjectNode body =
                Json.object().put("clause", clause).put("from", "2026-03").put("to", "2026-04");
        return call("evidence", body.toString(), KnownKeys.ALL);
    }

    private HttpResponse<String> call(String path, String body, String secret) {
        var address =
                URI.create("http://127.0.0.1:" + server.port() + "/admin/v1/contracts/" + path);
        var request =
                HttpRequest.newBuilder(address)
                        .header("content-type", "application/json")
                        .header("authorization", "Bearer " + secret);
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
