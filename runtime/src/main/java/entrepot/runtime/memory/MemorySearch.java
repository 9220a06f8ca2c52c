package entrepot.runtime.memory;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Ranks memories by the words they share with a question (BM25). There is no index: a store is
 * small, and what is deleted is at once not found.
 */
public final class MemorySearch {

    static final int EXCERPT_CHARS = 300;
    private static final double SATURATION = 1.2;
    private static final double LENGTH_WEIGHT = 0.75;
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

    private final List<String> wanted;
    private final List<Seen> seen = new ArrayList<>();
    private final Map<String, Integer> memoriesWith = new HashMap<>();
    private long wordsSum;

    /** Memory by memory: how often each wanted word stands in it. */
    private record Seen(Memory memory, Map<String, Integer> counts, int words, String excerpt) {}

    /**
     * @param excerpt the line that has most of what was asked for
     */
    public record Hit(Memory memory, double score, String excerpt) {}

    MemorySearch(String query) {
        this.wanted = words(query).stream().distinct().toList();
    }

    void add(Memory memory) {
        String content = memory.content() == null ? "" : memory.content();
        List<String> words = words(memory.path() + " " + content);
        var counts = new LinkedHashMap<String, Integer>();
        for (String word : words) {
            if (wanted.contains(word)) {
                counts.merge(word, 1, Integer::sum);
            }
        }
        wordsSum += words.size();
        counts.keySet().forEach(word -> memoriesWith.merge(word, 1, Integer::sum));
        // The content is not kept: a whole store may be large.
        Memory line =
                new Memory(
                        memory.id(),
                        memory.path(),
                        null,
                        memory.sha256(),
                        memory.bytes(),
                        memory.versionId(),
                        memory.createdMillis(),
                        memory.updatedMillis());
        seen.add(new Seen(line, counts, words.size(), counts.isEmpty() ? "" : excerpt(content)));
    }

    List<Hit> best(int countMax) {
        double mean = Math.max(1, (double) wordsSum / Math.max(1, seen.size()));
        return seen.stream()
                .filter(each -> !each.counts().isEmpty())
                .map(each -> new Hit(each.memory(), score(each, mean), each.excerpt()))
                .sorted(
                        Comparator.comparingDouble(Hit::score)
                                .reversed()
                                .thenComparing(hit -> hit.memory().path()))
                .limit(countMax)
                .toList();
    }

    private double score(Seen one, double meanWords) {
        double score = 0;
        for (Map.Entry<String, Integer> found : one.counts().entrySet()) {
            int with = memoriesWith.getOrDefault(found.getKey(), 0);
            double rarity = Math.log(1 + (seen.size() - with + 0.5) / (with + 0.5));
            double length = 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * one.words() / meanWords;
            score +=
                    rarity
                            * found.getValue()
                            * (SATURATION + 1)
                            / (found.getValue() + SATURATION * length);
        }
        return score;
    }

    private String excerpt(String content) {
        String best = "";
        long most = 0;
        for (String line : content.lines().toList()) {
            List<String> words = words(line);
            long count = wanted.stream().filter(words::contains).count();
            if (count > most) {
                most = count;
                best = line.strip();
            }
        }
        return best.length() <= EXCERPT_CHARS
                ? best
                : best.substring(0, best.offsetByCodePoints(0, EXCERPT_CHARS / 2)) + "…";
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(found -> found.group())
                .toList();
    }
}
