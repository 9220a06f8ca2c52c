package entrepot.gateway.storefronts;

import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Market;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.market.testing.ScriptedModel;
import entrepot.testkit.ScriptedSupplier;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The real market with two scripted suppliers and a model in the process, served. */
final class Stall implements AutoCloseable {

    final ScriptedSupplier a = ScriptedSupplier.start();
    final ScriptedSupplier b = ScriptedSupplier.start();
    final ScriptedModel echo = new ScriptedModel("entrepot/echo-1");
    final MemoryLedger ledger = new MemoryLedger();
    final Served served;
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);

    Stall() {
        Catalogue catalogue =
                new CatalogueReader(
                                Map.of(echo.model(), echo.note()),
                                new SecretSources(
                                        Map.of("KEY_A", "sk-aaaaaaaaaa", "KEY_B", "sk-bbbbbbbbbb"),
                                        Path.of(".")))
                        .read(
                                "test.yaml",
                                """
                                suppliers:
                                  a: {kind: openai-compatible, base_url: "%s", key_env: KEY_A}
                                  b: {kind: openai-compatible, base_url: "%s", key_env: KEY_B}
                                  azure-a: {kind: azure, base_url: "%s", auth: bearer,
                                    key_env: KEY_A}
                                  azure-b: {kind: azure, base_url: "%sopenai", key_env: KEY_B,
                                    api_version: 2024-10-21}
                                  aws-b: {kind: bedrock, region: eu-west-1, base_url: "%s",
                                    key_env: KEY_B}
                                  google-b: {kind: gemini, base_url: "%s", key_env: KEY_B}
                                models:
                                  acme/one:
                                    created: 1775000000
                                    offers:
                                      - {supplier: a, name: one-at-a, prices: {input: 1, output: 2}}
                                      - {supplier: b, name: one-at-b, prices: {input: 1, output: 2}}
                                  acme/newer:
                                    offers: [{supplier: azure-a, name: dep-two, prices: free}]
                                  acme/cloud:
                                    offers: [{supplier: azure-b, name: dep one, prices: free}]
                                  google/embed:
                                    offers: [{supplier: google-b, name: g-2, prices: free}]
                                  amazon/titan:
                                    offers:
                                      - supplier: aws-b
                                        name: "amazon.titan-embed-text-v2:0"
                                        prices: {input: 2}
                                aliases:
                                  small: acme/one
                                  my-gpt: acme/one
                                """
                                        .formatted(
                                                a.baseUrl(),
                                                b.baseUrl(),
                                                a.baseUrl().resolve("/"),
                                                b.baseUrl().resolve("/"),
                                                b.baseUrl().resolve("/"),
                                                b.baseUrl().resolve("/v1beta")));
        Market market =
                Markets.open(
                        () -> catalogue,
                        ledger,
                        http,
                        List.of(echo),
                        Clock.systemUTC(),
                        new CountingIds("m"));
        served = new Served(market);
    }

    @Override
    public void close() {
        served.close();
        http.close();
        a.close();
        b.close();
    }
}
