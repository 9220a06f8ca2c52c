package entrepot.testkit.browser;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One page in a headless Chromium with a profile of its own. */
public final class Browser implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Duration START_MAX = Duration.ofSeconds(40);
    private static final Duration WAIT_MAX = Duration.ofSeconds(60);

    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Browser(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** The browser's program, if this machine has one. */
    public static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(":"))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts the browser with an empty page. */
    public static Browser start(Path program) throws InterruptedException {
        try {
            Path profile = Files.createTempDirectory("entrepot-browser");
            Process process =
                    new ProcessBuilder(command(program, profile))
                            .redirectErrorStream(true)
                            .redirectOutput(profile.resolve("browser.log").toFile())
                            .start();
            return new Browser(process, profile, DevTools.connect(address(profile)));
        } catch (IOException e) {
            throw new UncheckedIOException("the browser did not start", e);
        }
    }

    private static List<String> command(Path program, Path profile) {
        return List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile.resolve("profile"),
                "about:blank");
    }

    /** Where the one page's DevTools are. */
    private static URI address(Path profile) throws IOException, InterruptedException {
        Path file = profile.resolve("profile").resolve("DevToolsActivePort");
        long until = System.nanoTime() + START_MAX.toNanos();
        while (!Files.exists(file) || Files.readString(file).lines().count() < 2) {
            if (System.nanoTime() > until) {
                throw new IOException(
                        "no DevTools after "
                                + START_MAX
                                + ": "
                                + Files.readString(profile.resolve("browser.log")));
            }
            Pause.millis(20);
        }
        String port = Files.readAllLines(file).getFirst();
        try (var http = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"));
            JsonNode pages =
                    JSON.readTree(http.send(request.build(), BodyHandlers.ofString()).body());
            for (JsonNode page : pages) {
                if (page.path("type").asString().equals("page")) {
                    return URI.create(page.path("webSocketDebuggerUrl").asString());
                }
            }
        }
        throw new IOException("the browser shows no page");
    }

    /** Goes to an address and waits until the page has loaded. */
    public void open(String address) throws InterruptedException {
        ObjectNode to = JSON.createObjectNode().put("url", address);
        JsonNode answer = tools.call("Page.navigate", to);
        if (answer.hasNonNull("errorText")) {
            throw new IllegalStateException(address + ": " + answer.path("errorText").asString());
        }
        waitFor("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression in the page. */
    public JsonNode evaluate(String expression) throws InterruptedException {
        ObjectNode what =
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("returnByValue", true)
                        .put("awaitPromise", true);
        JsonNode answer = tools.call("Runtime.evaluate", what);
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException(answer.path("exceptionDetails").toString());
        }
        return answer.path("result").path("value");
    }

    /**
     * Waits until an expression in the page is true. A page may give way to the next while it is
     * asked; then the next one is asked. An expression that throws, as where an element is not
     * there yet, is not true yet.
     */
    public void waitFor(String condition) throws InterruptedException {
        long until = System.nanoTime() + WAIT_MAX.toNanos();
        while (!isTrue(condition)) {
            if (System.nanoTime() > until) {
                String page = evaluate("document.body.innerText").asString();
                throw new AssertionError("never true: " + condition + "\non the page:\n" + page);
            }
            Pause.millis(25);
        }
    }

    /** Does something that may make the page give way to another, as a click on a link does. */
    public void act(String expression) throws InterruptedException {
        try {
            evaluate(expression);
        } catch (DevTools.PageLeft e) {
            // It has done what it does: the page is gone.
        }
    }

    private boolean isTrue(String condition) throws InterruptedException {
        try {
            return evaluate(
                            "(() => { try { return Boolean("
                                    + condition
                                    + "); } catch (e) { return false; } })()")
                    .asBoolean();
        } catch (DevTools.PageLeft e) {
            return false;
        }
    }

    /** Sets the window's size and whether the system asks for dark pages. */
    public void look(int width, int height, boolean dark) throws InterruptedException {
        tools.call(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        ObjectNode media = JSON.createObjectNode();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        tools.call("Emulation.setEmulatedMedia", media);
    }

    public void screenshot(Path file) throws InterruptedException {
        JsonNode answer = tools.call("Page.captureScreenshot", JSON.createObjectNode());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(answer.path("data").asString()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** What the browser complained about: script errors, refused loads, broken policies. */
    public List<String> complaints() {
        return tools.complaints();
    }

    @Override
    public void close() {
        tools.close();
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(f -> f.delete());
        } catch (IOException | UncheckedIOException e) {
            profile.toFile().deleteOnExit();
        }
    }
}
