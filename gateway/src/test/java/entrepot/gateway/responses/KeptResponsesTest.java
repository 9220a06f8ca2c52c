package entrepot.gateway.responses;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.gateway.KnownKeys;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What is kept of responses, seen from outside, with a supplier of another dialect behind. */
class KeptResponsesTest {

    private static final String HELLO = "{\"model\":\"small\",\"input\":\"hello\"}";

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
    void aResponseIsStoredUnlessItsCallerSaysNot() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2)).answer(ChatScripts.answer("Ho", 3, 2));
        JsonNode kept = shop.ask(HELLO);
        assertThat(kept.path("id").stringValue()).startsWith("resp_");
        assertThat(kept.path("status").stringValue()).isEqualTo("completed");
        assertThat(kept.path("store").booleanValue()).isTrue();
        assertThat(kept.path("usage").path("total_tokens").intValue()).isEqualTo(5);

        assertThat(Shop.json(shop.get("/v1/responses/" + id(kept)))).isEqualTo(kept);

        JsonNode not = shop.ask("{\"model\":\"small\",\"input\":\"hello\",\"store\":false}");
        assertThat(shop.get("/v1/responses/" + id(not)).statusCode()).isEqualTo(404);
    }

    @Test
    void whatContinuesAResponseIsAskedWithAllThatCameBeforeButNotItsInstructions() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2)).answer(ChatScripts.answer("Sky", 3, 2));
        JsonNode first =
                shop.ask(
                        "{\"model\":\"small\",\"input\":\"Which?\",\"instructions\":\"Be brief\"}");
        JsonNode second =
                shop.ask(
                        "{\"model\":\"small\",\"input\":\"Why?\",\"previous_response_id\":\"%s\"}"
                                .formatted(id(first)));

        assertThat(second.path("previous_response_id").stringValue()).isEqualTo(id(first));
        assertThat(second.path("instructions").isNull()).isTrue();
        assertThat(said()).containsExactly("user: Which?", "assistant: Blue", "user: Why?");
        assertThat(texts(shop.get("/v1/responses/" + id(second) + "/input_items?order=asc")))
                .containsExactly("Which?", "Blue", "Why?");
    }

    @Test
    void toolCallsAreContinuedWithTheirResults() {
        supplier.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Oslo\"}"))
                .answer(ChatScripts.answer("Cold", 3, 2));
        String tools =
                "\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{\"type\":"
                        + "\"object\",\"properties\":{}},\"strict\":false}]";
        JsonNode first = shop.ask("{\"model\":\"small\",\"input\":\"Weather?\"," + tools + "}");
        JsonNode call = first.path("output").get(0);
        assertThat(call.path("type").stringValue()).isEqualTo("function_call");

        shop.ask(
                "{\"model\":\"small\",%s,\"previous_response_id\":\"%s\",\"input\":[{\"type\":"
                                .formatted(tools, id(first))
                        + "\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"-3\"}]}");

        JsonNode messages = Shop.json(supplier.last().text()).path("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.get(1).path("tool_calls").get(0).path("id").stringValue())
                .isEqualTo("call_1");
        assertThat(messages.get(2).path("tool_call_id").stringValue()).isEqualTo("call_1");
    }

    @Test
    void anItemIsReferredToByItsId() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2)).answer(ChatScripts.answer("Sky", 3, 2));
        JsonNode first = shop.ask(HELLO);
        String item = id(first.path("output").get(0));

        shop.ask(
                ("{\"model\":\"small\",\"store\":false,\"input\":[{\"type\":\"item_reference\","
                                + "\"id\":\"%s\"},{\"role\":\"user\",\"content\":\"More\"}]}")
                        .formatted(item));
        assertThat(said()).containsExactly("assistant: Blue", "user: More");

        var unknown =
                shop.post(
                        "/v1/responses",
                        "{\"model\":\"small\",\"input\":[{\"type\":\"item_reference\",\"id\":"
                                + "\"x\"}]}");
        assertThat(unknown.statusCode()).isEqualTo(400);
        assertThat(error(unknown).path("code").stringValue()).isEqualTo("item_not_found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"previous_response_id\":\"resp_x\" | 400 | previous_response_id |"
                        + " previous_response_not_found",
                "\"conversation\":\"conv_x\" | 404 | | not_found",
                "\"conversation\":{\"id\":7} | 400 | conversation.id | invalid_type",
                "\"conversation\":\"c\",\"previous_response_id\":\"r\" | 400 | previous_response_id"
                        + " | mutually_exclusive_parameters",
                "\"background\":true,\"store\":false | 400 | background | invalid_value",
                "\"background\":1 | 400 | background | invalid_type",
                "\"metadata\":{\"a\":1} | 400 | metadata.a | invalid_type",
                "\"stream\":\"yes\" | 400 | stream | invalid_type",
            })
    void whatIsWrongIsToldInOpenAisShape(String members, int status, String param, String code) {
        var response =
                shop.post(
                        "/v1/responses",
                        "{\"model\":\"small\",\"input\":\"hello\"," + members + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = error(response);
        assertThat(error.path("code").asString("")).isEqualTo(code);
        assertThat(error.path("param").asString("")).isEqualTo(param == null ? "" : param);
        assertThat(error.path("type").asString("")).isEqualTo("invalid_request_error");
        assertThat(supplier.requests()).isEmpty();
    }

    @Test
    void anotherTenantSeesNothing() {
        supplier.answer(ChatScripts.answer("Secret", 3, 2));
        String id = id(shop.ask(HELLO));
        String conversation = id(Shop.json(shop.post("/v1/conversations", "{}")));

        for (String path :
                List.of(
                        "GET /v1/responses/" + id,
                        "GET /v1/responses/" + id + "?stream=true",
                        "GET /v1/responses/" + id + "/input_items",
                        "POST /v1/responses/" + id + "/cancel",
                        "DELETE /v1/responses/" + id,
                        "GET /v1/conversations/" + conversation,
                        "GET /v1/conversations/" + conversation + "/items",
                        "DELETE /v1/conversations/" + conversation)) {
            String[] parts = path.split(" ");
            assertThat(stranger(parts[0], parts[1], "").statusCode()).as(path).isEqualTo(404);
        }
        var continued =
                stranger(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"small\",\"input\":\"x\",\"previous_response_id\":\""
                                + id
                                + "\"}");
        assertThat(continued.statusCode()).isEqualTo(400);
        assertThat(error(continued).path("code").stringValue())
                .isEqualTo("previous_response_not_found");
        assertThat(continued.body()).doesNotContain("Secret");
        assertThat(shop.get("/v1/responses/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void aDeletedResponseIsGone() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2));
        String id = id(shop.ask(HELLO));
        assertThat(Shop.json(shop.delete("/v1/responses/" + id)))
                .isEqualTo(
                        Shop.json(
                                "{\"id\":\"%s\",\"object\":\"response\",\"deleted\":true}"
                                        .formatted(id)));
        assertThat(shop.get("/v1/responses/" + id).statusCode()).isEqualTo(404);
        assertThat(shop.delete("/v1/responses/" + id).statusCode()).isEqualTo(404);
    }

    @Test
    void whatIsKeptIsKeptForThirtyDays() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2));
        String id = id(shop.ask(HELLO));
        shop.clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(shop.get("/v1/responses/" + id).statusCode()).isEqualTo(200);

        shop.clock.advance(Duration.ofSeconds(1));
        assertThat(shop.get("/v1/responses/" + id).statusCode()).isEqualTo(404);
        assertThat(shop.store.sweep()).isEqualTo(1);
    }

    @Test
    void inputItemsComeInPages() {
        supplier.answer(ChatScripts.answer("Hi", 3, 2));
        String id =
                id(
                        shop.ask(
                                "{\"model\":\"small\",\"input\":[{\"role\":\"user\",\"content\":"
                                        + "\"a\"},"
                                        + "{\"role\":\"user\",\"content\":\"b\"},"
                                        + "{\"role\":\"user\",\"content\":\"c\"}]}"));
        String path = "/v1/responses/" + id + "/input_items?limit=2";
        JsonNode first = Shop.json(shop.get(path));
        assertThat(texts(shop.get(path))).containsExactly("c", "b");
        assertThat(first.path("has_more").booleanValue()).isTrue();
        assertThat(first.path("last_id")).isEqualTo(first.path("data").get(1).path("id"));

        HttpResponse<String> second =
                shop.get(path + "&after=" + first.path("last_id").stringValue());
        assertThat(texts(second)).containsExactly("a");
        assertThat(Shop.json(second).path("has_more").booleanValue()).isFalse();
        assertThat(shop.get(path + "&after=msg_x").statusCode()).isEqualTo(400);
        assertThat(shop.get(path + "&order=up").statusCode()).isEqualTo(400);
        assertThat(shop.get("/v1/responses/" + id + "/input_items?limit=0").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aFailureBeforeTheFirstWordIsAnErrorAndNothingIsKept() {
        supplier.always(ChatScripts.error(400, "invalid_request_error", "bad", "No good."));
        var response = shop.post("/v1/responses", HELLO);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(shop.store.sweep()).isZero();
    }

    @Test
    void aConversationCollectsWhatIsSaidInIt() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2)).answer(ChatScripts.answer("Sky", 3, 2));
        String conversation =
                id(
                        Shop.json(
                                shop.post(
                                        "/v1/conversations",
                                        "{\"metadata\":{\"a\":\"b\"},\"items\":[{\"type\":"
                                                + "\"message\","
                                                + "\"role\":\"user\",\"content\":\"Hello\"}]}")));
        JsonNode first =
                shop.ask(
                        "{\"model\":\"small\",\"input\":\"Which?\",\"conversation\":\"%s\"}"
                                .formatted(conversation));
        assertThat(first.path("conversation").path("id").stringValue()).isEqualTo(conversation);
        shop.ask(
                "{\"model\":\"small\",\"input\":\"Why?\",\"conversation\":{\"id\":\"%s\"}}"
                        .formatted(conversation));

        assertThat(said())
                .containsExactly("user: Hello", "user: Which?", "assistant: Blue", "user: Why?");
        assertThat(texts(shop.get("/v1/conversations/" + conversation + "/items?order=asc")))
                .containsExactly("Hello", "Which?", "Blue", "Why?", "Sky");
    }

    @Test
    void aConversationOutlivesItsResponsesAndNotTheOtherWayRound() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2));
        String conversation = id(Shop.json(shop.post("/v1/conversations", "{}")));
        String response =
                id(
                        shop.ask(
                                "{\"model\":\"small\",\"input\":\"?\",\"conversation\":\"%s\"}"
                                        .formatted(conversation)));
        shop.delete("/v1/responses/" + response);
        assertThat(texts(shop.get("/v1/conversations/" + conversation + "/items"))).hasSize(2);

        assertThat(shop.delete("/v1/conversations/" + conversation).statusCode()).isEqualTo(200);
        assertThat(shop.get("/v1/conversations/" + conversation).statusCode()).isEqualTo(404);
    }

    @Test
    void conversationsAreDescribedAndEdited() {
        String conversation = id(Shop.json(shop.post("/v1/conversations", "")));
        String path = "/v1/conversations/" + conversation;
        JsonNode described = Shop.json(shop.post(path, "{\"metadata\":{\"topic\":\"x\"}}"));
        assertThat(described.path("metadata").path("topic").stringValue()).isEqualTo("x");
        assertThat(Shop.json(shop.get(path))).isEqualTo(described);

        JsonNode added =
                Shop.json(
                        shop.post(
                                path + "/items",
                                "{\"items\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":"
                                        + "\"user\","
                                        + "\"content\":\"b\"}]}"));
        String first = added.path("first_id").stringValue();
        assertThat(Shop.json(shop.get(path + "/items/" + first)))
                .isEqualTo(added.path("data").get(0));
        assertThat(id(Shop.json(shop.delete(path + "/items/" + first)))).isEqualTo(conversation);
        assertThat(shop.get(path + "/items/" + first).statusCode()).isEqualTo(404);
        assertThat(texts(shop.get(path + "/items"))).containsExactly("b");

        String many = "{\"role\":\"user\",\"content\":\"a\"},".repeat(21);
        var refused =
                shop.post(
                        path + "/items",
                        "{\"items\":[" + many.substring(0, many.length() - 1) + "]}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused).path("param").stringValue()).isEqualTo("items");
        assertThat(shop.post(path, "{}").statusCode()).isEqualTo(400);
        assertThat(
                        shop.post(path, "{\"metadata\":{\"k\":\"" + "v".repeat(513) + "\"}}")
                                .statusCode())
                .isEqualTo(400);
    }

    @Test
    void tokensAreEstimatedAndSaidToBe() {
        var response =
                shop.post(
                        "/v1/responses/input_tokens",
                        "{\"model\":\"small\",\"input\":\"" + "x".repeat(41) + "\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(Shop.json(response))
                .isEqualTo(Shop.json("{\"object\":\"response.input_tokens\",\"input_tokens\":11}"));
        assertThat(response.headers().firstValue("x-entrepot-estimated")).hasValue("true");
    }

    @Test
    void aCompactionKeepsWhatUsersSaidAndStandsForTheRest() {
        supplier.answer(ChatScripts.answer("Blue", 3, 2))
                .answer(ChatScripts.stream(9, 4, "They spoke ", "of colours."))
                .answer(ChatScripts.answer("Yes", 3, 2));
        JsonNode first = shop.ask("{\"model\":\"small\",\"input\":\"Which?\"}");
        JsonNode compacted =
                Shop.json(
                        shop.post(
                                "/v1/responses/compact",
                                "{\"model\":\"small\",\"previous_response_id\":\"%s\"}"
                                        .formatted(id(first))));
        assertThat(compacted.path("object").stringValue()).isEqualTo("response.compaction");
        assertThat(compacted.path("usage").path("output_tokens").intValue()).isEqualTo(4);
        JsonNode output = compacted.path("output");
        assertThat(output).hasSize(2);
        assertThat(output.get(0).path("content").get(0).path("text").stringValue())
                .isEqualTo("Which?");
        assertThat(output.get(1).path("type").stringValue()).isEqualTo("compaction");
        assertThat(output.get(1).path("encrypted_content").stringValue()).doesNotContain("colours");

        shop.ask(
                "{\"model\":\"small\",\"store\":false,\"input\":["
                        + output.get(0)
                        + ","
                        + output.get(1)
                        + ",{\"role\":\"user\",\"content\":\"Go on\"}]}");
        assertThat(said()).hasSize(3);
        assertThat(said().get(1)).startsWith("user: ").endsWith("They spoke of colours.");
    }

    @Test
    void aDamagedCompactionIsRefused() {
        var refused =
                shop.post(
                        "/v1/responses",
                        "{\"model\":\"small\",\"input\":[{\"type\":\"compaction\","
                                + "\"encrypted_content\":"
                                + "\"entrepot.1.@@@\"}]}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(error(refused).path("param").stringValue()).isEqualTo("input");
    }

    private static String id(JsonNode node) {
        return node.path("id").asString("");
    }

    private static JsonNode error(HttpResponse<String> response) {
        return Shop.json(response).path("error");
    }

    /** What the supplier was asked last: who said what. */
    private List<String> said() {
        return Shop.json(supplier.last().text())
                .path("messages")
                .valueStream()
                .map(m -> m.path("role").asString("") + ": " + content(m.path("content")))
                .toList();
    }

    private static String content(JsonNode content) {
        return content.isString()
                ? content.stringValue()
                : content.path(0).path("text").asString("");
    }

    private static List<String> texts(HttpResponse<String> list) {
        return Shop.json(list)
                .path("data")
                .valueStream()
                .map(item -> item.path("content").path(0).path("text").asString(""))
                .toList();
    }

    private HttpResponse<String> stranger(String method, String path, String body) {
        HttpRequest request =
                shop.request(method, path, body)
                        .setHeader("authorization", "Bearer " + KnownKeys.OTHER_TENANT)
                        .build();
        return shop.send(request);
    }
}
