package entrepot.app.server;

import entrepot.app.settings.Setting;
import entrepot.app.settings.Settings;
import entrepot.knowledge.embedding.E5;
import entrepot.market.catalog.CatalogueFile;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.catalog.Supplier;
import entrepot.market.yaml.YamlInvalid;
import entrepot.store.Database;
import entrepot.store.DatabaseFailed;
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks at everything that a new user gets wrong, without starting or changing anything. */
public final class Checks {

    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final long DISK_BYTES_FAIL = 100L << 20;
    private static final long DISK_BYTES_WARN = 1L << 30;

    /** This was written before it; a clock that shows less is wrong. */
    private static final Instant NOT_BEFORE = Instant.parse("2026-11-01T00:00:00Z");

    private final Settings settings;
    private final Map<String, String> environment;

    public Checks(Settings settings, Map<String, String> environment) {
        this.settings = settings;
        this.environment = environment;
    }

    /** What does not depend on settings. */
    public static List<Finding> ofMachine() {
        var found = new ArrayList<Finding>();
        var version = Runtime.version();
        found.add(
                version.feature() >= 25
                        ? Finding.ok("java", version + " in " + System.getProperty("java.home"))
                        : Finding.fail("java", version.toString(), "install a JDK 25 or newer"));
        var now = Wiring.CLOCK.instant();
        found.add(
                now.isAfter(NOT_BEFORE)
                        ? Finding.ok("clock", now.toString())
                        : Finding.fail("clock", now.toString(), "set the clock of this machine"));
        return found;
    }

    /** What depends on settings, in the order in which a start would meet it. */
    public List<Finding> all() throws InterruptedException {
        var found = new ArrayList<Finding>();
        found.add(dataFolder());
        found.add(disk());
        found.add(database());
        found.add(port());
        found.addAll(catalogue());
        settings.folders().forEach((name, path) -> found.add(folder(name, path)));
        found.add(embedding());
        found.addAll(localModels());
        return found;
    }

    private Finding dataFolder() {
        var data = settings.data();
        var existing = existing(data);
        if (!Files.isWritable(existing)) {
            return Finding.fail(
                    "data",
                    existing + " cannot be written",
                    "give its user the right to write, or another folder with "
                            + Setting.DATA.flag());
        }
        return Finding.ok("data", data + (Files.exists(data) ? "" : " (will be made)"));
    }

    private Finding disk() {
        try {
            var free = Files.getFileStore(existing(settings.data())).getUsableSpace();
            var saw = (free >> 20) + " MiB free";
            var remedy = "free space, or give another folder with " + Setting.DATA.flag();
            return free < DISK_BYTES_FAIL
                    ? Finding.fail("disk", saw, remedy)
                    : free < DISK_BYTES_WARN
                            ? Finding.warn("disk", saw, remedy)
                            : Finding.ok("disk", saw);
        } catch (IOException e) {
            return Finding.warn("disk", "free space is unknown: " + e.getMessage(), "");
        }
    }

    private Finding database() {
        var database = DatabaseSettings.of(settings.database());
        boolean file = database.engine() == Database.Engine.SQLITE;
        if (file && !Files.exists(Path.of(settings.database()))) {
            return Finding.ok("database", database.shown() + " (will be made)");
        }
        if (file && serverAnswers()) {
            return Finding.ok("database", database.shown() + " is in use by the running server");
        }
        try (var opened = Databases.open(database)) {
            if (!file) {
                opened.read(sql -> sql.one("select 1 as one", row -> row.number("one")));
                return Finding.ok("database", database.shown() + " answers");
            }
            var verdict =
                    opened.read(
                            sql -> sql.query("pragma quick_check(3)", r -> r.text("quick_check")));
            return verdict.equals(List.of("ok"))
                    ? Finding.ok("database", database.shown() + " is sound")
                    : Finding.fail(
                            "database",
                            database.shown() + " is damaged: " + String.join("; ", verdict),
                            "restore it from a copy");
        } catch (DatabaseFailed e) {
            return Finding.fail("database", String.valueOf(e.getMessage()), "");
        }
    }

    private Finding port() {
        var at = settings.host() + ":" + settings.port();
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(settings.host(), settings.port()));
            return Finding.ok("port", at + " is free");
        } catch (BindException e) {
            return serverAnswers()
                    ? Finding.ok("port", at + " is taken by a running Entrepot")
                    : Finding.fail(
                            "port",
                            at + " cannot be had: " + e.getMessage(),
                            "stop what listens there, or choose another with "
                                    + Setting.PORT.flag());
        } catch (IOException e) {
            return Finding.fail("port", at + ": " + e.getMessage(), "");
        }
    }

    private boolean serverAnswers() {
        try (var http = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
            var request =
                    HttpRequest.newBuilder(URI.create(settings.url(settings.port()) + "/health"))
                            .timeout(CONNECT)
                            .build();
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"status\"");
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<Finding> catalogue() {
        var file = settings.catalogue();
        if (!Files.exists(file)) {
            return List.of(
                    Finding.ok(
                            "catalogue",
                            "no " + file + ": only what runs in this process is for sale"));
        }
        var reader =
                new CatalogueReader(
                        Map.of("entrepot/extract-1", ""),
                        new SecretSources(environment, existing(file.resolveSibling(""))));
        try (var catalogue = CatalogueFile.open(file, reader, Wiring.CLOCK)) {
            var found = new ArrayList<Finding>();
            var now = catalogue.get();
            found.add(
                    Finding.ok(
                            "catalogue",
                            file
                                    + ": "
                                    + now.models().size()
                                    + " models, version "
                                    + now.version()));
            now.warnings().forEach(w -> found.add(Finding.warn("catalogue", w, "")));
            now.suppliers().values().forEach(supplier -> found.addAll(supplier(supplier)));
            return found;
        } catch (YamlInvalid e) {
            return e.problems().stream()
                    .map(problem -> Finding.fail("catalogue", problem.toString(), ""))
                    .toList();
        }
    }

    private static List<Finding> supplier(Supplier supplier) {
        return switch (supplier) {
            case Supplier.BuiltIn _ -> List.of();
            case Supplier.Remote remote -> {
                var host = remote.baseUrl().getHost();
                var plain = remote.baseUrl().getScheme().equals("http");
                int port = remote.baseUrl().getPort();
                port = port > 0 ? port : plain ? 80 : 443;
                yield List.of(
                        listens(host, port)
                                ? Finding.ok("supplier", remote.id() + " is reachable at " + host)
                                : Finding.warn(
                                        "supplier",
                                        remote.id() + ": nobody answers at " + host + ":" + port,
                                        "look at base_url in the catalogue, at proxies and at the"
                                                + " network"));
            }
        };
    }

    private static Finding folder(String name, Path path) {
        return Files.isReadable(path)
                ? Finding.ok("folder", name + " is " + path)
                : Finding.fail("folder", name + ": " + path + " cannot be read", "");
    }

    private static Finding embedding() throws InterruptedException {
        try {
            var vector = new E5(1).query("ready");
            return Finding.ok("embedding", "e5-small-v2 loads, " + vector.length + " dimensions");
        } catch (RuntimeException e) {
            return Finding.fail(
                    "embedding", "e5-small-v2 does not load: " + e.getMessage(), "build again");
        }
    }

    /** Model servers that people run beside their work, by their usual ports. */
    private static List<Finding> localModels() {
        var usual = new LinkedHashMap<Integer, String>();
        usual.put(11434, "Ollama");
        usual.put(1234, "LM Studio");
        usual.put(8000, "vLLM or another OpenAI-compatible server");
        var found = new ArrayList<Finding>();
        usual.forEach((port, name) -> {
            if (listens("127.0.0.1", port)) {
                found.add(
                        Finding.ok(
                                "local",
                                name
                                        + " seems to run; as a supplier of the catalogue:"
                                        + " base_url: http://127.0.0.1:"
                                        + port
                                        + "/v1"));
            }
        });
        return found;
    }

    private static boolean listens(String host, int port) {
        try (var socket = new Socket()) {
            var address = InetAddress.getAllByName(host)[0];
            socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** The folder, or the nearest one above it that is there. */
    private static Path existing(Path folder) {
        var at = folder.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
