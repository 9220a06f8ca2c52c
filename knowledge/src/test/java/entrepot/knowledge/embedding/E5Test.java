package entrepot.knowledge.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The encoder against vectors that ONNX Runtime 1.30.0 made of the same model file. */
final class E5Test {

    private static final E5 EMBEDDER = new E5();

    @Test
    void vectorsAreThoseOfOnnxRuntimeButForItsRoundingOfActivations() throws Exception {
        for (JsonNode reference : references()) {
            float[] vector = vector(reference);
            double cosine = 0;
            for (int i = 0; i < vector.length; i++) {
                cosine += vector[i] * reference.get("vector").get(i).asDouble();
            }
            assertThat(cosine).as(reference.get("text").asString()).isGreaterThan(0.997);
        }
    }

    @Test
    void tokensAreThoseOfTheHuggingFaceTokenizer() throws Exception {
        for (JsonNode reference : references()) {
            String text =
                    reference.get("kind").asString() + ": " + reference.get("text").asString();
            int[] expected = reference.get("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(EMBEDDER.tokenizer().ids(text, 512)).as(text).isEqualTo(expected);
        }
    }

    @Test
    void everyMachineMakesTheSameBits() throws Exception {
        var hashes = new ArrayList<Integer>();
        for (JsonNode reference : references()) {
            hashes.add(Arrays.hashCode(vector(reference)));
        }
        assertThat(hashes).isEqualTo(FROZEN);
    }

    private static final List<Integer> FROZEN =
            List.of(-2031181313, 2899850, 1101395849, 1053538208);

    @Test
    void neighboursInTheBatchChangeNothing() throws Exception {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            texts.add("Delivery " + i + " arrived late at the port of Antwerp.");
        }
        List<float[]> together = new E5(2).passages(texts);
        var alone = new E5(1);
        for (int i = 0; i < texts.size(); i += 5) {
            assertThat(alone.passages(List.of(texts.get(i))).getFirst()).isEqualTo(together.get(i));
        }
    }

    @Test
    void theAnswerIsCloserToTheQuestionThanTheRest() throws Exception {
        float[] question = EMBEDDER.query("When does the warehouse open on Saturdays?");
        List<float[]> passages =
                EMBEDDER.passages(
                        List.of(
                                "At the weekend the store house can be entered from nine o'clock.",
                                "Pallets must not be stacked higher than two metres.",
                                "The annual report was approved by the board."));
        List<Double> scores =
                passages.stream().map(p -> (double) Embedder.cosine(question, p)).toList();
        assertThat(scores.get(0)).isGreaterThan(scores.get(1)).isGreaterThan(scores.get(2));
    }

    @Test
    void textBeyondTheWindowIsCutAndNothingElse() throws Exception {
        String window = "word ".repeat(700);
        assertThat(EMBEDDER.passages(List.of(window)).getFirst())
                .isEqualTo(
                        EMBEDDER.passages(List.of(window + "entirely different end")).getFirst());
    }

    @Test
    void emptyTextHasAVectorToo() throws Exception {
        float length = 0;
        for (float x : EMBEDDER.passages(List.of("")).getFirst()) {
            length += x * x;
        }
        assertThat(length).isBetween(0.999f, 1.001f);
    }

    private static float[] vector(JsonNode reference) throws InterruptedException {
        String text = reference.get("text").asString();
        return reference.get("kind").asString().equals("query")
                ? EMBEDDER.query(text)
                : EMBEDDER.passages(List.of(text)).getFirst();
    }

    private static List<JsonNode> references() throws Exception {
        try (InputStream in = E5Test.class.getResourceAsStream("onnx-runtime-1.30.0.json")) {
            return new JsonMapper().readTree(Objects.requireNonNull(in)).valueStream().toList();
        }
    }
}
