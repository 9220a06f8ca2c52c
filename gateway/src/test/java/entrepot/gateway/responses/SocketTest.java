package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import entrepot.gateway.KnownKeys;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The WebSocket form, with messages as clients send them. */
class SocketTest {

    @TempDir Path folder;
    private final ScriptedSupplier supplier = ScriptedSupplier.start();
    private Shop shop;

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
    void aMessageIsAnsweredWithTheEventsOfItsResponse() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Hel", "lo"));
        try (var socket = client()) {
            socket.send(
                    "{\"type\":\"response.create\",\"model\":\"small\",\"input\":[{\"role\":"
                            + "\"user\","
                            + "\"content\":[{\"type\":\"input_text\",\"text\":\"Hi\"}]}]}");
            List<JsonNode> events = socket.response();
            assertThat(events.getFirst().path("type").stringValue()).isEqualTo("response.created");
            JsonNode response = events.getLast().path("response");
            assertThat(response.path("status").stringValue()).isEqualTo("completed");
            assertThat(Shop.json(shop.get("/v1/responses/" + id(response)))).isEqualTo(response);
        }
    }

    @Test
    void aMessageMaySayWhatItIsBookedOn() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Blue"));
        try (var socket = client()) {
            socket.send(create("Which?", ",\"entrepot\":{\"project\":\"p3\"}"));
            assertThat(socket.response().getLast().path("type").stringValue())
                    .isEqualTo("response.completed");
        }
        assertThat(shop.ledger.all())
                .singleElement()
                .satisfies(receipt -> assertThat(receipt.project()).isEqualTo("p3"));
    }

    @Test
    void whatIsNotStoredIsRememberedWhileTheConnectionLasts() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Blue")).answer(ChatScripts.stream(3, 2, "Sky"));
        String first;
        try (var socket = client()) {
            socket.send(create("Which?", ""));
            first = id(socket.response().getLast().path("response"));
            socket.send(create("Why?", ",\"previous_response_id\":\"" + first + "\""));
            assertThat(socket.response().getLast().path("type").stringValue())
                    .isEqualTo("response.completed");
            assertThat(said()).containsExactly("Which?", "Blue", "Why?");
        }
        assertThat(shop.get("/v1/responses/" + first).statusCode()).isEqualTo(404);
        try (var socket = client()) {
            socket.send(create("Why?", ",\"previous_response_id\":\"" + first + "\""));
            JsonNode error = socket.next();
            assertThat(error.path("type").stringValue()).isEqualTo("error");
            assertThat(error.path("status").intValue()).isEqualTo(400);
            assertThat(error.path("error").path("code").stringValue())
                    .isEqualTo("previous_response_not_found");
            assertThat(error.path("error").path("param").stringValue())
                    .isEqualTo("previous_response_id");
        }
    }

    @Test
    void aStoredResponseMayContinueOneThatOnlyTheConnectionRemembers() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Blue"))
                .answer(ChatScripts.stream(3, 2, "Sky"))
                .answer(ChatScripts.answer("Yes", 3, 2));
        String second;
        try (var socket = client()) {
            socket.send(create("Which?", ""));
            String first = id(socket.response().getLast().path("response"));
            socket.send(
                    "{\"type\":\"response.create\",\"model\":\"small\",\"input\":\"Why?\","
                            + "\"previous_response_id\":\""
                            + first
                            + "\"}");
            second = id(socket.response().getLast().path("response"));
        }
        shop.ask(
                "{\"model\":\"small\",\"input\":\"Sure?\",\"previous_response_id\":\""
                        + second
                        + "\"}");
        assertThat(said()).containsExactly("Which?", "Blue", "Why?", "Sky", "Sure?");
    }

    @Test
    void aWarmUpBuysNothingAndCanBeBuiltUpon() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Hello"));
        try (var socket = client()) {
            socket.send(create("You are brief.", ",\"generate\":false"));
            JsonNode warm = socket.response().getLast();
            assertThat(warm.path("type").stringValue()).isEqualTo("response.completed");
            assertThat(warm.path("response").path("output")).isEmpty();
            assertThat(supplier.requests()).isEmpty();

            String id = id(warm.path("response"));
            socket.send(create("Say hi", ",\"previous_response_id\":\"" + id + "\""));
            socket.response();
            assertThat(said()).containsExactly("You are brief.", "Say hi");
        }
    }

    @Test
    void anErrorIsToldAndTheConnectionGoesOn() throws Exception {
        supplier.answer(ChatScripts.error(400, "invalid_request_error", "bad", "No good."))
                .answer(ChatScripts.stream(3, 2, "Hello"));
        try (var socket = client()) {
            for (String bad :
                    List.of(
                            "{",
                            "[]",
                            "{\"model\":\"small\"}",
                            "{\"type\":\"response.cancel\"}",
                            "{\"type\":\"response.create\",\"model\":\"small\"}",
                            "{\"type\":\"response.create\",\"model\":\"small\",\"input\":\"x\","
                                    + "\"background\":true}",
                            create("x", ""))) {
                socket.send(bad);
                JsonNode error = socket.next();
                assertThat(error.path("type").stringValue()).as(bad).isEqualTo("error");
                assertThat(error.path("status").intValue()).as(bad).isEqualTo(400);
                assertThat(error.path("error").path("message").stringValue()).isNotEmpty();
            }
            socket.send(create("x", ",\"stream_id\":\"lane-1\""));
            assertThat(socket.response())
                    .allSatisfy(event ->
                            assertThat(event.path("stream_id").stringValue()).isEqualTo("lane-1"));
        }
    }

    @Test
    void nobodyComesInWithoutAKey() {
        assertThatThrownBy(() -> new SocketClient(shop, "sk-unknown"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThat(shop.get("/v1/responses").statusCode()).isEqualTo(426);
    }

    @Test
    void aConnectionThatSaysNothingOrLastsTooLongIsClosed() throws Exception {
        shop.close();
        shop =
                new Shop(
                        folder,
                        supplier,
                        limits(Duration.ofMillis(50), Duration.ofMinutes(1)),
                        "b");
        try (var socket = client()) {
            assertThat(socket.closed()).isEqualTo(1000);
        }
        shop.close();
        shop =
                new Shop(
                        folder,
                        supplier,
                        limits(Duration.ofMinutes(1), Duration.ofMillis(50)),
                        "c");
        try (var socket = client()) {
            assertThat(socket.next().path("error").path("code").stringValue())
                    .isEqualTo("websocket_connection_limit_reached");
            assertThat(socket.closed()).isEqualTo(1000);
        }
    }

    @Test
    void codexSpeaksAsItWasRecorded() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Hi"));
        try (var socket = client()) {
            List<String> messages = captured("cli-codex-0.169.0-responses-websocket.http");
            assertThat(messages).hasSize(2);
            socket.send(messages.get(0));
            assertThat(socket.response().getLast().path("type").stringValue())
                    .isEqualTo("response.completed");
            socket.send(messages.get(1));
            assertThat(socket.response().getLast().path("type").stringValue())
                    .isEqualTo("response.completed");
            assertThat(supplier.requests()).hasSize(1);
        }
    }

    @Test
    void theOfficialJavaScriptClientSpeaksAsItWasRecorded() throws Exception {
        supplier.answer(ChatScripts.stream(3, 2, "Hi"));
        try (var socket = client()) {
            captured("js-openai-7.55.0-responses-websocket.http").forEach(socket::send);
            assertThat(socket.response().getLast().path("type").stringValue())
                    .isEqualTo("response.completed");
        }
    }

    /** The messages of a recording, for the model that is had here. */
    private static List<String> captured(String name) throws IOException {
        Path file =
                Path.of(System.getProperty("entrepot.root", ".."))
                        .resolve("../shared/captures/" + name);
        assumeTrue(Files.isReadable(file), "../shared/captures is not there");
        var messages = new ArrayList<String>();
        String[] parts = Files.readString(file).split("### client message\r?\n");
        for (int i = 1; i < parts.length; i++) {
            var message = (ObjectNode) Shop.json(parts[i].lines().findFirst().orElseThrow());
            messages.add(message.put("model", "small").toString());
        }
        return messages;
    }

    private SocketClient client() {
        return new SocketClient(shop, KnownKeys.ALL);
    }

    private static ResponsesSettings limits(Duration idle, Duration life) {
        return new ResponsesSettings(
                Duration.ofSeconds(20),
                Duration.ofSeconds(20),
                4,
                Duration.ofSeconds(15),
                idle,
                life);
    }

    private static String create(String input, String more) {
        return "{\"type\":\"response.create\",\"model\":\"small\",\"store\":false,\"input\":"
                + "\"%s\"%s}".formatted(input, more);
    }

    private static String id(JsonNode node) {
        return node.path("id").asString("");
    }

    private List<String> said() {
        return Shop.json(supplier.last().text())
                .path("messages")
                .valueStream()
                .map(m -> m.path("content"))
                .map(c -> c.isString() ? c.stringValue() : c.path(0).path("text").asString(""))
                .toList();
    }
}
