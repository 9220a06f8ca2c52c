package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.server.Server;
import entrepot.app.settings.Settings;
import entrepot.identity.Secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A server in this process whose data is gone when it is closed, or when the process ends. */
final class TemporaryServer implements AutoCloseable {

    private final Path folder;
    private final Server server;
    private final Thread onExit;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TemporaryServer(Path folder, Server server) {
        this.folder = folder;
        this.server = server;
        this.onExit = new Thread(this::stop, "stop");
        Runtime.getRuntime().addShutdownHook(onExit);
    }

    /**
     * @param settings whose data folder and database are replaced by temporary ones
     */
    static TemporaryServer start(Settings settings, Map<String, String> environment) {
        var folder = temporaryFolder();
        try {
            var server = Server.start(settings.keptIn(folder), environment);
            return new TemporaryServer(folder, server);
        } catch (RuntimeException e) {
            delete(folder);
            throw e;
        }
    }

    Server server() {
        return server;
    }

    Path folder() {
        return folder;
    }

    Api api() {
        Secret key =
                server.firstKey()
                        .orElseThrow(() -> new IllegalStateException("no key of a new server"));
        return new Api(URI.create(server.url()), key);
    }

    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            // The process is ending already.
        }
    }

    private void stop() {
        if (closed.compareAndSet(false, true)) {
            server.close();
            delete(folder);
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("entrepot-");
        } catch (IOException e) {
            throw new Refused("No temporary folder can be made: " + e.getMessage());
        }
    }

    private static void delete(Path folder) {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            // Gone already.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
