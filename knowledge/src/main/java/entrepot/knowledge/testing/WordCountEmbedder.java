package entrepot.knowledge.testing;

import entrepot.knowledge.embedding.Embedder;

import java.util.List;
import java.util.Locale;

/** Texts are close when they share words; takes microseconds and loads nothing. */
public final class WordCountEmbedder implements Embedder {

    private static final int DIMENSIONS = 256;

    @Override
    public float[] query(String text) {
        return vector(text);
    }

    @Override
    public List<float[]> passages(List<String> texts) {
        return texts.stream().map(WordCountEmbedder::vector).toList();
    }

    private static float[] vector(String text) {
        var vector = new float[DIMENSIONS];
        vector[0] = 1;
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+")) {
            if (!word.isEmpty()) {
                vector[Math.floorMod(word.hashCode(), DIMENSIONS)]++;
            }
        }
        float squares = 0;
        for (float x : vector) {
            squares += x * x;
        }
        float scale = 1 / (float) Math.sqrt(squares);
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] *= scale;
        }
        return vector;
    }
}
