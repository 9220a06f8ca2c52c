package entrepot.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The peer: Portkey's open gateway from npm, as {@code bench/peer} pins it. It translates between
 * dialects, but checks no key of ours, counts nothing and keeps no ledger.
 */
final class Portkey implements AutoCloseable {

    private static final Path SCRIPT =
            Path.of("bench/peer/node_modules/@portkey-ai/gateway/build/start-server.js");
    private static final int START_MILLIS_MAX = 30_000;

    private final Process process;
    private final int port;
    private final int upstreamPort;

    private Portkey(Path folder, int upstreamPort) throws IOException, InterruptedException {
        this.upstreamPort = upstreamPort;
        port = Nginx.freePort();
        Files.createDirectories(folder);
        process =
                new ProcessBuilder("node", SCRIPT.toString(), "--port=" + port, "--headless")
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("portkey.log").toFile())
                        .start();
        awaitReady();
    }

    /** Null when it was not installed: {@code bench/run} says so. */
    static @Nullable Portkey start(Path folder, int upstreamPort)
            throws IOException, InterruptedException {
        return Files.exists(SCRIPT) ? new Portkey(folder, upstreamPort) : null;
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int waited = 0; waited < START_MILLIS_MAX; waited += 100) {
            try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (probe.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        throw new IOException("portkey did not start");
    }

    Target target() {
        return new Target("portkey", port, process.toHandle(), this::headers);
    }

    private @Nullable Map<String, String> headers(Case each) {
        String base = "http://127.0.0.1:" + upstreamPort;
        if (each.wire() != Wire.CHAT) {
            // "messages is not supported by openai", as it answers.
            return null;
        }
        return switch (each.supplier()) {
            case "chat" ->
                    Map.of("x-portkey-provider", "openai", HOST, base + "/v1", KEY, "Bearer k");
            case "messages" ->
                    Map.of("x-portkey-provider", "anthropic", HOST, base + "/v1", KEY, "Bearer k");
            default ->
                    Map.of(
                            "x-portkey-provider",
                            "bedrock",
                            HOST,
                            base,
                            "x-portkey-aws-access-key-id",
                            "AKIDEXAMPLE",
                            "x-portkey-aws-secret-access-key",
                            "secretexample",
                            "x-portkey-aws-region",
                            "us-east-1");
        };
    }

    private static final String HOST = "x-portkey-custom-host";
    private static final String KEY = "authorization";

    @Override
    public void close() {
        process.destroy();
    }
}
