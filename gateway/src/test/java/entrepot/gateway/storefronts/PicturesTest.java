package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;

import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Served;
import entrepot.http.ClientSettings;
import entrepot.http.HttpClient;
import entrepot.http.engine.HttpClients;
import entrepot.identity.testing.CountingIds;
import entrepot.market.Receipt;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.CatalogueReader;
import entrepot.market.catalog.SecretSources;
import entrepot.market.routing.Markets;
import entrepot.market.testing.MemoryLedger;
import entrepot.protocols.json.Json;
import entrepot.testkit.Script;
import entrepot.testkit.ScriptedSupplier;
import entrepot.testkit.ScriptedSupplier.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** Pictures of suppliers who do not speak like OpenAI, for its official client and on the wire. */
class PicturesTest {

    private static final String CATALOGUE =
            """
            suppliers:
              aws: {kind: bedrock, region: eu-west-1, base_url: "BASE", key_env: KEY}
              google: {kind: gemini, base_url: "BASE", key_env: KEY}
              vertex: {kind: vertex, base_url: "BASE", project: p, location: global, key_env: KEY}
              chat: {kind: openai-compatible, base_url: "BASE/v1", key_env: KEY}
              claude: {kind: anthropic, base_url: "BASE", key_env: KEY}
            models:
              a/titan:
                offers:
                  - supplier: aws
                    name: "amazon.titan-image-generator-v2:0"
                    prices: {images: 10000}
              a/canvas: {offers: [{supplier: aws, name: "amazon.nova-canvas-v1:0", prices: free}]}
              a/core: {offers: [{supplier: aws, name: "stability.stable-image-core-v1:1",
                prices: free}]}
              g/imagen: {offers: [{supplier: google, name: imagen-4.0-generate-001, prices: free}]}
              g/banana: {offers: [{supplier: google, name: gemini-2.5-flash-image, prices: free}]}
              v/imagen: {offers: [{supplier: vertex, name: imagen-4.0-generate-001, prices: free}]}
              x/words: {offers: [{supplier: claude, name: claude, prices: free}]}
              x/both:
                offers:
                  - {supplier: chat, name: gpt-image-1, prices: free}
                  - {supplier: aws, name: "amazon.nova-canvas-v1:0", prices: free}
            """;
    private static final String TWO = "{\"images\":[\"AA==\",\"AQ==\"],\"error\":null}";

    private final ScriptedSupplier twin = ScriptedSupplier.start();
    private final HttpClient http = HttpClients.open(ClientSettings.DEFAULT);
    private final MemoryLedger ledger = new MemoryLedger();
    private final Served served = served();

    private Served served() {
        Catalogue catalogue =
                new CatalogueReader(
                                Map.of(),
                                new SecretSources(Map.of("KEY", "sk-supplier"), Path.of(".")))
                        .read(
                                "pictures.yaml",
                                CATALOGUE.replace("BASE", "http://127.0.0.1:" + twin.port()));
        return new Served(
                Markets.open(
                        () -> catalogue,
                        ledger,
                        http,
                        List.of(),
                        Clock.systemUTC(),
                        new CountingIds("m")));
    }

    @AfterEach
    void close() {
        served.close();
        http.close();
        twin.close();
    }

    private static JsonNode sent(Received request) {
        return Json.read(request.body(), Cause.INTERNAL);
    }

    private HttpResponse<String> drawn(String model, String more) {
        return served.post(
                "/v1/images/generations",
                "{\"model\":\"" + model + "\",\"prompt\":\"a cat\"" + more + "}");
    }

    @Test
    void titanDrawsForTheOfficialClientAndIsBilledByThePicture() {
        twin.answer(Script.json(200, TWO));
        var answer =
                served.client()
                        .images()
                        .generate(
                                ImageGenerateParams.builder()
                                        .model("a/titan")
                                        .prompt("a cat")
                                        .n(2)
                                        .size(ImageGenerateParams.Size._1024X1024)
                                        .quality(ImageGenerateParams.Quality.HIGH)
                                        .build());
        assertThat(answer.data().orElseThrow().get(1).b64Json()).contains("AQ==");
        assertThat(twin.last().target())
                .isEqualTo("/model/amazon.titan-image-generator-v2%3A0/invoke");
        assertThat(twin.last().text())
                .isEqualTo(
                        "{\"taskType\":\"TEXT_IMAGE\",\"textToImageParams\":{\"text\":\"a cat\"},"
                                + "\"imageGenerationConfig\":{\"numberOfImages\":2,\"width\":1024,"
                                + "\"height\":1024,\"quality\":\"premium\"}}");
        Receipt receipt = ledger.all().getFirst();
        assertThat(receipt.usage().of(Meter.IMAGES)).isEqualTo(2);
        assertThat(receipt.usage().totalTokens()).isZero();
        assertThat(receipt.cost()).isNotNull();
    }

    @Test
    void novaAndStabilityDrawInAsManyCallsAsItTakes() {
        twin.answer(Script.json(200, TWO));
        assertThat(drawn("a/canvas", ",\"size\":\"1536x1024\",\"n\":2").statusCode())
                .isEqualTo(200);
        assertThat(sent(twin.last()).at("/imageGenerationConfig/width").intValue()).isEqualTo(1536);
        for (int i = 0; i < 2; i++) {
            twin.answer(
                    Script.json(
                            200,
                            "{\"seeds\":[1],\"finish_reasons\":[null],\"images\":[\"AA==\"]}"));
        }
        HttpResponse<String> two =
                drawn("a/core", ",\"n\":2,\"size\":\"1536x1024\",\"output_format\":\"jpeg\"");
        assertThat(Served.json(two).path("data").size()).isEqualTo(2);
        assertThat(Served.json(two).path("output_format").stringValue()).isEqualTo("jpeg");
        assertThat(two.headers().firstValue("x-entrepot-losses")).isPresent();
        assertThat(twin.requests()).hasSize(3);
        assertThat(twin.last().text())
                .isEqualTo(
                        "{\"prompt\":\"a cat\",\"mode\":\"text-to-image\",\"aspect_ratio\":\"3:2\","
                                + "\"output_format\":\"jpeg\"}");
        assertThat(ledger.latest("acme", 1).getFirst().usage().of(Meter.IMAGES)).isEqualTo(2);
    }

    @Test
    void imagenDrawsAtBothOfGooglesDoors() {
        String answer =
                "{\"predictions\":[{\"mimeType\":\"image/png\",\"bytesBase64Encoded\":\"AA==\","
                        + "\"prompt\":\"a tabby cat\"}]}";
        for (String model : List.of("g/imagen", "v/imagen")) {
            twin.answer(Script.json(200, answer));
            HttpResponse<String> told = drawn(model, ",\"size\":\"1024x1024\"");
            assertThat(Served.json(told).at("/data/0/b64_json").stringValue()).isEqualTo("AA==");
            assertThat(Served.json(told).at("/data/0/revised_prompt").stringValue())
                    .isEqualTo("a tabby cat");
            assertThat(twin.last().target()).endsWith("/models/imagen-4.0-generate-001:predict");
            assertThat(twin.last().text())
                    .isEqualTo(
                            "{\"instances\":[{\"prompt\":\"a cat\"}],\"parameters\":"
                                    + "{\"sampleCount\":1,\"aspectRatio\":\"1:1\"}}");
            assertThat(ledger.latest("acme", 1).getFirst().usage().of(Meter.IMAGES)).isOne();
        }
    }

    @Test
    void geminiDrawsAndItsTokensAreTold() {
        twin.answer(
                Script.json(
                        200,
                        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Here:\"},"
                            + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA==\"}}]},"
                            + "\"finishReason\":\"STOP\"}],\"usageMetadata\":{"
                            + "\"promptTokenCount\":4,\"candidatesTokenCount\":1290}}"));
        JsonNode told = Served.json(drawn("g/banana", ""));
        assertThat(told.at("/data/0/b64_json").stringValue()).isEqualTo("AA==");
        assertThat(told.at("/usage/output_tokens").intValue()).isEqualTo(1290);
        assertThat(twin.last().target()).endsWith("/gemini-2.5-flash-image:generateContent");
        assertThat(sent(twin.last()).at("/generationConfig/responseModalities/1").stringValue())
                .isEqualTo("IMAGE");
        assertThat(ledger.all().getFirst().usage().of(Meter.IMAGE_OUTPUT)).isEqualTo(1290);
    }

    @Test
    void aStreamGetsItsPicturesWhenTheyAreWhole() {
        twin.answer(Script.json(200, TWO));
        try (var stream =
                served.client()
                        .images()
                        .generateStreaming(
                                ImageGenerateParams.builder()
                                        .model("a/titan")
                                        .prompt("a cat")
                                        .n(2)
                                        .build())) {
            List<ImageGenStreamEvent> events = stream.stream().toList();
            assertThat(events).hasSize(2).allMatch(ImageGenStreamEvent::isGenerationCompleted);
            assertThat(events.getLast().asGenerationCompleted().b64Json()).isEqualTo("AQ==");
        }
    }

    @Test
    void anotherSupplierDrawsWhenTheFirstCannot() {
        twin.answer(Script.json(500, "{\"error\":{\"message\":\"broken\"}}"));
        twin.answer(Script.json(200, "{\"images\":[\"AA==\"]}"));
        HttpResponse<String> told = drawn("x/both", "");
        assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
        assertThat(twin.requests().getFirst().target()).isEqualTo("/v1/images/generations");
        assertThat(twin.last().target()).endsWith("/invoke");
    }

    @Test
    void r38WhatAModelCannotDrawIsRefusedOrNamedAndNeverDroppedInSilence() {
        for (String more :
                List.of(
                        ",\"size\":\"1536x1024\"",
                        ",\"output_format\":\"webp\"",
                        ",\"response_format\":\"url\"",
                        ",\"background\":\"transparent\"")) {
            HttpResponse<String> refused = drawn("a/titan", more);
            assertThat(refused.statusCode()).as(more).isEqualTo(400);
            assertThat(Served.json(refused).at("/error/param").isString()).as(more).isTrue();
        }
        assertThat(drawn("a/titan", ",\"size\":\"large\"").body()).contains("\"size\"");
        assertThat(drawn("x/words", "").statusCode()).isEqualTo(400);
        assertThat(twin.requests()).isEmpty();
        twin.answer(Script.json(200, "{\"images\":[\"AA==\"]}"));
        HttpResponse<String> named = drawn("a/titan", ",\"quality\":\"low\",\"user\":\"u\"");
        assertThat(named.statusCode()).isEqualTo(200);
        assertThat(named.headers().firstValue("x-entrepot-losses").orElse(""))
                .contains("quality", "user");
    }

    @Test
    void whatWasFilteredIsSaidToBe() {
        for (Map.Entry<String, String> each :
                Map.of(
                                "a/core", "{\"finish_reasons\":[\"Filter reason: prompt\"]}",
                                "a/titan", "{\"images\":[],\"error\":\"blocked by our filters\"}",
                                "g/imagen",
                                        "{\"predictions\":[{\"raiFilteredReason\":\"unsafe\"}]}",
                                "g/banana",
                                        "{\"candidates\":[{\"finishReason\":\"IMAGE_SAFETY\"}]}")
                        .entrySet()) {
            twin.answer(Script.json(200, each.getValue()));
            HttpResponse<String> told = drawn(each.getKey(), "");
            assertThat(told.statusCode()).as(told.body()).isEqualTo(400);
        }
    }
}
