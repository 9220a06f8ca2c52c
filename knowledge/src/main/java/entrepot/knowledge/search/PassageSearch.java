package entrepot.knowledge.search;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.passages.Splitter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Searches documents that are given with each question. */
public final class PassageSearch {

    /** More sentences than this are first narrowed down by their words. */
    public static final int SENTENCES_EMBEDDED_MAX = 1_200;

    private final Embedder embedder;

    public PassageSearch(Embedder embedder) {
        this.embedder = embedder;
    }

    /**
     * A sentence that was found.
     *
     * @param score from 0 to 1
     */
    public record Hit(Sentence sentence, double score) {

        /** {@code FILE:LINE<TAB>SENTENCE}. */
        public String line() {
            return sentence.place() + "\t" + sentence.text();
        }
    }

    /**
     * @param hits best first
     * @param weak whether even the best is hardly about the question: then nothing was found, and
     *     the hits are only what lies nearest
     */
    public record Found(List<Hit> hits, boolean weak) {
        public Found {
            hits = List.copyOf(hits);
        }
    }

    public Found search(List<Document> documents, String query, int countMax)
            throws InterruptedException {
        var sentences = new ArrayList<Sentence>();
        for (Document document : documents) {
            for (Sentence sentence : Splitter.sentences(document)) {
                if (isAnswer(sentence)) {
                    sentences.add(sentence);
                }
            }
        }
        List<Sentence> candidates = narrow(sentences, query, SENTENCES_EMBEDDED_MAX);
        Relevance relevance = Relevance.of(embedder, candidates);
        double[] scores = relevance.to(query);
        List<Hit> hits =
                IntStream.range(0, scores.length)
                        .mapToObj(i -> new Hit(candidates.get(i), scores[i]))
                        .sorted(Comparator.comparingDouble(Hit::score).reversed())
                        .limit(countMax)
                        .toList();
        return new Found(
                hits, hits.isEmpty() || relevance.isWeak(query, hits.getFirst().score()));
    }

    private static boolean isAnswer(Sentence sentence) {
        return sentence.kind() != Sentence.Kind.TITLE && sentence.kind() != Sentence.Kind.NOTICE;
    }

    /** The sentences that share most words with the query, in their own order. */
    public static List<Sentence> narrow(List<Sentence> sentences, String query, int countMax) {
        if (sentences.size() <= countMax) {
            return sentences;
        }
        double[] scores = new Bm25(sentences.stream().map(Sentence::inContext).toList()).scores(query);
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                .limit(countMax)
                .sorted()
                .map(sentences::get)
                .toList();
    }
}
