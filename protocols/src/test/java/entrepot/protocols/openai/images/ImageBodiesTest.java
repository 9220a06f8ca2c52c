package entrepot.protocols.openai.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import entrepot.conversation.Failed;
import entrepot.conversation.image.ImageRequest;
import entrepot.conversation.image.ImageRequest.Quality;
import entrepot.conversation.image.ImageRequest.Size;
import entrepot.protocols.Corpus;
import entrepot.protocols.Corpus.Row;
import entrepot.protocols.ImageDialect;
import entrepot.protocols.bedrock.images.BedrockImages;
import entrepot.protocols.google.images.GoogleImages;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Requests for pictures in canonical words, and what of them is lost where. */
class ImageBodiesTest {

    @Test
    void everyRecordedRequestIsRead() {
        int count = 0;
        for (Row row : Corpus.rows("openai-other.jsonl")) {
            if (row.path().startsWith("/v1/images/generations")) {
                assertThat(ImageBodies.read(row.request()).prompt()).isNotBlank();
                count++;
            }
        }
        assertThat(count).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aRequestIsReadWhole() {
        ImageRequest request =
                read(
                        "{\"model\":\"m\",\"prompt\":\"a cat\",\"n\":3,\"size\":\"1536x1024\","
                                + "\"quality\":\"hd\",\"output_format\":\"webp\","
                                + "\"response_format\":\"url\",\"stream\":false,\"user\":\"u\"}");
        assertThat(request.count()).isEqualTo(3);
        assertThat(request.size()).isEqualTo(new Size(1536, 1024));
        assertThat(new Size(1536, 1024).ratio()).isEqualTo("3:2");
        assertThat(request.quality()).isEqualTo(Quality.HIGH);
        assertThat(request.mediaType()).isEqualTo("image/webp");
        assertThat(request.addressed()).isTrue();
        assertThat(request.extras().members()).containsOnlyKeys("user");
    }

    @Test
    void whatIsWrongIsNamed() {
        assertThat(wrong("{\"prompt\":\"x\",\"size\":\"big\"}")).isEqualTo("size");
        assertThat(wrong("{\"prompt\":\"x\",\"quality\":\"best\"}")).isEqualTo("quality");
        assertThat(wrong("{\"prompt\":\"x\",\"response_format\":\"x\"}"))
                .isEqualTo("response_format");
        assertThat(wrong("{\"prompt\":7}")).isEqualTo("prompt");
    }

    @Test
    void whatIsLostDependsOnTheModel() {
        String wide = "{\"prompt\":\"x\",\"size\":\"1536x1024\"}";
        assertThat(lost(new BedrockImages(), "amazon.titan-image-generator-v1", wide))
                .containsExactly("size MEANING");
        assertThat(lost(new BedrockImages(), "us.amazon.nova-canvas-v1:0", wide)).isEmpty();
        assertThat(lost(new BedrockImages(), "stability.sd3-5-large-v1:0", wide))
                .containsExactly("size HINT");
        assertThat(lost(new GoogleImages(), "imagen-4.0-generate-001", wide))
                .containsExactly("size MEANING");
        assertThat(lost(new GoogleImages(), "gemini-2.5-flash-image", wide))
                .containsExactly("size HINT");
        String plain = "{\"prompt\":\"x\",\"background\":\"auto\",\"moderation\":\"auto\"}";
        assertThat(lost(new BedrockImages(), "amazon.titan-image-generator-v1", plain)).isEmpty();
        assertThat(lost(new GoogleImages(), "imagen-4.0-generate-001", plain)).isEmpty();
    }

    private static List<String> lost(ImageDialect dialect, String model, String body) {
        return dialect.losses(read(body).withModel(model)).stream()
                .map(loss -> loss.path() + " " + loss.weight())
                .toList();
    }

    private static ImageRequest read(String body) {
        return ImageBodies.read(body.getBytes(UTF_8));
    }

    private static String wrong(String body) {
        String param = catchThrowableOfType(Failed.class, () -> read(body)).failure().param();
        return String.valueOf(param);
    }
}
