package entrepot.protocols;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failure.Cause;
import entrepot.protocols.json.Json;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Recorded exchanges with real providers, which stand beside the project on some machines. */
public final class Corpus {

    private static final Path SHARED =
            Path.of(System.getProperty("entrepot.root", "."), "..", "shared");

    private Corpus() {}

    /**
     * One exchange.
     *
     * @param events the payloads of a stream; empty when the answer was whole
     * @param framed the stream as it came, or framed again where the recorder took that away
     */
    public record Row(
            String id,
            String path,
            byte[] request,
            int status,
            byte[] response,
            List<String> events,
            byte[] framed) {

        public boolean isStream() {
            return !events.isEmpty();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    /** The rows of some files; skips the test, by name, where the corpus is absent. */
    public static List<Row> rows(String... files) {
        var rows = new ArrayList<Row>();
        for (String file : files) {
            for (String line : lines(SHARED.resolve("corpus").resolve(file))) {
                JsonNode json = Json.read(line, Cause.INTERNAL);
                // A line is one exchange, or a cassette of several.
                if (json.path("steps").isArray()) {
                    json.path("steps").forEach(step -> rows.add(row(step)));
                } else {
                    rows.add(row(json));
                }
            }
        }
        return rows;
    }

    /** A file of captured requests, skipping the test where it is absent. */
    public static String capture(String file) {
        return String.join("\n", lines(SHARED.resolve("captures").resolve(file)));
    }

    /** A file or folder beside the project, skipping the test where it is absent. */
    public static Path shared(String path) {
        Path file = SHARED.resolve(path);
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is not on this machine");
        return file;
    }

    private static List<String> lines(Path file) {
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is not on this machine");
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static Row row(JsonNode row) {
        JsonNode response = row.path("response");
        byte[] body = bytes(response.path("body"));
        String text = new String(body, UTF_8);
        boolean payloads = !row.path("framing").isMissingNode() && !row.path("framing").isNull();
        var events = new ArrayList<String>();
        if (payloads) {
            text.lines().filter(line -> !line.isBlank()).forEach(events::add);
        } else if (!text.stripLeading().startsWith("{")) {
            text.lines()
                    .filter(line -> line.startsWith("data:"))
                    .forEach(line -> events.add(line.substring(5).strip()));
        }
        var framed = new StringBuilder();
        events.forEach(event -> framed.append("data: ").append(event).append("\n\n"));
        return new Row(
                row.path("id").stringValue(),
                row.path("request").path("path").asString(""),
                bytes(row.path("request").path("body")),
                response.path("status").asInt(200),
                body,
                events,
                payloads ? framed.toString().getBytes(UTF_8) : body);
    }

    private static byte[] bytes(JsonNode body) {
        return body.path("base64").isString()
                ? Base64.getDecoder().decode(body.path("base64").stringValue())
                : body.path("text").asString("").getBytes(UTF_8);
    }
}
