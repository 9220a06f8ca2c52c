package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.embeddings.EmbeddingCreateParams;

import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Served;
import entrepot.market.Money;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.util.Collections;

/** Embeddings through the official client and on the wire, over the real market. */
class EmbeddingsTest {

    private static final String ANSWER =
            "{\"object\":\"list\", \"data\":[{\"object\":\"embedding\",\"index\":0,"
                    + "\"embedding\":[0.5,-0.25]}],\"model\":\"m-1\",\"odd\" : 1e2,"
                    + "\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void theOfficialClientGetsVectors() {
        stall.a.answer(Script.json(200, ANSWER));
        var answer =
                served.client()
                        .embeddings()
                        .create(EmbeddingCreateParams.builder().model("small").input("hi").build());
        answer.validate();
        assertThat(answer.data().getFirst().embedding()).containsExactly(0.5f, -0.25f);
        assertThat(answer.usage().totalTokens()).isEqualTo(3);
        assertThat(stall.a.last().target()).isEqualTo("/v1/embeddings");
        Receipt receipt = stall.ledger.all().getFirst();
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.storefront()).isEqualTo("openai.embeddings");
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(3);
        assertThat(receipt.usage().estimated()).isFalse();
        assertThat(receipt.cost()).isEqualTo(Money.of("0.000003", "USD"));
    }

    @Test
    void theOfficialClientUnderstandsErrors() {
        var embeddings = served.client().embeddings();
        var many = Collections.nCopies(2_049, "a");
        assertThatThrownBy(() ->
                        embeddings.create(
                                EmbeddingCreateParams.builder()
                                        .model("small")
                                        .inputOfArrayOfStrings(many)
                                        .build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class,
                        e -> assertThat(e.code()).contains("array_above_max_length"));
        assertThatThrownBy(() ->
                        embeddings.create(
                                EmbeddingCreateParams.builder().model("none").input("a").build()))
                .isInstanceOf(NotFoundException.class);
        assertThat(stall.a.requests()).isEmpty();
    }

    /** R40: with a client that says null, null arrives; with one that is silent, nothing does. */
    @Test
    void r40BytesPassBothWaysWithOnlyTheModelChanged() {
        stall.a.answer(Script.json(200, ANSWER));
        String body =
                "{\"model\" : \"small\",\"input\":[\"é\\u00e9\"],\"encoding_format\": null,"
                        + " \"x\":1.10}";
        HttpResponse<String> answer = served.post("/v1/embeddings", body);
        assertThat(stall.a.last().text()).isEqualTo(body.replace("small", "one-at-a"));
        assertThat(answer.body()).isEqualTo(ANSWER);
        assertThat(answer.headers().firstValue("x-entrepot-supplier")).contains("a");
    }

    @Test
    void anotherSupplierIsTried() {
        stall.a.answer(ChatScripts.error(503, "server_error", "overloaded", "later"));
        stall.b.answer(Script.json(200, ANSWER));
        HttpResponse<String> answer = served.post("/v1/embeddings", body("small"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(stall.ledger.all())
                .extracting(Receipt::supplier, Receipt::outcome)
                .containsExactly(tuple("a", Outcome.FAILED), tuple("b", Outcome.DELIVERED));
    }

    @Test
    void whatIsNoAnswerIsNotPassedOn() {
        stall.a.answer(Script.json(200, "{\"error\":{\"message\":\"no\",\"code\":\"odd\"}}"));
        stall.b.answer(Script.json(200, ANSWER));
        assertThat(served.post("/v1/embeddings", body("small")).body()).isEqualTo(ANSWER);
    }

    @Test
    void usageThatIsNotToldIsEstimated() {
        stall.a.answer(Script.json(200, "{\"data\":[{\"embedding\":[1]}]}"));
        served.post("/v1/embeddings", body("small").replace("hello", "abcdefgh"));
        Receipt receipt = stall.ledger.all().getFirst();
        assertThat(receipt.usage().estimated()).isTrue();
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(2);
        assertThat(receipt.usage().of(Meter.OUTPUT)).isZero();
    }

    @Test
    void aModelInTheProcessMakesVectorsInEitherForm() {
        HttpResponse<String> numbers = served.post("/v1/embeddings", body("entrepot/echo-1"));
        JsonNode first = Served.json(numbers).path("data").path(0).path("embedding");
        assertThat(first.toString()).isEqualTo("[5.0,0.5]");
        HttpResponse<String> text =
                served.post(
                        "/v1/embeddings",
                        body("entrepot/echo-1").replace("}", ",\"encoding_format\":\"base64\"}"));
        assertThat(Served.json(text).path("data").path(0).path("embedding").asString(""))
                .isEqualTo("AACgQAAAAD8=");
        assertThat(stall.ledger.all().getLast().supplier()).isEqualTo("built-in");
    }

    /** Titan embeds one text a call: several are several calls of one attempt. */
    @Test
    void aSupplierOfAnotherDialectIsAskedAsOftenAsItMust() {
        stall.b.answer(Script.json(200, "{\"embedding\":[1,2],\"inputTextTokenCount\":3}"));
        stall.b.answer(Script.json(200, "{\"embedding\":[3,4],\"inputTextTokenCount\":4}"));
        HttpResponse<String> answer =
                served.post(
                        "/v1/embeddings",
                        "{\"model\":\"titan\",\"input\":[\"a\",\"b\"],\"user\":\"u\"}");
        JsonNode json = Served.json(answer);
        assertThat(json.path("data").path(1).path("embedding").toString()).isEqualTo("[3.0,4.0]");
        assertThat(json.path("usage").path("prompt_tokens").asInt(0)).isEqualTo(7);
        assertThat(answer.headers().firstValue("x-entrepot-losses")).contains("user");
        assertThat(stall.b.requests()).hasSize(2);
        assertThat(stall.b.last().target())
                .isEqualTo("/model/amazon.titan-embed-text-v2%3A0/invoke");
        assertThat(stall.b.last().text()).isEqualTo("{\"inputText\":\"b\"}");
        assertThat(stall.ledger.all()).hasSize(1);
        assertThat(stall.ledger.all().getFirst().cost()).isEqualTo(Money.of("0.000014", "USD"));
    }

    @Test
    void googleMakesThemInBatches() {
        stall.b.answer(
                Script.json(200, "{\"embeddings\":[{\"values\":[1,2]},{\"values\":[3,4]}]}"));
        HttpResponse<String> answer =
                served.post(
                        "/v1/embeddings",
                        "{\"model\":\"embed\",\"input\":[\"a\",\"b\"],\"dimensions\":2}");
        assertThat(Served.json(answer).path("data").path(1).path("embedding").toString())
                .isEqualTo("[3.0,4.0]");
        assertThat(stall.b.last().target()).isEqualTo("/v1beta/models/g-2:batchEmbedContents");
        assertThat(stall.b.last().header("x-goog-api-key")).isEqualTo("sk-bbbbbbbbbb");
        assertThat(stall.b.last().text()).contains("\"outputDimensionality\":2");
        // Google's older models tell no usage.
        assertThat(stall.ledger.all().getFirst().usage().estimated()).isTrue();
    }

    @Test
    void googlesClientsAskForThemInTheirOwnWords() {
        String one = "{\"content\":{\"parts\":[{\"text\":\"hello\"}]}}";
        stall.b.answer(Script.json(200, "{\"embedding\":{\"values\":[1,2]},\"odd\":1}"));
        HttpResponse<String> passed = served.post("/v1beta/models/embed:embedContent", one);
        assertThat(passed.body()).isEqualTo("{\"embedding\":{\"values\":[1,2]},\"odd\":1}");
        assertThat(stall.b.last().target()).isEqualTo("/v1beta/models/g-2:embedContent");
        HttpResponse<String> translated =
                served.post(
                        "/v1beta/models/entrepot/echo-1:batchEmbedContents",
                        "{\"requests\":[" + one + "," + one + "]}");
        assertThat(Served.json(translated).path("embeddings").path(1).path("values").toString())
                .isEqualTo("[5.0,0.5]");
        HttpResponse<String> bad =
                served.post("/v1beta/models/entrepot/echo-1:batchEmbedContents", "{}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(Served.json(bad).path("error").path("status").asString(""))
                .isEqualTo("INVALID_ARGUMENT");
    }

    /** What was used before a later call failed is on the receipt. */
    @Test
    void aCallThatFailsInTheMiddleIsAccountedFor() {
        stall.b.answer(Script.json(200, "{\"embedding\":[1,2],\"inputTextTokenCount\":3}"));
        stall.b.answer(Script.json(400, "{\"message\":\"too long\"}"));
        HttpResponse<String> answer =
                served.post("/v1/embeddings", "{\"model\":\"titan\",\"input\":[\"a\",\"b\"]}");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(stall.ledger.all().getFirst().usage().of(Meter.FRESH_INPUT)).isEqualTo(3);
    }

    @Test
    void whatAnotherDialectCannotSayIsRefusedWithItsPlace() {
        HttpResponse<String> tokens =
                served.post("/v1/embeddings", "{\"model\":\"titan\",\"input\":[[1,2]]}");
        assertThat(tokens.statusCode()).isEqualTo(400);
        assertThat(Served.json(tokens).path("error").path("param").asString("")).isEqualTo("input");
        HttpResponse<String> odd =
                served.post(
                        "/v1/embeddings",
                        "{\"model\":\"titan\",\"input\":\"a\",\"late_chunking\":true}");
        assertThat(odd.statusCode()).isEqualTo(400);
        assertThat(Served.json(odd).path("error").path("param").asString(""))
                .isEqualTo("late_chunking");
        assertThat(stall.b.requests()).isEmpty();
    }

    @Test
    void deploymentsMakeVectorsToo() {
        stall.b.answer(Script.json(200, ANSWER));
        HttpResponse<String> answer =
                served.post(
                        "/openai/deployments/cloud/embeddings?api-version=2025-04-01-preview",
                        "{\"model\":\"emb\",\"input\":\"a\",\"encoding_format\":\"base64\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(stall.b.last().target())
                .isEqualTo("/openai/deployments/dep%20one/embeddings?api-version=2024-10-21");
        stall.a.answer(Script.json(200, ANSWER));
        assertThat(served.post("/openai/v1/embeddings", body("newer")).statusCode()).isEqualTo(200);
        assertThat(stall.a.last().target()).isEqualTo("/openai/v1/embeddings");
    }

    private static String body(String model) {
        return "{\"model\":\"" + model + "\",\"input\":\"hello\"}";
    }
}
