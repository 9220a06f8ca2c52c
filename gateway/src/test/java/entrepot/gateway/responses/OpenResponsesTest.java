package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The six requests of the public compliance suite of Open Responses, each answer and each event
 * held to its specification.
 */
class OpenResponsesTest {

    private static final String IMAGE =
            "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
                    + "DwADhgGAWjR9awAAAABJRU5ErkJggg==";

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;
    private Schema schema;

    @BeforeEach
    void open() throws IOException {
        Path file =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("../shared/specs/openresponses/openapi.2026-01.json");
        assumeTrue(Files.isReadable(file), "../shared/specs/openresponses is not there");
        schema = new Schema(file);
        shop = new Shop(folder, supplier);
    }

    @AfterEach
    void close() {
        if (shop != null) {
            shop.close();
        }
        supplier.close();
    }

    @Test
    void basicText() {
        supplier.answer(ChatScripts.answer("Hello to you too", 9, 4));
        whole(
                "{\"model\":\"small\",\"input\":[{\"type\":\"message\",\"role\":\"user\","
                        + "\"content\":\"Say"
                        + " hello in exactly 3 words.\"}]}");
    }

    @Test
    void streaming() {
        supplier.answer(ChatScripts.stream(9, 4, "1, 2, ", "3, ", "4, 5"));
        List<JsonNode> events =
                streamed(
                        "{\"model\":\"small\",\"stream\":true,\"input\":[{\"type\":\"message\","
                                + "\"role\":\"user\",\"content\":\"Count"
                                + " from 1 to 5.\"}]}");
        JsonNode last = events.getLast();
        assertThat(last.path("type").stringValue()).isEqualTo("response.completed");
        assertThat(last.path("response").path("output")).isNotEmpty();
    }

    @Test
    void systemPrompt() {
        supplier.answer(ChatScripts.answer("Ahoy", 9, 4));
        whole(
                "{\"model\":\"small\",\"input\":[{\"type\":\"message\",\"role\":\"system\","
                        + "\"content\":\"You are a"
                        + " pirate.\"},{\"type\":\"message\",\"role\":\"user\",\"content\":\"Say"
                        + " hello.\"}]}");
        assertThat(supplier.last().text()).contains("You are a pirate.");
    }

    @Test
    void toolCalling() {
        supplier.answer(ChatScripts.toolCall("call_1", "get_weather", "{\"location\":\"SF\"}"));
        String tools =
                "\"tools\":[{\"type\":\"function\",\"name\":\"get_weather\",\"description\":"
                    + "\"Weather\","
                    + "\"parameters\":{\"type\":\"object\",\"properties\":{\"location\":{\"type\":"
                    + "\"string\"}},\"required\":[\"location\"]}}]";
        JsonNode response =
                whole(
                        "{\"model\":\"small\",\"input\":[{\"type\":\"message\",\"role\":\"user\","
                                + "\"content\":\"Weather in SF?\"}],"
                                + tools
                                + "}");
        assertThat(response.path("output").get(0).path("type").stringValue())
                .isEqualTo("function_call");
        supplier.answer(streamedCall());
        streamed(
                "{\"model\":\"small\",\"stream\":true,\"input\":\"Weather in SF?\"," + tools + "}");
    }

    @Test
    void imageInput() {
        supplier.answer(ChatScripts.answer("A dot", 9, 4));
        whole(
                "{\"model\":\"small\",\"input\":[{\"type\":\"message\",\"role\":\"user\","
                        + "\"content\":[{\"type\":\"input_text\",\"text\":\"What"
                        + " is it?\"},{\"type\":\"input_image\",\"image_url\":\""
                        + IMAGE
                        + "\"}]}]}");
        assertThat(supplier.last().text()).contains(IMAGE);
    }

    @Test
    void multiTurn() {
        supplier.answer(ChatScripts.answer("Alice", 9, 4));
        whole(
                """
                {"model": "small", "input": [
                  {"type": "message", "role": "user", "content": "My name is Alice."},
                  {"type": "message", "role": "assistant", "content": "Hello Alice!"},
                  {"type": "message", "role": "user", "content": "What is my name?"}]}
                """);
        assertThat(Shop.json(supplier.last().text()).path("messages")).hasSize(3);
    }

    @Test
    void whatIsKeptOrFailsIsSaidInTheSameForms() {
        supplier.answer(ChatScripts.answer("Hi", 9, 4))
                .answer(ChatScripts.stream(9, 4, "Done"))
                .answer(
                        Script.events(
                                "{\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,"
                                        + "\"delta\":{\"content\":"
                                        + "\"Hal\"}}]}"));
        JsonNode response = whole("{\"model\":\"small\",\"input\":\"x\"}");
        JsonNode kept = Shop.json(shop.get("/v1/responses/" + response.path("id").stringValue()));
        assertThat(schema.problems(kept, schema.named("ResponseResource"))).isEmpty();
        streamed("{\"model\":\"small\",\"input\":\"x\",\"stream\":true,\"background\":true}");
        List<JsonNode> broken = streamed("{\"model\":\"small\",\"input\":\"x\",\"stream\":true}");
        assertThat(broken.getLast().path("type").stringValue()).isEqualTo("response.failed");
    }

    private JsonNode whole(String body) {
        JsonNode response = shop.ask(body);
        assertThat(schema.problems(response, schema.answer("application/json"))).isEmpty();
        assertThat(response.path("output")).isNotEmpty();
        return response;
    }

    private List<JsonNode> streamed(String body) {
        List<JsonNode> events = Shop.events(shop.post("/v1/responses", body).body());
        assertThat(events).isNotEmpty();
        for (JsonNode event : events) {
            assertThat(schema.problems(event, schema.answer("text/event-stream")))
                    .as(event.toString())
                    .isEmpty();
        }
        return events;
    }

    private static Script streamedCall() {
        return Script.events(
                "{\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"tool_calls\":[{"
                        + "\"index\":0,\"id\":\"call_1\",\"function\":{\"name\":\"get_weather\","
                        + "\"arguments\":\"{\"}}]}}]}",
                "{\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                        + "{\"tool_calls\":[{"
                        + "\"index\":0,\"function\":{\"arguments\":\"}\"}}]}}]}",
                "{\"id\":\"x\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                        + "\"finish_reason\":\"tool_calls\"}]}",
                "[DONE]");
    }
}
