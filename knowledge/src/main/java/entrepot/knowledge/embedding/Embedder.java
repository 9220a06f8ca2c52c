package entrepot.knowledge.embedding;

import java.util.List;

/**
 * Text to vectors of length 1. A question and the passage that answers it lie close together; the
 * two are embedded differently, hence the two methods. The same text always gives the same vector.
 */
public interface Embedder {

    float[] query(String text) throws InterruptedException;

    /** One vector per text, in order. */
    List<float[]> passages(List<String> texts) throws InterruptedException;

    /** Cosine of two vectors of length 1, from -1 to 1. */
    static float cosine(float[] a, float[] b) {
        return Curves.product(a, b);
    }
}
