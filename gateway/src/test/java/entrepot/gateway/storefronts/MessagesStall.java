package entrepot.gateway.storefronts;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;

import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real market with a scripted Anthropic, a scripted OpenAI and a model of its own, served. */
final class MessagesStall implements AutoCloseable {

    final ScriptedSupplier anthropic = ScriptedSupplier.start();
    final ScriptedSupplier openai = ScriptedSupplier.start();
    final ScriptedModel echo = new ScriptedModel("entrepot/echo-1");
    final MemoryLedger ledger = new MemoryLedger();
    final Served served;
    final AnthropicClient client;
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);

    MessagesStall() {
        Catalogue catalogue =
                new CatalogueReader(
                                Map.of(echo.model(), echo.note()),
                                new SecretSources(
                                        Map.of("KEY_A", "sk-ant-aaaa", "KEY_O", "sk-oooooooo"),
                                        Path.of(".")))
                        .read(
                                "test.yaml",
                                """
                                suppliers:
                                  a:
                                    kind: anthropic
                                    base_url: "%s"
                                    key_env: KEY_A
                                    betas: [context-1m-2025-08-07]
                                  o: {kind: openai-compatible, base_url: "%s", key_env: KEY_O}
                                models:
                                  anthropic/opus:
                                    created: 1775000000
                                    offers:
                                      - {supplier: a, name: opus-at-a,
                                         prices: {input: 5, output: 25}}
                                  openai/gpt:
                                    offers:
                                      - {supplier: o, name: gpt-at-o,
                                         prices: {input: 1, output: 2}}
                                aliases:
                                  claude: anthropic/opus
                                """
                                        .formatted(anthropic.baseUrl(), openai.baseUrl()));
        served =
                new Served(
                        Markets.open(
                                () -> catalogue,
                                ledger,
                                http,
                                List.of(echo),
                                Clock.systemUTC(),
                                new CountingIds("m")));
        client =
                AnthropicOkHttpClient.builder()
                        .baseUrl(served.url())
                        .apiKey(KnownKeys.ALL)
                        .maxRetries(0)
                        .timeout(Duration.ofSeconds(20))
                        .build();
    }

    /** A request as clients of the older version send it. */
    HttpRequest.Builder request(String method, String path, String body) {
        return served.request(method, path, body).header("anthropic-version", "2023-06-01");
    }

    HttpResponse<String> post(String path, String body) {
        return served.send(request("POST", path, body).build());
    }

    /** The receipt of the one order so far, which may be written after its answer has ended. */
    Receipt receipt() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ledger.all().isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return ledger.all().getLast();
    }

    /** A whole answer of Anthropic's. */
    static Script answer(String content, String stopReason) {
        return Script.json(
                200,
                """
                {"id":"msg_1","type":"message","role":"assistant","model":"opus-at-a","content":[%s],\
                "stop_reason":"%s","stop_sequence":null,"usage":{"input_tokens":10,\
                "cache_creation_input_tokens":0,"cache_read_input_tokens":5,"output_tokens":2,\
                "service_tier":"standard"}}\
                """
                        .formatted(content, stopReason));
    }

    /** A stream of Anthropic's: events by name. */
    static Script stream(String... events) {
        Script script = Script.stream();
        for (String event : events) {
            String name = event.replaceAll("^\\{\"type\":\"([a-z_]+)\".*$", "$1");
            script = script.send("event: " + name + "\ndata: " + event + "\n\n");
        }
        return script;
    }

    static Script error(int status, String type, String message) {
        return Script.json(
                status,
                "{\"type\":\"error\",\"error\":{\"type\":\"%s\",\"message\":\"%s\"}}"
                        .formatted(type, message));
    }

    @Override
    public void close() {
        client.close();
        served.close();
        http.close();
        anthropic.close();
        openai.close();
    }
}
