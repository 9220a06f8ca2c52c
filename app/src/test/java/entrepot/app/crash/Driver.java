package entrepot.app.crash;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * One client of one session: two inputs, each sent until it was accepted, and one stream that is
 * taken up again with {@code Last-Event-ID} whenever it breaks. It answers function calls itself
 * and counts how often it was asked to.
 */
final class Driver {

    static final int INPUTS = 2;
    private static final JsonMapper JSON = new JsonMapper();
    private static final int TRIES_MAX = 600;
    private static final int TRY_AGAIN_MILLIS = 100;
    private static final Duration TURN_MAX = Duration.ofMinutes(4);

    private final int number;
    private final IntFunction<Node> nodes;
    private final String key;
    private final HttpClient http;
    private final AtomicInteger turnsDone;
    private final AtomicInteger tries = new AtomicInteger();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();

    final List<String> seen = new ArrayList<>();
    final List<String> ends = new ArrayList<>();
    String session = "";
    int reconnects;

    Driver(
            int number,
            IntFunction<Node> nodes,
            String key,
            HttpClient http,
            AtomicInteger turnsDone) {
        this.number = number;
        this.nodes = nodes;
        this.key = key;
        this.http = http;
        this.turnsDone = turnsDone;
    }

    boolean charges() {
        return number % 2 == 1;
    }

    void run() throws InterruptedException {
        session = create();
        for (int input = 2; ends.size() < INPUTS; ) {
            follow();
            if (ends.size() == input - 1 && input <= INPUTS) {
                post("job-" + number + "-" + input, "input-" + number + "-" + input);
                input++;
            }
        }
    }

    private String create() throws InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("input", "job-" + number + "-1");
        ObjectNode agent = body.putObject("agent").put("model", "crash/model");
        var tools = agent.putArray("tools");
        if (charges()) {
            tools.addObject()
                    .put("type", "function")
                    .put("name", "charge")
                    .put("description", "Charges a customer")
                    .putObject("parameters")
                    .put("type", "object");
        } else {
            ObjectNode server = tools.addObject().put("type", "mcp").put("server_label", "folder");
            server.putObject("transport")
                    .put("type", "http")
                    .put("server_url", "entrepot:folder/notes");
        }
        body.putObject("environment").put("type", "none");
        String answer =
                send("POST", "/v1/agents/sessions", body.toString(), "create-" + number, 201);
        return JSON.readTree(answer).path("id").asString();
    }

    private void post(String text, String idempotencyKey) throws InterruptedException {
        ObjectNode event = JSON.createObjectNode().put("type", "agent.session.input.message");
        ObjectNode message = event.putArray("input").addObject().put("type", "message");
        message.put("role", "user");
        message.putArray("content").addObject().put("type", "input_text").put("text", text);
        events(event, idempotencyKey);
    }

    private void result(String turn, String call) throws InterruptedException {
        answered.add(call);
        ObjectNode event =
                JSON.createObjectNode()
                        .put("type", "agent.session.input.tool_result")
                        .put("turn_id", turn)
                        .put("call_id", call)
                        .put("success", true)
                        .put("output", "charged");
        events(event, "result-" + call);
    }

    private void events(ObjectNode event, String idempotencyKey) throws InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        body.putArray("events").add(event);
        send("POST", path("/events"), body.toString(), idempotencyKey, 202);
    }

    /** Reads the stream until one more turn has ended or the stream breaks. */
    private void follow() throws InterruptedException {
        String last = seen.isEmpty() ? "0-0-0" : seen.getLast();
        int before = ends.size();
        var request =
                builder(path("/events"))
                        .timeout(TURN_MAX)
                        .header("accept", "text/event-stream")
                        .header("last-event-id", last)
                        .GET()
                        .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                if (response.statusCode() != 200) {
                    again("the stream answered " + response.statusCode());
                    return;
                }
                read(lines, before);
            }
        } catch (IOException broken) {
            reconnects++;
            again("the stream broke: " + broken);
        }
    }

    private void read(BufferedReader lines, int before) throws IOException, InterruptedException {
        String id = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("data:")) {
                seen.add(id);
                heard(JSON.readTree(line.substring(5)));
                if (ends.size() > before) {
                    return;
                }
            }
        }
        reconnects++;
        again("the stream ended");
    }

    private void heard(JsonNode event) throws InterruptedException {
        String type = event.path("type").asString();
        switch (type) {
            case "agent.session.turn.completed",
                    "agent.session.turn.failed",
                    "agent.session.turn.cancelled" -> {
                ends.add(type + " " + event.path("turn").path("error"));
                turnsDone.incrementAndGet();
            }
            case "agent.session.turn.item.added" -> {
                JsonNode item = event.path("item");
                if (item.path("type").asString().equals("function_call")) {
                    result(item.path("turn_id").asString(), item.path("call_id").asString());
                }
            }
            default -> {}
        }
    }

    /** Every page of the whole stream from its start, as somebody sees it who comes afterwards. */
    List<String> replay(int countMax) throws InterruptedException, IOException {
        var request =
                builder(path("/events"))
                        .timeout(Duration.ofSeconds(60))
                        .header("last-event-id", "0-0-0")
                        .GET()
                        .build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        var ids = new ArrayList<String>();
        try (var lines =
                new BufferedReader(
                        new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine();
                    line != null && ids.size() < countMax;
                    line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    ids.add(line.substring(3).strip());
                }
            }
        }
        return ids;
    }

    JsonNode list(String what) throws InterruptedException {
        return JSON.readTree(send("GET", path("/" + what + "?order=asc&limit=100"), "", "", 200))
                .path("data");
    }

    private String path(String rest) {
        return "/v1/agents/sessions/" + session + rest;
    }

    private String send(String method, String path, String body, String idempotencyKey, int wanted)
            throws InterruptedException {
        while (true) {
            try {
                var request = builder(path).timeout(Duration.ofSeconds(30));
                if (!idempotencyKey.isEmpty()) {
                    request.header("idempotency-key", idempotencyKey);
                }
                if (method.equals("POST")) {
                    request.header("content-type", "application/json")
                            .POST(BodyPublishers.ofString(body));
                }
                var response = http.send(request.build(), BodyHandlers.ofString());
                if (response.statusCode() == wanted) {
                    return response.body();
                }
                if (response.statusCode() < 500 && response.statusCode() != 429) {
                    throw new AssertionError(
                            method
                                    + " "
                                    + path
                                    + ": "
                                    + response.statusCode()
                                    + " "
                                    + response.body());
                }
                again(path + " answered " + response.statusCode() + " " + response.body());
            } catch (IOException broken) {
                again(path + " broke: " + broken);
            }
        }
    }

    private HttpRequest.Builder builder(String path) {
        return HttpRequest.newBuilder(nodes.apply(tries.get()).url(path))
                .header("authorization", "Bearer " + key)
                .header("openai-beta", "agents=v1");
    }

    private void again(String why) throws InterruptedException {
        if (tries.incrementAndGet() > TRIES_MAX) {
            throw new AssertionError("session " + number + " gave up: " + why);
        }
        TimeUnit.MILLISECONDS.sleep(TRY_AGAIN_MILLIS);
    }
}
