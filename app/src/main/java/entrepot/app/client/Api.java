package entrepot.app.client;

import entrepot.identity.Secret;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A server's public interface, as a client sees it. */
public final class Api implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final URI base;
    private final Secret key;
    private final HttpClient http;

    /**
     * @param base such as {@code http://127.0.0.1:8080}, without a path
     */
    public Api(URI base, Secret key) {
        this.base = base;
        this.key = key;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(10))
                        .build();
    }

    public URI base() {
        return base;
    }

    public JsonNode get(String path) throws ApiFailed, InterruptedException {
        return whole("GET", path, null);
    }

    public JsonNode post(String path, JsonNode body) throws ApiFailed, InterruptedException {
        return whole("POST", path, body);
    }

    /** Posts with headers of its own, such as an idempotency key. */
    public JsonNode post(String path, JsonNode body, Map<String, String> headers)
            throws ApiFailed, InterruptedException {
        var request = request("POST", path, body);
        headers.forEach(request::header);
        return answer(request);
    }

    /** Posts a file. */
    public JsonNode upload(
            String path, String contentType, byte[] file, Map<String, String> headers)
            throws ApiFailed, InterruptedException {
        var request = request("GET", path, null).header("content-type", contentType);
        headers.forEach(request::header);
        return answer(request.POST(HttpRequest.BodyPublishers.ofByteArray(file)));
    }

    /** Gets a file. */
    public byte[] download(String path) throws ApiFailed, InterruptedException {
        try {
            var answer =
                    http.send(
                            request("GET", path, null).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw failed(answer.statusCode(), answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    public JsonNode patch(String path, JsonNode body) throws ApiFailed, InterruptedException {
        return whole("PATCH", path, body);
    }

    public JsonNode put(String path) throws ApiFailed, InterruptedException {
        return whole("PUT", path, null);
    }

    /** Posts what is not JSON, such as a CSV file. */
    public JsonNode postText(String path, String contentType, String text)
            throws ApiFailed, InterruptedException {
        try {
            var answer =
                    http.send(
                            request("GET", path, null)
                                    .header("content-type", contentType)
                                    .POST(HttpRequest.BodyPublishers.ofString(text))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw failed(answer.statusCode(), answer.body());
            }
            return read(answer.body());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    public JsonNode delete(String path) throws ApiFailed, InterruptedException {
        return whole("DELETE", path, null);
    }

    /**
     * Takes one event of a stream.
     *
     * @see #stream
     */
    @FunctionalInterface
    public interface EventReader {

        /**
         * @param id what to resume after; empty when the server gave none
         * @return whether to go on reading
         */
        boolean take(String id, JsonNode event) throws ApiFailed, InterruptedException;
    }

    /**
     * Reads server-sent events until the reader has enough or the stream ends.
     *
     * @param body null for a GET
     * @return whether the reader had enough; false when the stream ended before
     */
    public boolean stream(
            String path, @Nullable JsonNode body, Map<String, String> headers, EventReader reader)
            throws ApiFailed, InterruptedException {
        var request = request(body == null ? "GET" : "POST", path, body);
        request.header("accept", "text/event-stream");
        headers.forEach(request::header);
        var answer = head(request.build());
        try (var stream = answer.body()) {
            if (answer.statusCode() >= 300) {
                throw failed(answer.statusCode(), stream.readAllBytes());
            }
            return events(stream, reader);
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<InputStream> head(HttpRequest request)
            throws ApiFailed, InterruptedException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private static boolean events(InputStream stream, EventReader reader)
            throws IOException, ApiFailed, InterruptedException {
        var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        var id = "";
        var data = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                var text = data.toString();
                data.setLength(0);
                if (text.equals("[DONE]")) {
                    return true;
                }
                if (!text.isEmpty() && !reader.take(id, JSON.readTree(text))) {
                    return true;
                }
            } else if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).stripLeading());
            } else if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            }
        }
        return false;
    }

    private JsonNode whole(String method, String path, @Nullable JsonNode body)
            throws ApiFailed, InterruptedException {
        return answer(request(method, path, body));
    }

    private JsonNode answer(HttpRequest.Builder request) throws ApiFailed, InterruptedException {
        try {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw failed(answer.statusCode(), answer.body());
            }
            return answer.body().length == 0 ? JSON.createObjectNode() : read(answer.body());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    private HttpRequest.Builder request(String method, String path, @Nullable JsonNode body) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .header("authorization", "Bearer " + key.reveal())
                        .header("openai-beta", "agents=v1");
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        return request.header("content-type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private JsonNode read(byte[] body) throws ApiFailed {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            throw new ApiFailed(0, base + " does not answer in JSON: is it an Entrepot server?");
        }
    }

    private ApiFailed failed(int status, byte[] body) {
        var message = new String(body, StandardCharsets.UTF_8).strip();
        try {
            var told = JSON.readTree(body).at("/error/message").asString("");
            message = told.isEmpty() ? message : told;
        } catch (JacksonException e) {
            // Then the text as it came says the most.
        }
        return new ApiFailed(status, message.isEmpty() ? "The server said " + status : message);
    }

    private ApiFailed unreachable(IOException e) {
        var reason = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
        return new ApiFailed(
                0,
                "No server answers at "
                        + base
                        + reason
                        + ". Start one with: entrepot serve, or give its address with --url.");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
