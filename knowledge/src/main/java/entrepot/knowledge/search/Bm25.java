package entrepot.knowledge.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Okapi BM25 over a list of texts, with scores from 0 to about 1. */
final class Bm25 {

    private static final double K1 = 1.2;
    private static final double B = 0.6;

    private final List<Map<String, Integer>> counts = new ArrayList<>();
    private final int[] lengths;
    private final Map<String, Integer> documentsWith = new HashMap<>();
    private final double meanLength;

    Bm25(List<String> texts) {
        lengths = new int[texts.size()];
        long total = 0;
        for (int i = 0; i < lengths.length; i++) {
            List<String> words = Words.of(texts.get(i));
            var count = new HashMap<String, Integer>();
            words.forEach(word -> count.merge(word, 1, Integer::sum));
            count.keySet().forEach(word -> documentsWith.merge(word, 1, Integer::sum));
            counts.add(count);
            lengths[i] = words.size();
            total += words.size();
        }
        meanLength = Math.max(1, (double) total / Math.max(1, lengths.length));
    }

    /** A share of 1 means: every word of the query, each as often as counts. */
    double[] scores(String query) {
        List<String> words = List.copyOf(new HashSet<>(Words.of(query)));
        var scores = new double[lengths.length];
        double best = 0;
        for (String word : words.stream().sorted().toList()) {
            double weight = weight(word);
            best += weight;
            for (int i = 0; i < scores.length; i++) {
                int count = counts.get(i).getOrDefault(word, 0);
                if (count > 0) {
                    double length = 1 - B + B * lengths[i] / meanLength;
                    scores[i] += weight * count * (K1 + 1) / (count + K1 * length);
                }
            }
        }
        for (int i = 0; i < scores.length && best > 0; i++) {
            scores[i] = Math.min(1, scores[i] / best);
        }
        return scores;
    }

    /**
     * The share of the query's words that occur anywhere, rare ones weighing more; 1 for a query
     * without words.
     */
    double known(String query) {
        double all = 0;
        double known = 0;
        for (String word : Words.of(query).stream().distinct().toList()) {
            double weight = weight(word);
            all += weight;
            known += documentsWith.containsKey(word) ? weight : 0;
        }
        return all == 0 ? 1 : known / all;
    }

    private double weight(String word) {
        int with = documentsWith.getOrDefault(word, 0);
        return StrictMath.log(1 + (lengths.length - with + 0.5) / (with + 0.5));
    }
}
