package entrepot.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Request;
import entrepot.conversation.Usage.Meter;
import entrepot.conversation.embedding.EmbeddingRequest;
import entrepot.conversation.embedding.EmbeddingRequest.Input;
import entrepot.conversation.embedding.EmbeddingRequest.Purpose;
import entrepot.conversation.embedding.Embeddings;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

final class E5SmallTest {

    private static final E5 ENCODER = new E5();
    private static final E5Small MODEL = new E5Small(ENCODER);

    @Test
    void embedsQuestionsAndDocumentsEachInTheirWay() throws Exception {
        String text = "The harbour was built in 1820.";
        Embeddings question = MODEL.embed(request(null, null, new Input.Text(text)));
        assertThat(question.vectors().getFirst().values()).isEqualTo(ENCODER.query(text));
        Embeddings document = MODEL.embed(request(384, Purpose.DOCUMENT, new Input.Text(text)));
        assertThat(document.vectors().getFirst().values())
                .isEqualTo(ENCODER.passages(List.of(text)).getFirst());
        assertThat(question.usage().of(Meter.FRESH_INPUT)).isBetween(8L, 14L);
        assertThat(question.usage().estimated()).isFalse();
    }

    @Test
    void saysWhatItCannotDo() {
        assertThat(refused(() -> MODEL.embed(request(256, null, new Input.Text("a")))))
                .isEqualTo("dimensions");
        assertThat(
                        refused(() ->
                                MODEL.embed(
                                        request(
                                                null,
                                                null,
                                                new Input.Text("a"),
                                                new Input.Tokens(List.of(1))))))
                .isEqualTo("input[1]");
        assertThat(refused(() -> MODEL.answer(Request.of("m", List.of()), event -> {})))
                .isEqualTo("model");
    }

    private interface Asking {
        void ask() throws InterruptedException;
    }

    private static @Nullable String refused(Asking asking) {
        return catchThrowableOfType(Failed.class, asking::ask).failure().param();
    }

    private static EmbeddingRequest request(
            @Nullable Integer dimensions, @Nullable Purpose purpose, Input... inputs) {
        return new EmbeddingRequest(
                "entrepot/e5-small",
                List.of(inputs),
                false,
                dimensions,
                null,
                purpose,
                Extras.NONE);
    }
}
