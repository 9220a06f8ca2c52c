package entrepot.gateway.corpus;

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
import entrepot.testkit.PlainClient;
import entrepot.testkit.ScriptedSupplier;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A whole gateway before the double of one supplier, which sells every model of some recordings.
 */
final class Theatre implements AutoCloseable {

    final ScriptedSupplier twin = ScriptedSupplier.start();
    final MemoryLedger ledger = new MemoryLedger();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final Served served;

    /** What a client was told; {@code broken} when the answer ended in the middle. */
    record Told(int status, Map<String, String> headers, byte[] body, boolean broken) {}

    Theatre(Track supplier, Collection<String> models) {
        Catalogue catalogue =
                new CatalogueReader(
                                Map.of(),
                                new SecretSources(
                                        Map.of("KEY", "sk-supplier-key", "KEY_2", "second-half"),
                                        Path.of(".")))
                        .read("theatre.yaml", yaml(supplier, models));
        served =
                new Served(
                        Markets.open(
                                () -> catalogue,
                                ledger,
                                http,
                                List.of(),
                                Clock.systemUTC(),
                                new CountingIds("m")));
    }

    private String yaml(Track supplier, Collection<String> models) {
        var yaml = new StringBuilder("suppliers:\n  twin:\n");
        yaml.append("    base_url: \"").append(twin.baseUrl()).append("\"\n");
        supplier.supplier().forEach(line -> yaml.append("    ").append(line).append('\n'));
        yaml.append("    key_env: KEY\nmodels:\n");
        var aliases = new StringBuilder("aliases:\n");
        int count = 0;
        for (String model : models) {
            yaml.append(
                    "  rec/m%d:\n    offers: [{supplier: twin, name: \"%s\", prices: free}]\n"
                            .formatted(++count, model));
            aliases.append("  \"%s\": rec/m%d\n".formatted(model, count));
        }
        return yaml.append(aliases).toString();
    }

    /** Sends what a client would, with a key of ours. */
    Told send(String method, String path, Map<String, String> headers, byte[] body) {
        var all = new LinkedHashMap<>(headers);
        all.putIfAbsent("content-type", "application/json");
        all.put("authorization", "Bearer " + KnownKeys.ALL);
        all.put("connection", "close");
        try (var client = PlainClient.send(method, URI.create(served.url() + path), all, body)) {
            var told = new java.io.ByteArrayOutputStream();
            boolean broken = false;
            try (var in = client.body()) {
                in.transferTo(told);
            } catch (EOFException e) {
                broken = true;
            }
            var named = new LinkedHashMap<String, String>();
            for (String name : List.of("content-type", "x-entrepot-losses", "retry-after")) {
                String value = client.header(name);
                if (value != null) {
                    named.put(name, value);
                }
            }
            return new Told(client.status(), named, told.toByteArray(), broken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        served.close();
        http.close();
        twin.close();
    }
}
