package entrepot.gateway.corpus;

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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * An exchange that was recorded with a real provider. The folder of recordings stands beside the
 * project on some machines; {@code -Dentrepot.corpus=FOLDER} names another one.
 *
 * @param path with its query
 * @param headers by lower-case name
 */
record Recording(
        String id,
        String method,
        String path,
        Map<String, String> headers,
        byte[] request,
        int status,
        Map<String, String> answerHeaders,
        byte[] answer) {

    private static final Path FOLDER =
            Path.of(
                    System.getProperty(
                            "entrepot.corpus",
                            Path.of(
                                            System.getProperty("entrepot.root", "."),
                                            "..",
                                            "shared",
                                            "corpus")
                                    .toString()));

    /** The exchanges of some files, those with a request; skips the test where there are none. */
    static List<Recording> of(List<String> files) {
        Assumptions.assumeTrue(
                Files.isDirectory(FOLDER), () -> "no recordings on this machine: " + FOLDER);
        var recordings = new ArrayList<Recording>();
        for (String file : files) {
            if (!Files.exists(FOLDER.resolve(file))) {
                continue;
            }
            try {
                for (String line : Files.readAllLines(FOLDER.resolve(file))) {
                    JsonNode row = Json.read(line, Cause.INTERNAL);
                    if (row.path("request").path("body").isObject()) {
                        recordings.add(of(row));
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException("cannot read " + file, e);
            }
        }
        return recordings;
    }

    private static Recording of(JsonNode row) {
        JsonNode request = row.path("request");
        JsonNode response = row.path("response");
        return new Recording(
                row.path("id").stringValue(),
                request.path("method").asString("POST"),
                request.path("path").asString(""),
                headers(request.path("headers")),
                bytes(request.path("body")),
                response.path("status").asInt(200),
                headers(response.path("headers")),
                bytes(response.path("body")));
    }

    JsonNode json() {
        return Json.read(request, Cause.INTERNAL);
    }

    /** The content type of the answer; guessed where a recorder left it out. */
    String answerType() {
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

    String pathOnly() {
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
