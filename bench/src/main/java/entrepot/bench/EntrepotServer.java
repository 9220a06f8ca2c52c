package entrepot.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is measured: a server as users start it, with key check, gates and ledger on. */
final class EntrepotServer implements AutoCloseable {

    private static final int READY_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 40;

    private final Process process;
    private final Path data;
    private final int port;

    EntrepotServer(Path folder, int upstreamPort) throws IOException, InterruptedException {
        port = Nginx.freePort();
        data = Files.createDirectories(folder.resolve("data"));
        Path catalogue =
                Files.writeString(folder.resolve("catalogue.yaml"), catalogue(upstreamPort));
        var command = new ArrayList<>(command(catalogue));
        // For a look inside, such as a flight recording of the measured process.
        command.addAll(1, options("BENCH_JAVA_OPTS"));
        command.addAll(1, options("BENCH_JAVA_FLAGS"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(folder.resolve("entrepot.log").toFile());
        builder.environment().put("BENCH_KEY", "upstream-key");
        process = builder.start();
        awaitReady(folder);
    }

    private static List<String> options(String variable) {
        String options = System.getenv().getOrDefault(variable, "");
        return Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).toList();
    }

    private List<String> command(Path catalogue) {
        return Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "entrepot.app.Main",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString(),
                        "--catalogue",
                        catalogue.toString())
                .toList();
    }

    private static String catalogue(int upstreamPort) {
        var text =
                new StringBuilder(
                        """
                        suppliers:
                          chat:
                            kind: openai-compatible
                            base_url: http://127.0.0.1:%1$d/v1
                            key_env: BENCH_KEY
                            calls_max: 10_000
                          messages:
                            kind: anthropic
                            base_url: http://127.0.0.1:%1$d
                            key_env: BENCH_KEY
                            calls_max: 10_000
                          converse:
                            kind: bedrock
                            base_url: http://127.0.0.1:%1$d
                            region: us-east-1
                            access_key_id_env: BENCH_KEY
                            secret_access_key_env: BENCH_KEY
                            calls_max: 10_000
                        models:
                        """
                                .formatted(upstreamPort));
        for (String supplier : List.of("chat", "messages", "converse")) {
            for (String way : List.of("whole", "paced", "burst", "slow")) {
                text.append(
                        """
                          bench/%1$s-%2$s:
                            offers:
                              - supplier: %1$s
                                name: %1$s-%2$s
                                prices:
                                  currency: USD
                                  input: 1.25
                                  output: 10
                        """
                                .formatted(supplier, way));
            }
        }
        return text.toString();
    }

    private void awaitReady(Path folder) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            var ready =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
                            .build();
            for (int i = 0; i < READY_SECONDS_MAX * 10; i++) {
                try {
                    if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    // Nobody listens yet.
                }
                if (!process.isAlive()) {
                    break;
                }
                Thread.sleep(100);
            }
        }
        throw new IOException(
                "the server did not become ready:\n"
                        + Files.readString(folder.resolve("entrepot.log")));
    }

    Target target() {
        try {
            String key = Files.readString(data.resolve("admin.key")).strip();
            Map<String, String> headers = Map.of("authorization", "Bearer " + key);
            return new Target("entrepot", port, process.toHandle(), each -> headers);
        } catch (IOException e) {
            throw new UncheckedIOException("the server left no key", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
