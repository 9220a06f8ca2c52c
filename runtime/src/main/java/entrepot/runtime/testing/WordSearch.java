package entrepot.runtime.testing;

import entrepot.runtime.tools.FolderSearch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Finds lines that share the most words with the query. */
public final class WordSearch implements FolderSearch {

    private record Scored(Hit hit, long score) {}

    @Override
    public List<Hit> search(String folder, List<Document> documents, String query, int countMax) {
        Set<String> words = words(query);
        List<Scored> scored = new ArrayList<>();
        for (Document document : documents) {
            String[] lines = document.text().split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                long score = words(lines[i]).stream().filter(words::contains).count();
                if (score > 0) {
                    scored.add(new Scored(new Hit(document.path(), i + 1, lines[i]), score));
                }
            }
        }
        scored.sort(Comparator.comparingLong(Scored::score).reversed());
        return scored.stream().limit(countMax).map(Scored::hit).toList();
    }

    private static Set<String> words(String text) {
        return Set.copyOf(
                List.of(text.toLowerCase(Locale.ROOT).split("\\W+")).stream()
                        .filter(word -> word.length() > 2)
                        .distinct()
                        .toList());
    }
}
