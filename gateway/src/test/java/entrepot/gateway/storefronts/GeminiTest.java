package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.genai.Client;
import com.google.genai.errors.ApiException;
import com.google.genai.types.Content;
import com.google.genai.types.CountTokensResponse;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Part;
import com.google.genai.types.Tool;

import entrepot.conversation.Failure.Cause;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.testing.CountingIds;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.protocols.json.Json;
import entrepot.testkit.PlainClient;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Google's official client and plain ones, against suppliers of Gemini, Vertex and Chat. */
class GeminiTest {

    private static final String CATALOGUE =
            """
            suppliers:
              google: {kind: gemini, base_url: "BASE", key_env: KEY}
              vertex:
                kind: vertex
                base_url: "BASE"
                project: p-1
                location: global
                key_env: KEY
              chat: {kind: openai-compatible, base_url: "BASE/v1", key_env: KEY}
            models:
              google/gemini-3-flash:
                offers: [{supplier: google, name: gemini-3-flash-001, prices: free}]
              google/on-vertex:
                offers: [{supplier: vertex, name: gemini-3-flash-001, prices: free}]
              other/chatty:
                offers: [{supplier: chat, name: chatty-1, prices: free}]
            """;

    private static final String CALLED =
            """
            {"candidates":[{"content":{"role":"model","parts":[
              {"functionCall":{"name":"weather","args":{"city":"Oslo"}},
               "thoughtSignature":"U2lnbmVk"}]},"finishReason":"STOP","index":0}],
             "usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":5,
               "thoughtsTokenCount":3,"totalTokenCount":15},
             "modelVersion":"gemini-3-flash-001","responseId":"r1"}
            """;

    private final ScriptedSupplier twin = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final MemoryLedger ledger = new MemoryLedger();
    private final Served served = served();

    private Served served() {
        Catalogue catalogue =
                new CatalogueReader(
                                Map.of(),
                                new SecretSources(Map.of("KEY", "AIza-supplier"), Path.of(".")))
                        .read(
                                "gemini.yaml",
                                CATALOGUE.replace("BASE", "http://127.0.0.1:" + twin.port()));
        return new Served(
                Markets.open(
                        () -> catalogue,
                        ledger,
                        http,
                        List.of(),
                        Clock.systemUTC(),
                        new CountingIds("m")));
    }

    @AfterEach
    void close() {
        served.close();
        http.close();
        twin.close();
    }

    private Client client() {
        return Client.builder()
                .apiKey(KnownKeys.ALL)
                .httpOptions(
                        HttpOptions.builder()
                                .baseUrl(served.url())
                                // It would wait seconds before it asks again.
                                .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                                .build())
                .build();
    }

    @Test
    void theOfficialClientGetsWhatItsOwnSupplierSaid() {
        twin.always(json(CALLED));
        try (Client client = client()) {
            GenerateContentResponse answer =
                    client.models.generateContent("gemini-3-flash", "weather in Oslo", null);
            assertThat(requireNonNull(answer.functionCalls()).getFirst().args().orElseThrow())
                    .containsEntry("city", "Oslo");
            assertThat(requireNonNull(answer.parts()).getFirst().thoughtSignature().orElseThrow())
                    .isEqualTo("Signed".getBytes(UTF_8));
        }
        assertThat(twin.last().target())
                .isEqualTo("/v1beta/models/gemini-3-flash-001:generateContent");
        assertThat(twin.last().header("x-goog-api-key")).isEqualTo("AIza-supplier");
        assertThat(twin.last().header("authorization")).as("R74").isNull();
        assertThat(ledger.all().getLast().usage().totalTokens()).isEqualTo(15);
    }

    @Test
    void theOfficialClientReadsAStream() {
        twin.always(
                events(
                        chunk("{\"text\":\"one \"}", ""),
                        chunk("{\"text\":\"two\"}", ",\"finishReason\":\"STOP\"")));
        try (Client client = client()) {
            var text = new StringBuilder();
            client.models
                    .generateContentStream("google/gemini-3-flash", "count", null)
                    .forEach(answer -> text.append(answer.text()));
            assertThat(text.toString()).isEqualTo("one two");
        }
        assertThat(twin.last().target())
                .isEqualTo("/v1beta/models/gemini-3-flash-001:streamGenerateContent?alt=sse");
    }

    @Test
    void theOfficialClientCallsAToolOfAModelBehindChat() {
        twin.answer(
                json(
                        """
                        {"id":"c1","model":"chatty-1","choices":[{"index":0,"message":{
                          "role":"assistant","content":null,"tool_calls":[{"id":"call_9",
                          "type":"function","function":{"name":"weather",
                          "arguments":"{\\"city\\":\\"Oslo\\"}"}}]},
                          "finish_reason":"tool_calls"}],
                         "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                        """));
        GenerateContentConfig config = withTool();
        try (Client client = client()) {
            GenerateContentResponse first =
                    client.models.generateContent("other/chatty", "weather in Oslo", config);
            var call = requireNonNull(first.functionCalls()).getFirst();
            assertThat(call.id()).contains("call_9");
            twin.answer(
                    json(
                            """
                            {"id":"c2","model":"chatty-1","choices":[{"index":0,"message":{
                              "role":"assistant","content":"rain"},"finish_reason":"stop"}],
                             "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                            """));
            var result =
                    Part.fromFunctionResponse("weather", Map.of("output", "it rains")).toBuilder()
                            .build();
            GenerateContentResponse after =
                    client.models.generateContent(
                            "other/chatty",
                            List.of(
                                    Content.fromParts(Part.fromText("weather in Oslo")),
                                    first.candidates()
                                            .orElseThrow()
                                            .getFirst()
                                            .content()
                                            .orElseThrow(),
                                    Content.builder().role("user").parts(result).build()),
                            config);
            assertThat(after.text()).isEqualTo("rain");
            assertThat(after.usageMetadata().orElseThrow().totalTokenCount()).contains(5);
        }
        JsonNode sent = Json.read(twin.last().body(), Cause.INTERNAL);
        assertThat(sent.path("messages").get(0).path("role").asString()).isEqualTo("system");
        assertThat(sent.path("messages").get(3).path("tool_call_id").asString())
                .as("R30: a result without an id belongs to the call of its name")
                .isEqualTo("call_9");
        assertThat(sent.path("messages").get(3).path("content").asString()).isEqualTo("it rains");
    }

    private static GenerateContentConfig withTool() {
        return GenerateContentConfig.builder()
                .systemInstruction(Content.fromParts(Part.fromText("Be brief")))
                .maxOutputTokens(100)
                .tools(
                        Tool.builder()
                                .functionDeclarations(
                                        FunctionDeclaration.builder()
                                                .name("weather")
                                                .description("w")
                                                .build())
                                .build())
                .build();
    }

    @Test
    void theOfficialClientListsAndCounts() {
        try (Client client = client()) {
            var names = new ArrayList<String>();
            client.models
                    .list(ListModelsConfig.builder().pageSize(2).build())
                    .forEach(model -> names.add(model.name().orElseThrow()));
            assertThat(names)
                    .containsExactly(
                            "models/google/gemini-3-flash",
                            "models/google/on-vertex",
                            "models/other/chatty");
            assertThat(client.models.get("models/other/chatty", null).name())
                    .contains("models/other/chatty");
            twin.always(json("{\"totalTokens\":4}"));
            CountTokensResponse count =
                    client.models.countTokens("gemini-3-flash", "eight letters", null);
            assertThat(count.totalTokens()).contains(4);
        }
    }

    @Test
    void theOfficialClientUnderstandsRefusals() {
        try (Client client = client()) {
            var missing =
                    catchThrowableOfType(
                            ApiException.class,
                            () -> client.models.generateContent("no/such", "x", null));
            assertThat(missing.code()).isEqualTo(404);
            assertThat(missing.status()).isEqualTo("NOT_FOUND");
            twin.always(
                    new Script(400, List.of("content-type: application/json"), false, List.of())
                            .send(
                                    ("{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
                                                    + "\"message\":\"API key not valid.\"}}")
                                            .getBytes(UTF_8)));
            var ours =
                    catchThrowableOfType(
                            ApiException.class,
                            () -> client.models.generateContent("gemini-3-flash", "x", null));
            assertThat(ours.code()).as("our key, not the caller's").isEqualTo(502);
        }
    }

    @Test
    void r72AKeyInTheQueryIsTakenAndGoesNowhere() throws IOException {
        twin.always(json(CALLED));
        String path = "/v1beta/models/gemini-3-flash:generateContent?key=";
        assertThat(post(path + KnownKeys.ALL, Map.of(), HI).status).isEqualTo(200);
        assertThat(twin.last().target()).doesNotContain("key=");
        Told wrong = post(path + "sk-wrong-key", Map.of(), HI);
        assertThat(wrong.status).isEqualTo(401);
        assertThat(wrong.body).contains("UNAUTHENTICATED").doesNotContain("sk-wrong-key");
        assertThat(post("/v1/chat/completions?key=" + KnownKeys.ALL, Map.of(), HI).status)
                .as("only where Google's clients put it")
                .isEqualTo(401);
    }

    @Test
    void modelsAreNamedInEveryWayThatClientsKnow() throws IOException {
        twin.always(json(CALLED));
        for (String path :
                List.of(
                        "/v1/models/gemini-3-flash:generateContent",
                        "/v1beta/models/google/gemini-3-flash:generateContent",
                        "/v1beta/models/google%2Fgemini-3-flash%3AgenerateContent",
                        "/v1/publishers/google/models/gemini-3-flash:generateContent",
                        "/v1beta1/projects/x/locations/y/publishers/google/models/"
                                + "gemini-3-flash:generateContent")) {
            assertThat(post(path, bearer(), HI).status).as(path).isEqualTo(200);
        }
        assertThat(post("/v1beta/models/gemini-3-flash:dream", bearer(), HI).status).isEqualTo(404);
        assertThat(post("/v1beta/models/on-vertex:generateContent", bearer(), HI).status)
                .isEqualTo(200);
        assertThat(twin.last().target())
                .isEqualTo(
                        "/v1beta1/projects/p-1/locations/global/publishers/google/models/"
                                + "gemini-3-flash-001:generateContent");
        assertThat(twin.last().header("authorization")).isEqualTo("Bearer AIza-supplier");
    }

    @Test
    void aStreamWithoutEventsIsAnArray() throws IOException {
        String one = chunk("{\"text\":\"one\"}", "");
        String two = chunk("{\"text\":\"two\"}", ",\"finishReason\":\"STOP\"");
        twin.always(events(one, two));
        Told relayed = post("/v1beta/models/gemini-3-flash:streamGenerateContent", bearer(), HI);
        assertThat(relayed.headers.get("content-type")).startsWith("application/json");
        assertThat(relayed.body).isEqualTo("[" + one + ",\r\n" + two + "]");
        twin.always(
                new Script(200, List.of("content-type: text/event-stream"), true, List.of())
                        .send(
                                ("data: {\"id\":\"c\",\"model\":\"x\",\"choices\":[{\"index\":0,"
                                                + "\"delta\":{\"content\":\"hi\"},"
                                                + "\"finish_reason\":\"stop\"}]}\n\n"
                                                + "data: [DONE]\n\n")
                                        .getBytes(UTF_8)));
        Told told = post("/v1beta/models/other/chatty:streamGenerateContent", bearer(), HI);
        JsonNode array = Json.read(told.body, Cause.INTERNAL);
        assertThat(array.isArray()).isTrue();
        assertThat(array.get(0).at("/candidates/0/content/parts/0/text").asString())
                .isEqualTo("hi");
        assertThat(array.get(array.size() - 1).at("/candidates/0/finishReason").asString())
                .isEqualTo("STOP");
    }

    @Test
    void googlesClientsAreToldGooglesListWhereOthersAreToldTheirs() throws IOException {
        var headers = new TreeMap<>(bearer());
        assertThat(get("/v1/models", headers).body).contains("\"object\":\"list\"");
        headers.put("x-goog-api-client", "google-genai-sdk/1");
        assertThat(get("/v1/models", headers).body).contains("\"models\":[{\"name\":\"models/");
    }

    private static final String HI = "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]}";

    private static Map<String, String> bearer() {
        return Map.of("authorization", "Bearer " + KnownKeys.ALL);
    }

    private record Told(int status, Map<String, String> headers, String body) {}

    private Told post(String path, Map<String, String> headers, String body) throws IOException {
        var all = new TreeMap<>(headers);
        all.put("content-type", "application/json");
        return send("POST", path, all, body.getBytes(UTF_8));
    }

    private Told get(String path, Map<String, String> headers) throws IOException {
        return send("GET", path, headers, new byte[0]);
    }

    private Told send(String method, String path, Map<String, String> headers, byte[] body)
            throws IOException {
        var all = new TreeMap<>(headers);
        all.put("connection", "close");
        URI to = URI.create(served.url() + path);
        try (var client = PlainClient.send(method, to, all, body);
                var in = client.body()) {
            String type = client.header("content-type");
            return new Told(
                    client.status(),
                    Map.of("content-type", type == null ? "" : type),
                    new String(in.readAllBytes(), UTF_8));
        }
    }

    private static Script json(String body) {
        return new Script(200, List.of("content-type: application/json"), false, List.of())
                .send(body.getBytes(UTF_8));
    }

    private static Script events(String... chunks) {
        var text = new StringBuilder();
        for (String chunk : chunks) {
            text.append("data: ").append(chunk).append("\r\n\r\n");
        }
        return new Script(200, List.of("content-type: text/event-stream"), true, List.of())
                .send(text.toString().getBytes(UTF_8));
    }

    private static String chunk(String part, String more) {
        return "{\"candidates\":[{\"content\":{\"parts\":["
                + part
                + "],\"role\":\"model\"}"
                + more
                + "}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2,"
                + "\"totalTokenCount\":5},\"modelVersion\":\"g\",\"responseId\":\"r\"}";
    }
}
