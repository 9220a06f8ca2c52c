package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.conversation.Answer;
import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.KnownKeys;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;
import entrepot.testkit.ScriptedSupplier.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the public compliance suite of Open Responses asks of a server
 * (github.com/openresponses/openresponses, July 2026), with a supplier of each dialect behind it.
 * Every answer and every event is held to the specification's own schemas.
 */
@ParameterizedClass
@EnumSource(Spoken.class)
class OpenResponsesTest {

    private static final String IMAGE =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
                    + "DwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private static final String TOOLS =
            """
            "tools": [{"type": "function", "name": "get_weather",
              "description": "Get the current weather for a location",
              "parameters": {"type": "object", "required": ["location"], "properties": {
                "location": {"type": "string", "description": "The city and state"}}}}]
            """;

    @TempDir Path folder;
    private final Spoken spoken;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;
    private Schema schema;

    OpenResponsesTest(Spoken spoken) {
        this.spoken = spoken;
    }

    @BeforeEach
    void open() throws IOException {
        Path file =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("../shared/specs/openresponses/openapi.2026-01.json");
        assumeTrue(Files.isReadable(file), "../shared/specs/openresponses is not there");
        schema = new Schema(file);
        supplier.always(spoken.saying(OpenResponsesTest::answer));
        shop = new Shop(folder, supplier, spoken.kind());
    }

    @AfterEach
    void close() {
        if (shop != null) {
            shop.close();
        }
        supplier.close();
    }

    /** Asks for the weather where it may; says a few words otherwise. */
    static Answer answer(Received request) {
        boolean calls =
                request.text().contains("get_weather") && !request.text().contains("18 degrees");
        Part part =
                calls
                        ? new Part.ToolCall(
                                "call_1",
                                "get_weather",
                                "{\"location\":\"San Francisco, CA\"}",
                                Extras.NONE)
                        : new Part.Text("One, two, three: so it is said.", Extras.NONE);
        return new Answer(
                "answer_1",
                "model-1",
                List.of(part),
                calls ? StopReason.TOOL_CALLS : StopReason.END,
                new Usage(Map.of(Meter.FRESH_INPUT, 9L, Meter.OUTPUT, 4L), false),
                Extras.NONE);
    }

    @Test
    void basicText() {
        completed(whole(input(user("Say hello in exactly 3 words."))));
    }

    @Test
    void phasesOfTheAssistant() {
        completed(
                whole(
                        input(
                                """
                                {"type": "message", "role": "assistant", "phase": "commentary",
                                  "content": "I should answer with the saved number."}
                                """,
                                """
                                {"type": "message", "role": "assistant", "phase": "final_answer",
                                  "content": "The number is four."}
                                """,
                                user("Repeat only the number."))));
        assertThat(supplier.last().text()).contains("saved number", "is four");
    }

    @Test
    void streaming() {
        completed(streamed(input(user("Count from 1 to 5."))));
    }

    @Test
    void systemPrompt() {
        completed(
                whole(
                        input(
                                "{\"type\":\"message\",\"role\":\"system\",\"content\":\"You are a"
                                        + " pirate.\"}",
                                user("Say hello."))));
        assertThat(supplier.last().text()).contains("You are a pirate.");
    }

    @Test
    void toolCalling() {
        String weather = input(user("What's the weather like in San Francisco?"));
        JsonNode response = whole(weather + "," + TOOLS);
        JsonNode call = response.path("output").get(0);
        assertThat(call.path("type").stringValue()).isEqualTo("function_call");
        assertThat(Shop.json(call.path("arguments").stringValue()).path("location").stringValue())
                .isEqualTo("San Francisco, CA");

        List<JsonNode> events = streamed(weather + "," + TOOLS);
        List<String> told =
                events.stream()
                        .map(event -> event.path("type").stringValue())
                        .filter(type -> type.contains("function_call") || type.contains("item"))
                        .distinct()
                        .toList();
        assertThat(told)
                .containsExactly(
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done");

        String result =
                "{\"type\":\"function_call_output\",\"call_id\":\"call_1\","
                        + "\"output\":\"18 degrees\"}";
        completed(
                whole(
                        input(result)
                                + ",\"previous_response_id\":\""
                                + response.path("id").stringValue()
                                + "\","
                                + TOOLS));
        assertThat(supplier.last().text()).contains("18 degrees", "San Francisco, CA");
    }

    @Test
    void imageInput() {
        completed(
                whole(
                        input(
                                "{\"type\":\"message\",\"role\":\"user\",\"content\":["
                                        + "{\"type\":\"input_text\",\"text\":\"What is it?\"},"
                                        + "{\"type\":\"input_image\",\"image_url\":\""
                                        + IMAGE
                                        + "\"}]}")));
        assertThat(supplier.last().text()).contains(IMAGE.substring(IMAGE.indexOf(',') + 1));
    }

    @Test
    void multiTurn() {
        completed(
                whole(
                        input(
                                user("My name is Alice."),
                                "{\"type\":\"message\",\"role\":\"assistant\","
                                        + "\"content\":\"Hello Alice!\"}",
                                user("What is my name?"))));
        assertThat(supplier.last().text()).contains("Hello Alice!");
    }

    @Test
    void compaction() {
        String body =
                input(
                        user("We agreed to launch on Tuesday and notify support first."),
                        "{\"type\":\"message\",\"role\":\"assistant\",\"content\":\"Right.\"}");
        var answer =
                shop.post(
                        "/v1/responses/compact",
                        "{\"model\":\"small\",\"prompt_cache_key\":\"compact-test\"," + body + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode compacted = Shop.json(answer);
        assertThat(compacted.path("object").stringValue()).isEqualTo("response.compaction");
        assertThat(compacted.path("created_at").isIntegralNumber()).isTrue();
        assertThat(schema.problems(compacted.path("usage"), "Usage")).isEmpty();
        JsonNode first = compacted.path("output").get(0);
        assertThat(schema.problems(first, "ItemField")).as(first.toString()).isEmpty();
        JsonNode item = compacted.path("output").get(compacted.path("output").size() - 1);
        assertThat(item.path("type").stringValue()).isEqualTo("compaction");
        assertThat(item.path("encrypted_content").stringValue()).isNotEmpty();
        assertThat(shop.post("/v1/responses/compact", "{" + body + "}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void whoeverWouldAnswerCountsTheTokens() {
        String path = "/v1/responses/input_tokens";
        String body = input(user("How long is this?"));
        supplier.always(
                Script.json(
                        200, "{\"input_tokens\":2095,\"inputTokens\":2095,\"totalTokens\":2095}"));
        var counted = shop.post(path, "{\"model\":\"small\"," + body + "}");
        assertThat(counted.statusCode()).as(counted.body()).isEqualTo(200);
        boolean counts = spoken != Spoken.CHAT;
        JsonNode told = Shop.json(counted);
        assertThat(told.path("object").stringValue()).isEqualTo("response.input_tokens");
        assertThat(told.path("input_tokens").intValue() == 2095).isEqualTo(counts);
        assertThat(counted.headers().firstValue("x-entrepot-estimated").isPresent())
                .isEqualTo(!counts);

        supplier.always(Script.json(501, "{\"error\":{\"message\":\"no such path\"}}"));
        var unserved = shop.post(path, "{\"model\":\"small\"," + body + "}");
        assertThat(unserved.statusCode()).as(unserved.body()).isEqualTo(200);
        assertThat(unserved.headers().firstValue("x-entrepot-estimated")).hasValue("true");
        var nameless = shop.post(path, "{" + body + "}");
        assertThat(nameless.headers().firstValue("x-entrepot-estimated")).hasValue("true");
    }

    @Test
    void socketTurnsFollowEachOther() throws Exception {
        try (var socket = new SocketClient(shop, KnownKeys.ALL)) {
            socket.send(turn("\"input\":\"Reply with exactly: first\""));
            String first = completed(socket).path("id").stringValue();
            socket.send(turn("\"input\":\"second\",\"previous_response_id\":\"" + first + "\""));
            completed(socket);
            assertThat(supplier.last().text()).contains("first", "so it is said", "second");

            socket.send(
                    turn("\"input\":\"third\",\"previous_response_id\":\"resp_that_is_missing\""));
            assertThat(refused(socket)).isEqualTo("previous_response_not_found");
            socket.send(turn(input(user("A new chain."))));
            completed(socket);
        }
    }

    @Test
    void aConnectionForgetsWhatATurnFailedToContinue() throws Exception {
        try (var socket = new SocketClient(shop, KnownKeys.ALL)) {
            socket.send(turn("\"input\":\"Remember: ember.\""));
            String first = completed(socket).path("id").stringValue();
            String previous = ",\"previous_response_id\":\"" + first + "\"";
            int before = supplier.requests().size();
            socket.send(
                    turn(
                            input(
                                            "{\"type\":\"function_call_output\",\"call_id\":"
                                                    + "\"call_missing\",\"output\":\"none\"}")
                                    + previous));
            assertThat(socket.next().path("error").path("message").stringValue())
                    .contains("call_missing");
            assertThat(supplier.requests()).hasSize(before);
            socket.send(turn("\"input\":\"Stale?\"" + previous));
            assertThat(refused(socket)).isEqualTo("previous_response_not_found");
        }
    }

    @Test
    void whatWasCompactedBeginsANewChain() throws Exception {
        JsonNode compacted =
                Shop.json(
                        shop.post(
                                "/v1/responses/compact",
                                "{\"model\":\"small\","
                                        + input(
                                                user("Remember the code word: slate."),
                                                user("Compress this."))
                                        + "}"));
        String items = compacted.path("output").toString();
        try (var socket = new SocketClient(shop, KnownKeys.ALL)) {
            socket.send(
                    turn(
                            "\"tools\":[],\"input\":["
                                    + items.substring(1, items.length() - 1)
                                    + ","
                                    + user("Continue from here.")
                                    + "]"));
            completed(socket);
        }
        assertThat(supplier.last().text()).contains("slate", "so it is said", "from here");
    }

    @Test
    void whatIsKeptOrFailsIsSaidInTheSameForms() {
        JsonNode response = whole("\"input\":\"x\"");
        JsonNode kept = Shop.json(shop.get("/v1/responses/" + response.path("id").stringValue()));
        assertThat(schema.problems(kept, "ResponseResource")).isEmpty();
        streamed("\"input\":\"x\",\"background\":true");
        Script good = spoken.saying(OpenResponsesTest::answer).apply(asStream());
        supplier.answer(
                new Script(
                        good.status(),
                        good.headers(),
                        true,
                        good.steps().subList(0, good.steps().size() / 2)));
        List<JsonNode> broken = streamed("\"input\":\"x\"");
        assertThat(broken.getLast().path("type").stringValue()).isEqualTo("response.failed");
    }

    private static Received asStream() {
        return new Received("POST", "/stream", List.of(), new byte[] {(byte) 0x7b, (byte) 0x7d});
    }

    private static String user(String text) {
        return "{\"type\":\"message\",\"role\":\"user\",\"content\":\"" + text + "\"}";
    }

    private static String input(String... items) {
        return "\"input\":[" + String.join(",", items) + "]";
    }

    private static String turn(String rest) {
        return "{\"type\":\"response.create\",\"model\":\"small\",\"store\":false," + rest + "}";
    }

    private static String refused(SocketClient socket) throws InterruptedException {
        JsonNode error = socket.next();
        assertThat(error.path("type").stringValue()).isEqualTo("error");
        assertThat(error.path("status").isIntegralNumber()).isTrue();
        return error.path("error").path("code").stringValue();
    }

    private JsonNode completed(SocketClient socket) throws InterruptedException {
        List<JsonNode> events = socket.response();
        events.forEach(this::good);
        completed(events);
        return events.getLast().path("response");
    }

    private static void completed(List<JsonNode> events) {
        JsonNode last = events.getLast();
        assertThat(last.path("type").stringValue())
                .as(last.toString())
                .isEqualTo("response.completed");
        completed(last.path("response"));
    }

    private static void completed(JsonNode response) {
        assertThat(response.path("output")).as(response.toString()).isNotEmpty();
        assertThat(response.path("status").stringValue()).isEqualTo("completed");
    }

    private JsonNode whole(String rest) {
        JsonNode response = shop.ask("{\"model\":\"small\"," + rest + "}");
        assertThat(schema.response(response)).as(response.toString()).isEmpty();
        return response;
    }

    private List<JsonNode> streamed(String rest) {
        var answer =
                shop.post("/v1/responses", "{\"model\":\"small\",\"stream\":true," + rest + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        List<JsonNode> events = Shop.events(answer.body());
        assertThat(events).isNotEmpty().allSatisfy(this::good);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).path("sequence_number").intValue()).isEqualTo(i);
        }
        return events;
    }

    private void good(JsonNode event) {
        assertThat(schema.event(event)).as(event.toString()).isEmpty();
    }
}
