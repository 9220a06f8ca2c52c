package entrepot.knowledge.briefing;

import entrepot.knowledge.mentions.DateMention;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The year a date means when it does not say. Sources of one story help each other; else each
 * stands alone. Of the years that a source's full dates name, the one in which most of its weekdays
 * are right, then the latest: texts are written about what was last.
 */
final class Years {

    private final boolean shared;
    private final Map<String, Integer> chosen = new HashMap<>();
    private final Map<String, TreeSet<Integer>> named = new HashMap<>();

    Years(Material material, boolean oneStory) {
        shared = oneStory;
        Map<String, Map<Integer, Integer>> votes = new HashMap<>();
        for (int i = 0; i < material.size(); i++) {
            for (DateMention date : material.mentions(i).dates()) {
                if (date.year() != null && date.hasDay()) {
                    String group = group(material.sentence(i).document());
                    votes.computeIfAbsent(group, g -> new TreeMap<>()).putIfAbsent(date.year(), 0);
                }
            }
        }
        for (int i = 0; i < material.size(); i++) {
            Map<Integer, Integer> group = votes.get(group(material.sentence(i).document()));
            for (DateMention date : material.mentions(i).dates()) {
                if (group != null && date.year() == null && date.weekday() != null) {
                    group.replaceAll((year, count) -> date.fits(year) ? count + 1 : count);
                }
            }
        }
        votes.forEach(
                (group, years) -> {
                    named.put(group, new TreeSet<>(years.keySet()));
                    years.entrySet().stream()
                            .max(
                                    Comparator.comparing(Map.Entry<Integer, Integer>::getValue)
                                            .thenComparing(Map.Entry::getKey))
                            .ifPresent(best -> chosen.put(group, best.getKey()));
                });
    }

    private String group(String document) {
        return shared ? "" : document;
    }

    /** The year of a date in a document, or null when nothing tells. */
    @Nullable Integer of(String document, DateMention date) {
        return date.year() != null ? date.year() : chosen.get(group(document));
    }

    /** Whether the document's surroundings speak of one year only. */
    boolean isOnlyYear(String document) {
        TreeSet<Integer> years = named.get(group(document));
        return years != null && years.size() == 1;
    }
}
