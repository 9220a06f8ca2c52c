package entrepot.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Assumptions;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An exchange that was recorded with a real provider. The folder of recordings stands beside the
 * project on some machines; {@code -Dentrepot.corpus=FOLDER} names another one. A file of them has
 * one JSON object a line, which is an exchange or has several as its {@code steps}.
 *
 * @param path with its query
 * @param headers by lower-case name
 * @param request empty when it was not recorded
 * @param protocol what it is, in the corpus's own words, such as {@code openai-chat}
 * @param unframed whether the recorder took the framing of a stream away: a payload a line
 */
public record Recording(
        String id,
        String method,
        String path,
        Map<String, String> headers,
        byte[] request,
        int status,
        Map<String, String> answerHeaders,
        byte[] answer,
        String protocol,
        boolean unframed) {

    private static final Path ROOT = Path.of(System.getProperty("entrepot.root", "."));
    private static final Path SHARED = ROOT.resolve("..").resolve("shared");
    private static final Path FOLDER =
            Path.of(System.getProperty("entrepot.corpus", SHARED.resolve("corpus").toString()));
    private static final JsonMapper JSON = JsonMapper.shared();

    /** A file or folder beside the project, skipping the test, by name, where it is absent. */
    public static Path shared(String path) {
        Path file = SHARED.resolve(path);
        Assumptions.assumeTrue(Files.exists(file), () -> file + " is not on this machine");
        return file;
    }

    /** The exchanges of some files; skips the test, by name, where there is none of them. */
    public static List<Recording> of(String... files) {
        List<Recording> recordings = known(files);
        Assumptions.assumeFalse(
                recordings.isEmpty(), () -> FOLDER + " has none of " + List.of(files));
        return recordings;
    }

    /** The exchanges of some files, as many as there are. */
    public static List<Recording> known(String... files) {
        var recordings = new ArrayList<Recording>();
        for (String file : files) {
            if (Files.exists(FOLDER.resolve(file))) {
                recordings.addAll(in(FOLDER.resolve(file)));
            }
        }
        return recordings;
    }

    /** The names of all files in the folder; skips the test, by name, where it is absent. */
    public static List<String> files() {
        Assumptions.assumeTrue(Files.exists(FOLDER), () -> FOLDER + " is not on this machine");
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + FOLDER, e);
        }
    }

    /** The exchanges of one file. */
    public static List<Recording> in(Path file) {
        var recordings = new ArrayList<Recording>();
        try {
            for (String line : Files.readAllLines(file)) {
                JsonNode json = JSON.readTree(line);
                if (json.path("steps").isArray()) {
                    json.path("steps").forEach(step -> recordings.add(of(json, step)));
                } else {
                    recordings.add(of(json, json));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
        return recordings;
    }

    private static Recording of(JsonNode line, JsonNode step) {
        JsonNode request = step.path("request");
        JsonNode response = step.path("response");
        return new Recording(
                step.path("id").asString(line.path("id").asString("")),
                request.path("method").asString("POST"),
                request.path("path").asString(""),
                headers(request.path("headers")),
                bytes(request.path("body")),
                response.path("status").asInt(200),
                headers(response.path("headers")),
                bytes(response.path("body")),
                step.path("protocol").asString(""),
                step.path("framing").isString() || step.path("framing").isObject());
    }

    public JsonNode json() {
        return JSON.readTree(request);
    }

    /** The content type of the answer; guessed where a recorder left it out. */
    public String answerType() {
        String type = answerHeaders.getOrDefault("content-type", "");
        if (type.contains("/")) {
            return type;
        }
        if (answer.length > 0 && answer[0] == 0) {
            return "application/vnd.amazon.eventstream";
        }
        String start = new String(answer, 0, Math.min(8, answer.length), UTF_8).stripLeading();
        return start.startsWith("{") || start.startsWith("[")
                ? "application/json"
                : "text/event-stream";
    }

    public String pathOnly() {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    @Override
    public String toString() {
        return id + " " + path;
    }

    private static Map<String, String> headers(JsonNode headers) {
        var map = new TreeMap<String, String>();
        headers.properties()
                .forEach(header ->
                        map.put(
                                header.getKey().toLowerCase(Locale.ROOT),
                                header.getValue().isArray()
                                        ? header.getValue().path(0).asString("")
                                        : header.getValue().asString("")));
        return map;
    }

    private static byte[] bytes(JsonNode body) {
        return body.path("base64").isString()
                ? Base64.getDecoder().decode(body.path("base64").stringValue())
                : body.path("text").asString("").getBytes(UTF_8);
    }
}
