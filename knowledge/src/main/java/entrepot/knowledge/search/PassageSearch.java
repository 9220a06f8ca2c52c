package entrepot.knowledge.search;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.passages.Document;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.passages.Splitter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Searches documents that are given with each question. */
public final class PassageSearch {

    /** What is read at once costs about 20 s of a processor when all of it is new. */
    public static final int EMBEDDED_CHARS_MAX = 120_000;

    /** A search over more than that looks at what shares most words with the query. */
    private static final int SEARCHED_CHARS_MAX = 30_000;

    /** Of lines that differ in numbers only, as in logs, so many stand for all. */
    private static final int LIKE_LINES_MAX = 8;

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
            if (document.isText()) {
                Splitter.sentences(document).stream()
                        .filter(Sentence::isProse)
                        .forEach(sentences::add);
            }
        }
        boolean small = chars(sentences) <= EMBEDDED_CHARS_MAX;
        List<Sentence> candidates =
                small ? sentences : narrow(sentences, query, SEARCHED_CHARS_MAX);
        Relevance relevance = Relevance.of(embedder, candidates);
        double[] scores = relevance.to(query);
        List<Hit> hits =
                IntStream.range(0, scores.length)
                        .mapToObj(i -> new Hit(candidates.get(i), scores[i]))
                        .sorted(Comparator.comparingDouble(Hit::score).reversed())
                        .limit(countMax)
                        .toList();
        return new Found(hits, hits.isEmpty() || relevance.isWeak(query, hits.getFirst().score()));
    }

    private static long chars(List<Sentence> sentences) {
        return sentences.stream().mapToLong(sentence -> sentence.inContext().length()).sum();
    }

    /** All sentences, or when they are too many those that share most words with the query. */
    public static List<Sentence> narrow(List<Sentence> sentences, String query, int charsMax) {
        if (chars(sentences) <= charsMax) {
            return sentences;
        }
        List<String> texts = sentences.stream().map(Sentence::inContext).toList();
        double[] scores = new Bm25(texts).scores(query);
        List<Integer> best =
                IntStream.range(0, scores.length)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                        .toList();
        Map<String, Integer> alike = new HashMap<>();
        var kept = new ArrayList<Integer>();
        int chars = 0;
        for (int i : best) {
            String shape = texts.get(i).replaceAll("[0-9a-fA-F]*\\d[0-9a-fA-F]*", "0");
            if (alike.merge(shape, 1, Integer::sum) <= LIKE_LINES_MAX
                    && chars + texts.get(i).length() <= charsMax) {
                chars += texts.get(i).length();
                kept.add(i);
            }
        }
        return kept.stream().sorted().map(sentences::get).toList();
    }
}
