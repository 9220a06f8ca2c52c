package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;

import entrepot.conversation.Failure.Cause;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.testing.CountingIds;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.protocols.json.Json;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;
import entrepot.testkit.ScriptedSupplier.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Accounts at Google: who counts tokens there, and what happens when a short-lived key changes. */
class GoogleAccountsTest {

    private static final String CATALOGUE =
            """
            suppliers:
              google: {kind: gemini, base_url: "BASE", key_env: KEY}
              vertex:
                kind: vertex
                base_url: "BASE"
                project: p-1
                location: global
                key_file: vertex.token
            models:
              google/flash: {offers: [{supplier: google, name: flash-001, prices: free}]}
              google/on-vertex: {offers: [{supplier: vertex, name: flash-001, prices: free}]}
            """;
    private static final String ONE = "ya29.first-token";
    private static final String TWO = "ya29.second-token";
    private static final String ANSWER =
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},
              "finishReason":"STOP"}],
             "usageMetadata":{"promptTokenCount":1,"candidatesTokenCount":1,"totalTokenCount":2}}
            """;

    @TempDir private Path folder;
    private final ScriptedSupplier google = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final MemoryLedger ledger = new MemoryLedger();
    private CatalogueFile catalogue;
    private Served served;

    @BeforeEach
    void open() throws Exception {
        Path file = folder.resolve("catalogue.yaml");
        Files.writeString(file, CATALOGUE.replace("BASE", "http://127.0.0.1:" + google.port()));
        Files.writeString(folder.resolve("vertex.token"), ONE + "\n");
        var secrets = new SecretSources(Map.of("KEY", "AIza-supplier"), folder);
        var reader = new CatalogueReader(Map.of(), secrets);
        catalogue = CatalogueFile.open(file, reader, Clock.systemUTC());
        var ids = new CountingIds("m");
        served =
                new Served(
                        Markets.open(catalogue, ledger, http, List.of(), Clock.systemUTC(), ids));
    }

    @AfterEach
    void close() {
        served.close();
        catalogue.close();
        http.close();
        google.close();
    }

    private Client client() {
        return Client.builder()
                .apiKey(KnownKeys.ALL)
                .httpOptions(
                        HttpOptions.builder()
                                .baseUrl(served.url())
                                .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                                .build())
                .build();
    }

    private static JsonNode sent(Received request) {
        return Json.read(request.body(), Cause.INTERNAL);
    }

    @Test
    void theSupplierItselfCountsForTheOfficialClient() {
        google.always(Script.json(200, "{\"totalTokens\":12}"));
        try (Client client = client()) {
            assertThat(client.models.countTokens("flash", "eight letters", null).totalTokens())
                    .contains(12);
        }
        assertThat(google.last().target()).isEqualTo("/v1beta/models/flash-001:countTokens");
        assertThat(sent(google.last()).at("/contents/0/parts/0/text").stringValue())
                .isEqualTo("eight letters");
        assertThat(ledger.all().getFirst().usage().totalTokens()).as("to count is free").isZero();
    }

    @Test
    void aWholeRequestIsCountedUnderTheSuppliersOwnNameForTheModel() {
        google.always(Script.json(200, "{\"totalTokens\":12}"));
        String whole =
                "{\"generateContentRequest\":{\"model\":\"models/flash\",\"systemInstruction\":"
                        + "{\"parts\":[{\"text\":\"Be brief\"}]},\"contents\":[{\"role\":\"user\","
                        + "\"parts\":[{\"text\":\"Hi\"}]}]}}";
        HttpResponse<String> answer = served.post("/v1beta/models/flash:countTokens", whole);
        assertThat(Served.json(answer).path("totalTokens").intValue()).isEqualTo(12);
        JsonNode request = sent(google.last()).path("generateContentRequest");
        assertThat(request.path("model").stringValue()).isEqualTo("models/flash-001");
        assertThat(request.at("/systemInstruction/parts/0/text").stringValue())
                .isEqualTo("Be brief");

        answer = served.post("/v1beta/models/on-vertex:countTokens", whole);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(google.last().target())
                .startsWith("/v1beta1/projects/p-1/locations/global/publishers/google/models/");
        assertThat(sent(google.last()).at("/systemInstruction/parts/0/text").stringValue())
                .as("Vertex has no member for a whole request")
                .isEqualTo("Be brief");
    }

    @Test
    void callersOfOtherDialectsAreCountedForToo() {
        google.always(Script.json(200, "{\"totalTokens\":12}"));
        HttpResponse<String> answer = count("Hello");
        assertThat(answer.body()).contains("\"input_tokens\":12");
        assertThat(answer.headers().firstValue("x-entrepot-estimated")).isEmpty();
        assertThat(google.last().target()).endsWith(":countTokens");
    }

    @Test
    void r42AnErrorOfACountIsSaidInTheCallersOwnShape() {
        google.always(
                Script.json(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"contents: too odd\","
                                + "\"status\":\"INVALID_ARGUMENT\"}}"));
        JsonNode error = Served.json(count("x"));
        assertThat(error.at("/error/type").stringValue()).isEqualTo("invalid_request_error");
        String contents = "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}";
        error = Served.json(served.post("/v1beta/models/flash:countTokens", contents));
        assertThat(error.at("/error/status").stringValue()).isEqualTo("INVALID_ARGUMENT");
        google.always(Script.json(404, "{\"detail\":\"nothing here\"}"));
        HttpResponse<String> answer = served.post("/v1beta/models/flash:countTokens", contents);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-entrepot-estimated")).contains("true");
    }

    @Test
    void aTokenThatSomethingRenewsIsTakenUpWithoutARestart() throws Exception {
        String[] good = {ONE};
        google.always(request ->
                ("Bearer " + good[0]).equals(request.header("authorization"))
                        ? Script.json(200, ANSWER)
                        : Script.json(
                                401,
                                "{\"error\":{\"code\":401,\"message\":\"expired: "
                                        + request.header("authorization")
                                        + "\",\"status\":\"UNAUTHENTICATED\"}}"));
        assertThat(ask().statusCode()).isEqualTo(200);
        good[0] = TWO;
        HttpResponse<String> refused = ask();
        assertThat(refused.statusCode()).as("ours, not the caller's").isEqualTo(502);
        assertThat(refused.body()).doesNotContain("first-token");
        Files.writeString(folder.resolve("vertex.token"), TWO);
        assertThat(catalogue.refresh()).isTrue();
        assertThat(ask().statusCode())
                .as("what the old key did is not held against it")
                .isEqualTo(200);
        assertThat(google.last().header("authorization")).isEqualTo("Bearer " + TWO);
        assertThat(ledger.all().toString()).doesNotContain("first-token", "second-token");
        assertThat(catalogue.get().suppliers().toString())
                .contains("vertex.token")
                .doesNotContain("first-token", "second-token");
    }

    /** As a client of Anthropic's asks. */
    private HttpResponse<String> count(String text) {
        String body =
                "{\"model\":\"flash\",\"messages\":[{\"role\":\"user\",\"content\":\""
                        + text
                        + "\"}]}";
        return served.send(
                served.request("POST", "/v1/messages/count_tokens", body)
                        .setHeader("anthropic-version", "2023-06-01")
                        .build());
    }

    private HttpResponse<String> ask() {
        return served.post(
                "/v1beta/models/on-vertex:generateContent",
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hi\"}]}]}");
    }
}
