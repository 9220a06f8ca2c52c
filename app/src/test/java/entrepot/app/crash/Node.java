package entrepot.app.crash;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One server process, as a user starts it, that can be killed and started again. */
final class Node implements AutoCloseable {

    private static final Duration READY_MAX = Duration.ofSeconds(90);

    private final String name;
    private final Path data;
    private final List<String> flags;
    private final Map<String, String> environment;
    private final int port;
    private final HttpClient http;
    private @Nullable Process process;

    Node(String name, Path data, List<String> flags, Map<String, String> environment) {
        this.name = name;
        this.data = data;
        this.flags = List.copyOf(flags);
        this.environment = Map.copyOf(environment);
        this.port = freePort();
        this.http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    Path log() {
        return data.resolve(name + ".log");
    }

    /** The admin key that the node left for commands on the same machine. */
    String key() throws IOException {
        return Files.readString(data.resolve("admin.key")).strip();
    }

    void start() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "entrepot.app.Main",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString()));
        command.addAll(flags);
        try {
            Files.createDirectories(data);
            File log = log().toFile();
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    void awaitReady() throws InterruptedException {
        long until = System.nanoTime() + READY_MAX.toNanos();
        while (!ready()) {
            if (System.nanoTime() > until || !running()) {
                throw new AssertionError(name + " did not become ready; its log:\n" + tail());
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** {@code kill -9}: nothing is flushed, nobody is told. */
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            running.waitFor();
        }
    }

    /** SIGTERM, and the wait for a good end. */
    int stop() throws InterruptedException {
        Process running = process;
        if (running == null) {
            return 0;
        }
        running.destroy();
        if (!running.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError(name + " did not stop on SIGTERM; its log:\n" + tail());
        }
        return running.exitValue();
    }

    private boolean running() {
        return process != null && process.isAlive();
    }

    private boolean ready() throws InterruptedException {
        try {
            var request =
                    HttpRequest.newBuilder(url("/ready")).timeout(Duration.ofSeconds(2)).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    String tail() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
        http.shutdownNow();
    }
}
