package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.conversation.Answers;
import entrepot.conversation.Event;
import entrepot.conversation.Request;
import entrepot.market.testing.ScriptedModel;
import entrepot.protocols.Frame;
import entrepot.protocols.openai.responses.ResponsesAnswers;
import entrepot.protocols.openai.responses.ResponsesDialect;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded sessions with OpenAI's own state, played against ours: what the vendor kept then is kept
 * here now, while the model behind it sees each request whole and says what it said then.
 */
class RecordedSessionsTest {

    /** A response that was continued and whose making was not recorded. */
    private static final String UNKNOWN = "resp_68b9bda81f5c8197a5a51a20a9f4150a000497db2a4c777b";

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;

    /** Names that were given then, and here. */
    private final Map<String, String> names = new HashMap<>();

    @BeforeEach
    void open() {
        shop = new Shop(folder, supplier);
    }

    @AfterEach
    void close() {
        shop.close();
        supplier.close();
    }

    @Test
    void everySessionGoesAsItWent() throws Exception {
        Path file =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("../shared/corpus/openai-responses-sessions.jsonl");
        assumeTrue(Files.isReadable(file), "../shared/corpus is not there");
        int steps = 0;
        for (String line : Files.readAllLines(file)) {
            JsonNode session = Shop.json(line);
            names.clear();
            for (JsonNode step : session.path("steps")) {
                play(session.path("path").asString(""), step);
                steps++;
            }
        }
        assertThat(steps).isGreaterThan(40);
    }

    private void play(String session, JsonNode step) throws Exception {
        JsonNode request = step.path("request");
        String path = translated(request.path("path").asString(""));
        String body = translated(request.path("body").path("text").asString(""));
        JsonNode said = step.path("response");
        String answer = said.path("body").path("text").asString("");
        String method = request.path("method").asString("");
        boolean unknown = body.contains(UNKNOWN);
        boolean asks = method.equals("POST") && path.startsWith("/v1/responses");
        if (asks) {
            body = ((ObjectNode) Shop.json(body)).put("model", "entrepot/echo-1").toString();
            if (!unknown) {
                script(path, answer);
            }
        }
        HttpResponse<String> response =
                method.equals("POST")
                        ? shop.post(path, body)
                        : method.equals("DELETE") ? shop.delete(path) : shop.get(path);
        if (unknown) {
            assertThat(response.statusCode()).as(session).isEqualTo(400);
            return;
        }
        assertThat(response.statusCode())
                .as(session + " " + path + " " + response.body())
                .isEqualTo(said.path("status").intValue());
        JsonNode then = last(answer);
        JsonNode now = last(response.body());
        learnAll(then, now);
        compare(session + " " + path, then, now);
    }

    /** What the model will say. */
    private void script(String path, String answer) throws InterruptedException {
        if (path.endsWith("/compact")) {
            shop.echo.then(ScriptedModel.says("What was said before.", 3));
            return;
        }
        JsonNode whole = last(answer);
        if (!whole.path("object").asString("").equals("response")) {
            return;
        }
        if (answer.startsWith("event:")) {
            var events = new ArrayList<Event>();
            var reader = new ResponsesDialect().reader(events::add);
            for (JsonNode event : Shop.events(answer)) {
                reader.frame(Frame.of(event.toString().getBytes(StandardCharsets.UTF_8)));
            }
            reader.end();
            shop.echo.then(events.toArray(Event[]::new));
        } else if (!whole.path("output").isEmpty()) {
            shop.echo.then(
                    Answers.events(ResponsesAnswers.read(answer.getBytes(StandardCharsets.UTF_8)))
                            .toArray(Event[]::new));
        } else {
            // Told later, when it was fetched.
            shop.echo.then(ScriptedModel.says("Later.", 3));
        }
    }

    private void compare(String where, JsonNode then, JsonNode now) {
        assertThat(now.path("object")).as(where).isEqualTo(then.path("object"));
        if (then.path("object").asString("").equals("response.compaction")) {
            assertThat(types(now.path("output"))).as(where).isEqualTo(types(then.path("output")));
            return;
        }
        boolean answered = !then.path("output").isEmpty() && now.path("background").isBoolean();
        if (answered && !now.path("background").booleanValue()) {
            assertThat(texts(now.path("output"))).as(where).isEqualTo(texts(then.path("output")));
            assertThat(now.path("status")).as(where).isEqualTo(then.path("status"));
            Request seen = shop.echo.requests().getLast();
            if (!now.path("previous_response_id").isNull()) {
                assertThat(seen.messages()).as(where).hasSizeGreaterThan(1);
            }
        }
    }

    /** The response at the end of a stream, or the answer itself. */
    private static JsonNode last(String answer) {
        return answer.startsWith("event:")
                ? Shop.events(answer).getLast().path("response")
                : Shop.json(answer);
    }

    private void learnAll(JsonNode then, JsonNode now) {
        learn(then.path("id"), now.path("id"));
        for (JsonNode item : then.path("output")) {
            if (item.path("type").asString("").equals("compaction")) {
                learn(
                        item.path("encrypted_content"),
                        now.path("output")
                                .get(now.path("output").size() - 1)
                                .path("encrypted_content"));
            }
        }
    }

    private void learn(JsonNode then, JsonNode now) {
        names.put(then.asString(""), now.asString(""));
    }

    private String translated(String text) {
        String translated = text;
        for (var name : names.entrySet()) {
            if (name.getKey().length() > 8) {
                translated = translated.replace(name.getKey(), name.getValue());
            }
        }
        return translated;
    }

    private static List<String> types(JsonNode items) {
        return items.valueStream().map(item -> item.path("type").asString("")).toList();
    }

    private static List<String> texts(JsonNode items) {
        return items.valueStream()
                .flatMap(item -> item.path("content").valueStream())
                .map(part -> part.path("text").asString(""))
                .toList();
    }
}
