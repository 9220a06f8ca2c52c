package entrepot.app.server;

import entrepot.app.settings.Settings;
import entrepot.gateway.door.Route;
import entrepot.http.engine.HttpServer;
import entrepot.identity.FirstStart;
import entrepot.identity.Keys;
import entrepot.identity.Secret;
import entrepot.market.Receipt;
import entrepot.market.yaml.YamlInvalid;
import entrepot.store.DatabaseFailed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A running server. Started bottom-up; stopped from the door inwards: it lets open calls finish,
 * then gives its sessions back, then writes what is still to be written.
 */
public final class Server implements AutoCloseable {

    private static final String PORT_REMEDY =
            ". Choose another port with --port (0 for any free one), or stop what listens there.";

    private final Settings settings;
    private final Wiring wiring;
    private final HttpServer http;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Server(Settings settings, Wiring wiring, HttpServer http) {
        this.settings = settings;
        this.wiring = wiring;
        this.http = http;
    }

    /** The clock of this process, for commands that need no server. */
    public static InstantSource clock() {
        return Wiring.CLOCK;
    }

    /**
     * Starts a server; it serves when this returns.
     *
     * @throws StartFailed saying what is in the way and what would mend it
     */
    public static Server start(Settings settings, Map<String, String> environment) {
        checkPort(settings);
        makeFolder(settings.data());
        Wiring wiring;
        try {
            wiring = new Wiring(settings, environment);
        } catch (DatabaseFailed | YamlInvalid | IllegalStateException e) {
            throw new StartFailed(String.valueOf(e.getMessage()), e);
        }
        try {
            wiring.firstKey.ifPresent(key -> leave(settings.keyFile(), key.secret()));
            var http = HttpServer.start(settings.server(), wiring.handler);
            wiring.runtime.start();
            wiring.errands.start();
            wiring.responses.start();
            if (wiring.knowledge != null) {
                wiring.knowledge.start();
            }
            return new Server(settings, wiring, http);
        } catch (UncheckedIOException e) {
            wiring.close();
            throw new StartFailed("Entrepot " + reason(e) + remedy(settings), e);
        } catch (RuntimeException e) {
            wiring.close();
            throw e;
        }
    }

    public String url() {
        return settings.url(http.port());
    }

    /** The key that this start made, if it was the first one. */
    public Optional<Secret> firstKey() {
        return wiring.firstKey.map(Keys.Issued::secret);
    }

    /** What a session of the first tenant has cost so far, oldest first. */
    public List<Receipt> receipts(String sessionId) {
        return wiring.ledger.ofSession(FirstStart.TENANT, sessionId);
    }

    /** Everything that is served by routes. */
    List<Route> routes() {
        return wiring.routes;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Closing.quietly(http::drain);
        Closing.quietly(() -> wiring.responses.stop(settings.drain()));
        Closing.quietly(wiring.errands);
        Closing.quietly(() -> wiring.runtime.stop(settings.drain().toMillis()));
        wiring.close();
    }

    private static String reason(Throwable e) {
        var cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    /**
     * Before anything is made: a first key that a failed start made would never be shown, since the
     * next start is not the first.
     */
    private static void checkPort(Settings settings) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            throw new StartFailed(
                    "Entrepot cannot listen on %s:%d: %s"
                                    .formatted(settings.host(), settings.port(), e.getMessage())
                            + PORT_REMEDY,
                    e);
        }
    }

    private static String remedy(Settings settings) {
        return settings.tls() == null
                ? PORT_REMEDY
                : ". Look at --tls-certificate and --tls-key: two PEM files that belong together.";
    }

    /** Conversations are kept in it: a folder that is made here is its owner's alone. */
    private static void makeFolder(Path folder) {
        try {
            if (Files.isDirectory(folder)) {
                return;
            }
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                var own = PosixFilePermissions.fromString("rwx------");
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(own));
            } else {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new StartFailed(
                    "The data folder "
                            + folder
                            + " cannot be made. Give another with --data or ENTREPOT_DATA.",
                    e);
        }
    }

    /** For commands of the same user on this machine: nobody else may read it. */
    private static void leave(Path file, Secret key) {
        try {
            Files.deleteIfExists(file);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                var own = PosixFilePermissions.fromString("rw-------");
                Files.createFile(file, PosixFilePermissions.asFileAttribute(own));
            }
            Files.writeString(file, key.reveal() + "\n");
        } catch (IOException e) {
            throw new StartFailed(file + " cannot be written. Give another folder with --data.", e);
        }
    }
}
