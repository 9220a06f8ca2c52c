package entrepot.gateway.storefronts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.errors.BadRequestException;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;

import entrepot.conversation.Usage.Meter;
import entrepot.gateway.Served;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.testkit.Script;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.List;

/** Pictures through the official client and on the wire, over the real market. */
class ImagesTest {

    private static final String USAGE =
            "\"usage\":{\"total_tokens\":100,\"input_tokens\":30,\"output_tokens\":70,"
                    + "\"input_tokens_details\":{\"text_tokens\":30,\"image_tokens\":0}}";
    private static final String LOOKS =
            "\"created_at\":1,\"size\":\"1024x1024\",\"quality\":\"low\",\"background\":\"auto\","
                    + "\"output_format\":\"png\",\"b64_json\":\"AA==\"";

    private final Stall stall = new Stall();
    private final Served served = stall.served;

    @AfterEach
    void close() {
        stall.close();
    }

    @Test
    void theOfficialClientGetsAPicture() {
        stall.a.answer(
                Script.json(
                        200, "{\"created\":1,\"data\":[{\"b64_json\":\"AA==\"}]," + USAGE + "}"));
        var answer = served.client().images().generate(params().build());
        assertThat(answer.data().orElseThrow().getFirst().b64Json()).contains("AA==");
        assertThat(stall.a.last().target()).isEqualTo("/v1/images/generations");
        assertThat(stall.a.last().text()).contains("\"model\":\"one-at-a\"");
        Receipt receipt = stall.ledger.all().getFirst();
        assertThat(receipt.outcome()).isEqualTo(Outcome.DELIVERED);
        assertThat(receipt.usage().of(Meter.IMAGE_OUTPUT)).isEqualTo(70);
        assertThat(receipt.usage().of(Meter.FRESH_INPUT)).isEqualTo(30);
        // Nobody told what such output costs at this supplier, and that is not zero.
        assertThat(receipt.cost()).isNull();
    }

    @Test
    void theOfficialClientStreamsPictures() {
        stall.a.answer(
                Script.stream()
                        .send(
                                "event: image_generation.partial_image\ndata: {\"type\":"
                                        + "\"image_generation.partial_image\","
                                        + "\"partial_image_index\":0,"
                                        + LOOKS
                                        + "}\n\n")
                        .send(
                                "event: image_generation.completed\ndata: {\"type\":"
                                        + "\"image_generation.completed\","
                                        + LOOKS
                                        + ","
                                        + USAGE
                                        + "}\n\n"));
        try (var stream =
                served.client().images().generateStreaming(params().partialImages(1).build())) {
            List<ImageGenStreamEvent> events = stream.stream().toList();
            assertThat(events).hasSize(2);
            assertThat(events.getFirst().isGenerationPartialImage()).isTrue();
            assertThat(events.getLast().isGenerationCompleted()).isTrue();
        }
        assertThat(stall.ledger.all().getFirst().usage().of(Meter.IMAGE_OUTPUT)).isEqualTo(70);
        assertThat(stall.ledger.all().getFirst().outcome()).isEqualTo(Outcome.DELIVERED);
    }

    @Test
    void aStreamThatBreaksOffSaysSo() {
        stall.a.answer(
                Script.stream()
                        .send(
                                "data: {\"type\":\"image_generation.partial_image\",\"b64_json\":"
                                        + "\"AA==\"}\n\n")
                        .cut());
        var request =
                served.request(
                                "POST",
                                "/v1/images/generations",
                                "{\"model\":\"small\",\"prompt\":\"x\",\"stream\":true}")
                        .build();
        try (var reader = served.stream(request)) {
            assertThat(String.valueOf(reader.next())).contains("partial_image");
            assertThat(String.valueOf(reader.next())).contains("error", "broke off");
        }
    }

    @Test
    void picturesWithoutTokensAreCounted() {
        stall.a.answer(
                Script.json(200, "{\"created\":1,\"data\":[{\"url\":\"u\"},{\"url\":\"v\"}]}"));
        HttpResponse<String> answer =
                served.post(
                        "/v1/images/generations", "{\"model\":\"small\",\"prompt\":\"x\",\"n\":2}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(stall.ledger.all().getFirst().usage().of(Meter.IMAGES)).isEqualTo(2);
    }

    @Test
    void deploymentsDrawToo() {
        stall.b.answer(Script.json(200, "{\"created\":1,\"data\":[{\"url\":\"u\"}]}"));
        HttpResponse<String> answer =
                served.post(
                        "/openai/deployments/cloud/images/generations?api-version=2024-02-01",
                        "{\"prompt\":\"x\"}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(stall.b.last().target()).contains("/dep%20one/images/generations?");
    }

    @Test
    void whoCannotDrawSaysSo() {
        assertThatThrownBy(() ->
                        served.client()
                                .images()
                                .generate(params().model("entrepot/echo-1").build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.param()).contains("model"));
        assertThat(served.post("/v1/audio/speech", "{}").statusCode()).isEqualTo(404);
    }

    private static ImageGenerateParams.Builder params() {
        return ImageGenerateParams.builder().model("small").prompt("a cat");
    }
}
