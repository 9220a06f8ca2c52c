package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;

import entrepot.conversation.Event;
import entrepot.conversation.Failure;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.EventReader;
import entrepot.gateway.Served;
import entrepot.market.Receipt;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The Messages API through the official client and on the wire, over the real market. */
class MessagesTest {

    private static final String HELLO =
            "{\"model\":\"claude\", \"max_tokens\" : 64,"
                    + "\"messages\" : [{\"role\":\"user\",\"content\":\"hello\"}]";
    private static final String TEXT = "{\"type\":\"text\",\"text\":\"Hi there\"}";

    private final MessagesStall stall = new MessagesStall();

    @AfterEach
    void close() {
        stall.close();
    }

    private static MessageCreateParams.Builder params(String model) {
        return MessageCreateParams.builder().model(model).maxTokens(64).addUserMessage("hello");
    }

    @Test
    void theOfficialClientGetsAnAnswer() {
        stall.anthropic.answer(MessagesStall.answer(TEXT, "end_turn"));
        Message answer = stall.client.messages().create(params("claude").build());
        answer.validate();
        assertThat(answer.content().getFirst().asText().text()).isEqualTo("Hi there");
        assertThat(answer.usage().inputTokens()).isEqualTo(10);
        var sent = stall.anthropic.last();
        assertThat(sent.target()).isEqualTo("/v1/messages");
        assertThat(sent.header("x-api-key")).isEqualTo("sk-ant-aaaa");
        assertThat(sent.header("authorization")).as("R74").isNull();
        assertThat(sent.header("anthropic-version")).isEqualTo("2026-10-21");
        assertThat(sent.text()).contains("\"opus-at-a\"");
        Receipt receipt = stall.receipt();
        assertThat(receipt.usage().of(Meter.CACHE_READ)).isEqualTo(5);
        assertThat(receipt.storefront()).isEqualTo("anthropic.messages");
    }

    @Test
    void theOfficialClientStreams() {
        stall.anthropic.answer(
                MessagesStall.stream(
                        """
                        {"type":"message_start","message":{"id":"msg_1","type":"message",\
                        "role":"assistant","model":"m","content":[],"stop_reason":null,\
                        "stop_sequence":null,"usage":{"input_tokens":10,"output_tokens":1}}}\
                        """,
                        """
                        {"type":"content_block_start","index":0,"content_block":\
                        {"type":"text","text":""}}\
                        """,
                        "{\"type\":\"ping\"}",
                        """
                        {"type":"content_block_delta","index":0,"delta":\
                        {"type":"text_delta","text":"Hi there"}}\
                        """,
                        "{\"type\":\"content_block_stop\",\"index\":0}",
                        """
                        {"type":"message_delta","delta":{"stop_reason":"end_turn",\
                        "stop_sequence":null},"usage":{"input_tokens":12284,"output_tokens":7}}\
                        """,
                        "{\"type\":\"message_stop\"}"));
        Message answer = streamed("claude");
        assertThat(answer.content().getFirst().asText().text()).isEqualTo("Hi there");
        assertThat(stall.receipt().usage().inputTokens())
                .as("R90: the last usage counts")
                .isEqualTo(12_284);
    }

    @Test
    void theOfficialClientStreamsFromASupplierOfAnotherDialect() {
        stall.openai.answer(ChatScripts.stream(1000, 2, "Hi ", "there"));
        Message answer = streamed("openai/gpt");
        assertThat(answer.content().getFirst().asText().text()).isEqualTo("Hi there");
        assertThat(answer.stopReason()).contains(StopReason.END_TURN);
        assertThat(answer.usage().outputTokens()).as("R88").isEqualTo(2);
    }

    @Test
    void r25TheStartTellsAnEstimateAndTheEndTheTruth() {
        stall.openai.answer(ChatScripts.stream(1000, 2, "Hi ", "there"));
        List<EventReader.Frame> events;
        String body = HELLO.replace("claude", "openai/gpt") + ",\"stream\":true}";
        try (EventReader reader =
                stall.served.stream(stall.request("POST", "/v1/messages", body).build())) {
            events = reader.rest();
        }
        JsonNode start = event(events, "message_start").path("message").path("usage");
        assertThat(start.path("input_tokens").intValue()).isEqualTo(2);
        JsonNode end = event(events, "message_delta").path("usage");
        assertThat(end.path("input_tokens").intValue()).isEqualTo(1000);
        assertThat(end.path("output_tokens").intValue()).isEqualTo(2);
    }

    private static JsonNode event(List<EventReader.Frame> events, String name) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .map(EventReader.Frame::json)
                .findFirst()
                .orElseThrow();
    }

    private Message streamed(String model) {
        var all = MessageAccumulator.create();
        try (StreamResponse<RawMessageStreamEvent> stream =
                stall.client.messages().createStreaming(params(model).build())) {
            stream.stream().forEach(all::accumulate);
        }
        Message answer = all.message();
        answer.validate();
        return answer;
    }

    @Test
    void theOfficialClientUsesToolsOfAnySupplier() {
        var tool =
                Tool.builder()
                        .name("weather")
                        .inputSchema(Tool.InputSchema.builder().build())
                        .build();
        stall.openai.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Oslo\"}"));
        Message answer = stall.client.messages().create(params("openai/gpt").addTool(tool).build());
        assertThat(answer.stopReason()).contains(StopReason.TOOL_USE);
        var call = answer.content().getFirst().asToolUse();
        assertThat(call.id()).isEqualTo("call_1");
        assertThat(call._input()).hasToString("{city=Oslo}");
        assertThat(stall.openai.last().text()).contains("\"weather\"");
        stall.anthropic.answer(
                MessagesStall.answer(
                        "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"weather\",\"input\":{}}",
                        "tool_use"));
        answer = stall.client.messages().create(params("claude").addTool(tool).build());
        assertThat(answer.content().getFirst().asToolUse().id()).isEqualTo("t");
    }

    @Test
    void theOfficialClientCounts() {
        var counted =
                MessageCountTokensParams.builder().model("claude").addUserMessage("hello").build();
        stall.anthropic.answer(Script.json(200, "{\"input_tokens\":2095}"));
        assertThat(stall.client.messages().countTokens(counted).inputTokens()).isEqualTo(2095);
        assertThat(stall.anthropic.last().target()).isEqualTo("/v1/messages/count_tokens");
        Receipt receipt = stall.receipt();
        assertThat(receipt.outcome()).isEqualTo(Receipt.Outcome.DELIVERED);
        assertThat(receipt.usage().totalTokens()).as("to count is not to use").isZero();
    }

    @Test
    void r42WhereNobodyCountsAnEstimateSaysThatItIsOne() {
        String body = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}";
        for (String model : List.of("openai/gpt", "entrepot/echo-1")) {
            HttpResponse<String> answer =
                    stall.post("/v1/messages/count_tokens", body.formatted(model, "x".repeat(400)));
            assertThat(answer.headers().firstValue("x-entrepot-estimated")).contains("true");
            assertThat(Served.json(answer).path("input_tokens").intValue()).isEqualTo(100);
        }
        stall.anthropic.answer(Script.json(404, "{\"detail\":\"Not Found\"}"));
        HttpResponse<String> answer =
                stall.post("/v1/messages/count_tokens", body.formatted("claude", "hello"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-entrepot-estimated")).contains("true");
        stall.anthropic.answer(
                MessagesStall.error(400, "invalid_request_error", "messages: too odd"));
        answer = stall.post("/v1/messages/count_tokens", body.formatted("claude", "hello"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Served.json(answer).path("error").path("message").stringValue())
                .contains("messages: too odd");
    }

    @Test
    void theOfficialClientListsModels() {
        var page = stall.client.models().list();
        assertThat(page.data()).extracting(model -> model.id()).contains("claude", "openai/gpt");
        assertThat(stall.client.models().retrieve("anthropic/opus").id())
                .isEqualTo("anthropic/opus");
        assertThatThrownBy(() -> stall.client.models().retrieve("acme/none"))
                .isInstanceOf(NotFoundException.class);
        HttpResponse<String> two =
                stall.served.send(stall.request("GET", "/v1/models?limit=2", "").build());
        JsonNode json = Served.json(two);
        assertThat(json.path("has_more").booleanValue()).isTrue();
        String last = json.path("last_id").stringValue();
        assertThat(last).isEqualTo(json.path("data").get(1).path("id").stringValue());
        HttpResponse<String> rest =
                stall.served.send(stall.request("GET", "/v1/models?after_id=" + last, "").build());
        assertThat(Served.json(rest).path("has_more").booleanValue()).isFalse();
        HttpResponse<String> openai = stall.served.get("/v1/models");
        assertThat(Served.json(openai).path("object").stringValue()).isEqualTo("list");
    }

    @Test
    void theOfficialClientUnderstandsErrors() {
        assertThatThrownBy(() -> stall.client.messages().create(params("none").build()))
                .isInstanceOf(NotFoundException.class);
        stall.anthropic.answer(MessagesStall.error(400, "invalid_request_error", "bad tool"));
        assertThatThrownBy(() -> stall.client.messages().create(params("claude").build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("bad tool");
        stall.anthropic.answer(MessagesStall.error(401, "authentication_error", "invalid key"));
        assertThatThrownBy(() -> stall.client.messages().create(params("claude").build()))
                .as("the caller's own key is fine")
                .isInstanceOf(InternalServerException.class);
        HttpRequest stranger =
                HttpRequest.newBuilder(URI.create(stall.served.url() + "/v1/messages"))
                        .header("x-api-key", "wrong")
                        .header("anthropic-version", "2023-06-01")
                        .POST(HttpRequest.BodyPublishers.ofString(HELLO + "}"))
                        .build();
        HttpResponse<String> refused = stall.served.send(stranger);
        assertThat(refused.statusCode()).isEqualTo(401);
        JsonNode json = Served.json(refused);
        assertThat(json.path("error").path("type").stringValue()).isEqualTo("authentication_error");
        assertThat(refused.headers().firstValue("request-id"))
                .contains(json.path("request_id").stringValue());
        assertThat(refused.headers().firstValue("openai-version")).isEmpty();
    }

    @Test
    void bytesOfTheSameDialectPassBothWaysWithOnlyTheModelChanged() {
        Script odd =
                MessagesStall.answer("{\"type\":\"odd\",\"x\":1.10, \"y\" : \"é\\u00e9\"}", "odd");
        stall.anthropic.answer(odd);
        String body = HELLO + ", \"future\": {\"x\" : [1.0, 2e0]} }";
        HttpResponse<String> answer = stall.post("/v1/messages?beta=true", body);
        assertThat(stall.anthropic.last().text())
                .isEqualTo(body.replace("\"claude\"", "\"opus-at-a\""));
        assertThat(answer.body()).contains("{\"type\":\"odd\",\"x\":1.10, \"y\" : \"é\\u00e9\"}");
    }

    @Test
    void r39OnlyListedBetasGoOnAndTheOthersAreNamed() {
        stall.anthropic.answer(MessagesStall.answer(TEXT, "end_turn"));
        HttpRequest request =
                stall.request("POST", "/v1/messages?beta=true", HELLO + "}")
                        .header("anthropic-beta", "context-1m-2025-08-07,claude-code-20250219")
                        .header("anthropic-beta", "effort-2025-11-24")
                        .build();
        HttpResponse<String> answer = stall.served.send(request);
        assertThat(stall.anthropic.last().header("anthropic-beta"))
                .isEqualTo("context-1m-2025-08-07");
        assertThat(answer.headers().firstValue("x-entrepot-losses").orElseThrow())
                .isEqualTo("anthropic-beta=claude-code-20250219, anthropic-beta=effort-2025-11-24");
    }

    @Test
    void aVersionThatIsMissingOrUnknownIsRefusedByName() {
        for (String version : new String[] {null, "2030-01-01"}) {
            HttpRequest.Builder request = stall.served.request("POST", "/v1/messages", HELLO + "}");
            if (version != null) {
                request.header("anthropic-version", version);
            }
            HttpResponse<String> answer = stall.served.send(request.build());
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body())
                    .contains("anthropic-version", "2023-06-01", "2026-10-21")
                    .contains("\"type\":\"error\"");
        }
    }

    @Test
    void theNewerVersionTakesNoSamplingParameters() {
        HttpRequest request =
                stall.served
                        .request("POST", "/v1/messages", HELLO + ",\"temperature\":1}")
                        .header("anthropic-version", "2026-10-21")
                        .build();
        HttpResponse<String> answer = stall.served.send(request);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("temperature").contains("2026-10-21");
        stall.anthropic.answer(MessagesStall.answer(TEXT, "end_turn"));
        assertThat(stall.post("/v1/messages", HELLO + ",\"temperature\":1}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void r21AStreamThatBreaksEndsWithAnErrorAndNoStop() {
        stall.echo.then(
                new Event.Started("a", "m"),
                new Event.TextDelta(0, "Hel"),
                new Event.Failed(Failure.of(Failure.Cause.SUPPLIER_OVERLOADED, "too busy")));
        String body = HELLO.replace("claude", "entrepot/echo-1") + ",\"stream\":true}";
        try (EventReader reader =
                stall.served.stream(stall.request("POST", "/v1/messages", body).build())) {
            List<EventReader.Frame> events = reader.rest();
            assertThat(events.getLast().name()).isEqualTo("error");
            assertThat(events).noneMatch(event -> event.name().equals("message_stop"));
        }
    }
}
