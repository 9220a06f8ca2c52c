package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.SseException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

import entrepot.conversation.Event;
import entrepot.conversation.Failure;
import entrepot.gateway.EventReader;
import entrepot.gateway.KnownKeys;
import entrepot.gateway.Served;
import entrepot.market.Receipt;
import entrepot.market.testing.ScriptedModel;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Chat Completions through the official client and on the wire, over the real market. */
class ChatTest {

    private static final String HELLO =
            "{\"model\":\"small\", \"messages\" : [{\"role\":\"user\",\"content\":\"hello\"}]";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void theOfficialClientGetsAnAnswer() {
        stall.a.answer(ChatScripts.answer("Hi there", 10, 2));
        ChatCompletion answer = served.client().chat().completions().create(params().build());
        answer.validate();
        assertThat(answer.choices().getFirst().message().content()).contains("Hi there");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(12);
    }

    @Test
    void theOfficialClientStreams() {
        stall.a.answer(ChatScripts.stream(10, 2, "Hi ", "there"));
        assertThat(streamed(params().build())).isEqualTo("Hi there");
    }

    @Test
    void r22r87TheFirstStreamOfAPlainInstallIsAnswered() {
        stall.a.answer(ChatScripts.stream(10, 2, "Hi ", "there"));
        HttpResponse<String> first =
                served.post("/v1/chat/completions", HELLO + ",\"stream\":true}");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).contains("Hi ", "there").endsWith("data: [DONE]\n\n");
    }

    /**
     * Nobody goes on for a caller by prefill; a caller's own prefill is the supplier's to judge.
     */
    @Test
    void r46ABrokenAnswerIsNotContinuedAndTheErrorIsTheSuppliersOwn() {
        Script whole = ChatScripts.stream(10, 2, "Half of", " it");
        stall.a.answer(new Script(200, whole.headers(), true, whole.steps().subList(0, 2)).cut());
        assertThatThrownBy(() -> served.post("/v1/chat/completions", HELLO + ",\"stream\":true}"))
                .as("it is not taken for a whole answer")
                .isInstanceOf(UncheckedIOException.class);
        assertThat(stall.a.requests()).hasSize(1);
        assertThat(stall.b.requests()).isEmpty();

        String why = "This model does not support assistant message prefill.";
        stall.a.answer(ChatScripts.error(400, "invalid_request_error", "prefill", why));
        String prefilled = HELLO.replace("}]", "},{\"role\":\"assistant\",\"content\":\"So\"}]");
        HttpResponse<String> refused = served.post("/v1/chat/completions", prefilled + "}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(why);
        assertThat(stall.a.last().text()).contains("\"role\":\"assistant\",\"content\":\"So\"");
    }

    @Test
    void theOfficialClientStreamsFromAModelThatSpeaksInEvents() {
        stall.echo.then(ScriptedModel.says("Hello from here", 4));
        assertThat(streamed(params().model("entrepot/echo-1").build()))
                .isEqualTo("Hello from here");
        stall.echo.then(ScriptedModel.says("And whole", 4));
        ChatCompletion whole =
                served.client()
                        .chat()
                        .completions()
                        .create(params().model("entrepot/echo-1").build());
        whole.validate();
        assertThat(whole.choices().getFirst().message().content()).contains("And whole");
    }

    @Test
    void theOfficialClientUsesTools() {
        stall.a.answer(ChatScripts.toolCall("call_1", "weather", "{\"city\":\"Oslo\"}"));
        var tool =
                FunctionDefinition.builder()
                        .name("weather")
                        .parameters(
                                FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .build())
                        .build();
        ChatCompletion answer =
                served.client().chat().completions().create(params().addFunctionTool(tool).build());
        var call = answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst();
        assertThat(call.asFunction().function().arguments()).isEqualTo("{\"city\":\"Oslo\"}");
        assertThat(stall.a.last().text()).contains("\"weather\"");
    }

    @Test
    void theOfficialClientUnderstandsErrors() {
        var completions = served.client().chat().completions();
        assertThatThrownBy(() -> completions.create(params().model("acme/none").build()))
                .isInstanceOfSatisfying(
                        NotFoundException.class,
                        refused -> assertThat(refused.code()).contains("model_not_found"));
        stall.a.answer(ChatScripts.error(400, "invalid_request_error", "bad_tool", "bad tool"));
        assertThatThrownBy(() -> completions.create(params().build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        refused -> assertThat(refused.code()).contains("bad_tool"));
    }

    @Test
    void bytesOfTheSameDialectPassBothWaysWithOnlyTheModelChanged() {
        Script odd =
                Script.json(
                        200,
                        "{\"id\":\"x\", \"object\":\"chat.completion\",\"created\":1,\"odd\" : 1e2,"
                                + "\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                                + "\"assistant\",\"content\":\"é\\u00e9\"},\"finish_reason\":"
                                + "\"stop\"}],\"usage\":{\"prompt_tokens\":1,"
                                + "\"completion_tokens\":1,\"total_tokens\":2}}");
        stall.a.answer(odd);
        String body = HELLO + ", \"future\": {\"x\" : [1.0, 2e0]} }";
        HttpResponse<String> answer = served.post("/v1/chat/completions", body);
        assertThat(stall.a.last().text()).isEqualTo(body.replace("\"small\"", "\"one-at-a\""));
        assertThat(answer.body()).contains("\"odd\" : 1e2", "é\\u00e9");
    }

    @Test
    void theAnswerNamesWhatDecided() {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        HttpResponse<String> answer = served.post("/v1/chat/completions", HELLO + "}");
        assertThat(answer.headers().firstValue("x-entrepot-supplier")).contains("a");
        assertThat(answer.headers().firstValue("x-entrepot-model")).contains("acme/one");
        assertThat(answer.headers().firstValue("x-entrepot-order").orElseThrow())
                .startsWith("ord_");
        assertThat(answer.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
        assertThat(answer.headers().firstValue("openai-version")).contains("2020-10-01");
        assertThat(answer.headers().firstValue("openai-processing-ms")).isPresent();
    }

    /** R14: a supplier that rejects a stream at once is an HTTP status, not silence. */
    @Test
    void anErrorBeforeContentIsAStatus() {
        stall.a.answer(ChatScripts.error(400, "invalid_request_error", "bad", "No such thing."));
        HttpResponse<String> answer =
                served.post("/v1/chat/completions", HELLO + ",\"stream\":true}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Served.json(answer).path("error").path("message").asString(""))
                .contains("No such thing.");
    }

    /** R45: a supplier that fails within its stream before content is replaced unseen. */
    @Test
    void aSupplierThatFailsBeforeContentIsReplaced() {
        stall.a.answer(Script.events("{\"error\":{\"message\":\"no\",\"type\":\"overloaded\"}}"));
        stall.b.answer(ChatScripts.stream(10, 2, "from b"));
        assertThat(streamed(params().build())).isEqualTo("from b");
    }

    /** R21: what came is passed on, then a typed error, and no end mark. */
    @Test
    void anErrorAfterContentIsAnEventWithoutAnEndMark() {
        stall.a.answer(
                Script.stream()
                        .send("data: " + chunk("Hel") + "\n\n")
                        .send("data: " + chunk("lo") + "\n\n")
                        .cut());
        try (EventReader stream = openStream()) {
            List<EventReader.Frame> frames = stream.until(f -> f.json().has("error"));
            assertThat(frames).hasSize(3);
            assertThat(frames.get(1).data()).contains("\"lo\"");
            JsonNode error = frames.get(2).json().path("error");
            assertThat(error.path("type").asString("")).isEqualTo("server_error");
            assertThat(error.path("message").asString("")).contains("broke off");
            assertThatThrownBy(stream::next).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void theOfficialClientIsToldThatAStreamBroke() {
        stall.a.answer(Script.stream().send("data: " + chunk("Hel") + "\n\n").cut());
        assertThatThrownBy(() -> streamed(params().build())).isInstanceOf(SseException.class);
    }

    @Test
    void anErrorAfterContentOfEventsIsAnEventToo() {
        stall.echo.then(
                new Event.Started("x", "x"),
                new Event.TextDelta(0, "Hel"),
                new Event.Failed(Failure.of(Failure.Cause.SUPPLIER_FAILED, "It broke.")));
        try (EventReader stream = openStream("entrepot/echo-1")) {
            List<EventReader.Frame> frames = stream.rest();
            assertThat(frames.getLast().json().path("error").path("message").asString(""))
                    .contains("It broke.");
            assertThat(frames.toString()).doesNotContain("[DONE]");
        }
    }

    @Test
    void aCallerWhoLeavesLetsTheSupplierGo() throws Exception {
        stall.a.answer(Script.stream().send("data: " + chunk("Hel") + "\n\n").hang());
        EventReader stream = openStream();
        assertThat(stream.next()).isNotNull();
        stream.close();
        stall.a.awaitAborted(1);
        while (stall.ledger.all().isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(stall.ledger.all().getFirst().outcome()).isEqualTo(Receipt.Outcome.CANCELLED);
    }

    /** R74: nothing of the caller's credential or headers reaches a supplier. */
    @Test
    void theCallersCredentialsGoNoFurtherThanTheDoor() {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        served.send(
                served.request("POST", "/v1/chat/completions", HELLO + "}")
                        .header("x-api-key", KnownKeys.ALL)
                        .header("cookie", "session=1")
                        .header("x-custom", "private")
                        .header("openai-organization", "org-caller")
                        .build());
        String seen = stall.a.last().headers().toString() + stall.a.last().text();
        assertThat(seen)
                .contains("sk-aaaaaaaaaa")
                .doesNotContain(KnownKeys.ALL, "session=1", "private", "org-caller");
    }

    /** R83: who asks is resolved once. */
    @Test
    void theCallerIsResolvedOnce() {
        stall.a.answer(ChatScripts.answer("Hi", 1, 1));
        int before = served.keys().resolved();
        served.post("/v1/chat/completions", HELLO + "}");
        assertThat(served.keys().resolved()).isEqualTo(before + 1);
        assertThat(stall.ledger.all().getFirst())
                .satisfies(receipt -> {
                    assertThat(receipt.tenant()).isEqualTo("acme");
                    assertThat(receipt.team()).isEqualTo("core-team");
                    assertThat(receipt.keyId()).isEqualTo("key_1");
                });
    }

    @Test
    void modelsAreListedAndFoundWithTheirSlash() {
        var ids = new ArrayList<String>();
        served.client().models().list().data().forEach(model -> ids.add(model.id()));
        assertThat(ids).contains("acme/one", "small", "entrepot/echo-1");
        assertThat(served.client().models().retrieve("acme/one").ownedBy()).isEqualTo("acme");
        assertThat(Served.json(served.get("/v1/models/acme/one")).path("id").asString(""))
                .isEqualTo("acme/one");
        assertThatThrownBy(() -> served.client().models().retrieve("acme/none"))
                .isInstanceOf(NotFoundException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                              | 400 | invalid_json | ",
                "[]                                             | 400 |              | ",
                "{\"messages\":[]}                              | 400 | missing_required_parameter"
                        + " | model",
                "{\"model\":\"small\"}                          | 400 | missing_required_parameter"
                        + " | messages",
                "{\"model\":7,\"messages\":[]}                  | 400 | invalid_type | model",
                "{\"model\":\"small\",\"messages\":\"hi\"}      | 400 | invalid_type | messages",
                "{\"model\":\"small\",\"messages\":[],\"stream\":1} | 400 | invalid_type | stream",
                "{\"model\":\"nope\",\"messages\":[]}           | 404 | model_not_found | model"
            })
    void badInputIsNamed(String body, int status, String code, String param) {
        HttpResponse<String> answer = served.post("/v1/chat/completions", body);
        JsonNode error = Served.json(answer).path("error");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(error.path("message").asString("")).isNotEmpty();
        if (code != null) {
            assertThat(error.path("code").asString("")).isEqualTo(code);
        }
        if (param != null) {
            assertThat(error.path("param").asString("")).isEqualTo(param);
        }
        assertThat(stall.a.requests()).isEmpty();
    }

    private EventReader openStream() {
        return openStream("small");
    }

    private EventReader openStream(String model) {
        return served.stream(
                served.request(
                                "POST",
                                "/v1/chat/completions",
                                HELLO.replace("small", model) + ",\"stream\":true}")
                        .build());
    }

    private String streamed(ChatCompletionCreateParams params) {
        var accumulator = ChatCompletionAccumulator.create();
        try (var stream = served.client().chat().completions().createStreaming(params)) {
            stream.stream().forEach(accumulator::accumulate);
        }
        return accumulator.chatCompletion().choices().getFirst().message().content().orElseThrow();
    }

    private static ChatCompletionCreateParams.Builder params() {
        return ChatCompletionCreateParams.builder().model("small").addUserMessage("hello");
    }

    private static String chunk(String text) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text
                + "\"},\"finish_reason\":null}]}";
    }
}
