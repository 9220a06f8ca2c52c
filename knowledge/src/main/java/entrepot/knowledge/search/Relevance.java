package entrepot.knowledge.search;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.passages.Sentence;

import java.util.List;

/**
 * How well each of a list of sentences answers a question: two parts meaning, one part words.
 *
 * <p>Cosines of e5 lie between 0.7 and 0.95, so they are stretched to 0 and 1 first.
 */
public final class Relevance {

    /** Below this the best sentence is about something else. */
    private static final double WEAK = 0.34;

    /** Below this it is, unless the documents use at least half of the question's words. */
    private static final double DOUBTFUL = 0.60;

    private static final double KNOWN_MIN = 0.5;
    private static final int WORDS_MIN = 4;
    private static final double TERSE_DISCOUNT = 0.85;

    private static final double COSINE_MIN = 0.70;
    private static final double COSINE_MAX = 0.92;

    private final Embedder embedder;
    private final List<float[]> vectors;
    private final Bm25 words;
    private final boolean[] terse;

    private Relevance(
            Embedder embedder, List<float[]> vectors, Bm25 words, List<Sentence> sentences) {
        this.embedder = embedder;
        this.vectors = vectors;
        this.words = words;
        terse = new boolean[sentences.size()];
        for (int i = 0; i < terse.length; i++) {
            terse[i] = sentences.get(i).text().split(" ").length < WORDS_MIN;
        }
    }

    public static Relevance of(Embedder embedder, List<Sentence> sentences)
            throws InterruptedException {
        List<String> texts = sentences.stream().map(Sentence::inContext).toList();
        return new Relevance(
                embedder, List.copyOf(embedder.passages(texts)), new Bm25(texts), sentences);
    }

    /** One vector per sentence. */
    public List<float[]> vectors() {
        return vectors;
    }

    /** One score per sentence, from 0 to 1. */
    public double[] to(String question) throws InterruptedException {
        float[] query = embedder.query(question);
        double[] scores = words.scores(question);
        for (int i = 0; i < scores.length; i++) {
            double cosine = Embedder.cosine(query, vectors.get(i));
            double meaning = (cosine - COSINE_MIN) / (COSINE_MAX - COSINE_MIN);
            double score = (2 * Math.clamp(meaning, 0, 1) + scores[i]) / 3;
            scores[i] = terse[i] ? score * TERSE_DISCOUNT : score;
        }
        return scores;
    }

    /**
     * Whether a best score says that the documents do not answer the question. Unrelated texts are
     * often as close in meaning as 0.45, but then they lack the question's words.
     */
    public boolean isWeak(String question, double best) {
        return best < WEAK || (best < DOUBTFUL && words.known(question) < KNOWN_MIN);
    }
}
