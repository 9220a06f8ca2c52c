package entrepot.knowledge.briefing;

import entrepot.knowledge.mentions.DateMention;
import entrepot.knowledge.mentions.Mentions;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The year a date means when it does not say. Sources of one story help each other; else each
 * stands alone. Of the years that a source's full dates name, the one in which most of its weekdays
 * are right, then the latest: texts are written about what was last.
 */
final class Years {

    private static final int YEARS_BEFORE = 1;
    private static final int YEARS_AFTER = 2;

    private final boolean shared;
    private final Map<String, Integer> chosen = new HashMap<>();
    private final Map<String, TreeSet<Integer>> named = new HashMap<>();

    Years(Material material, boolean oneStory) {
        shared = oneStory;
        Map<String, Map<Integer, Integer>> votes = new HashMap<>();
        for (Source source : material.sources()) {
            // Headings, mail headers and the name may say when it was, too.
            name(source.name(), source.name(), votes);
            source.sentences().forEach(s -> name(s.document(), s.text(), votes));
        }
        for (int i = 0; i < material.size(); i++) {
            Map<Integer, Integer> group = votes.get(group(material.sentence(i).document()));
            for (DateMention date : material.mentions(i).dates()) {
                if (group != null && date.year() == null && date.weekday() != null) {
                    group.replaceAll((year, count) -> date.fits(year) ? count + 1 : count);
                }
            }
        }
        votes.forEach((group, years) -> {
            named.put(group, new TreeSet<>(years.keySet()));
            years.entrySet().stream()
                    .max(
                            Comparator.comparing(Map.Entry<Integer, Integer>::getValue)
                                    .thenComparing(Map.Entry::getKey))
                    .ifPresent(best -> chosen.put(group, best.getKey()));
        });
    }

    private void name(String document, String text, Map<String, Map<Integer, Integer>> votes) {
        for (DateMention date : Mentions.of(text).dates()) {
            if (date.year() != null && date.hasDay()) {
                votes.computeIfAbsent(group(document), g -> new TreeMap<>())
                        .putIfAbsent(date.year(), 0);
            }
        }
    }

    private String group(String document) {
        return shared ? "" : document;
    }

    /** The year of a date in a document, or null when nothing tells. */
    @Nullable Integer of(String document, DateMention date) {
        return date.year() != null ? date.year() : chosen.get(group(document));
    }

    /** Whether the date's weekday is wrong in every year that the document can be about. */
    boolean fitsNone(String document, DateMention date) {
        TreeSet<Integer> years = named.get(group(document));
        if (years == null) {
            return false;
        }
        for (int year = years.first() - YEARS_BEFORE; year <= years.last() + YEARS_AFTER; year++) {
            if (date.fits(year)) {
                return false;
            }
        }
        return true;
    }
}
