package entrepot.knowledge.briefing;

import entrepot.knowledge.mentions.DateMention;
import entrepot.knowledge.mentions.FigureMention;
import entrepot.knowledge.passages.Sentence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The dates and figures of the sources, in order. */
final class FactSheet {

    private static final int DATES_MAX = 14;
    private static final int FIGURES_MAX = 16;
    private static final int SINGLE_MAX = 10;
    private static final double SHARED_SHARE_MIN = 0.1;
    private static final int EXCERPT_CHARS_MAX = 170;
    private static final double SENTENCE_WORTH_MIN = -0.2;

    private final Material material;
    private final Quotes quotes;
    private final Years years;
    private final double[] scores;
    private final boolean oneStory;

    FactSheet(Material material, Quotes quotes, Years years, double[] scores, boolean oneStory) {
        this.material = material;
        this.quotes = quotes;
        this.years = years;
        this.scores = scores;
        this.oneStory = oneStory;
    }

    private record Place(int i, int from, int to, boolean inferred) {}

    List<String> timeline() {
        Map<String, List<Place>> days = new TreeMap<>();
        for (int i = 0; i < material.size(); i++) {
            if (scores[i] < SENTENCE_WORTH_MIN) {
                continue;
            }
            for (DateMention date : material.mentions(i).dates()) {
                Integer year = years.of(material.sentence(i).document(), date);
                if (year != null && (!date.hasDay() || date.fits(year))) {
                    String day =
                            date.hasDay()
                                    ? "%d-%02d-%02d".formatted(year, date.month(), date.day())
                                    : "%d-%02d".formatted(year, date.month());
                    days.computeIfAbsent(day, d -> new ArrayList<>())
                            .add(new Place(i, date.from(), date.to(), date.year() == null));
                }
            }
        }
        var lines = new ArrayList<String>();
        boolean inferred = false;
        for (Map.Entry<String, List<Place>> day : mattering(days).entrySet()) {
            Place best = best(day.getValue());
            String quote =
                    quotes.excerpt(
                            material.sentence(best.i), best.from, best.to, 2 * EXCERPT_CHARS_MAX);
            if (!quote.isEmpty()) {
                inferred |= best.inferred;
                lines.add(
                        "- %s%s: %s %s"
                                .formatted(
                                        day.getKey(),
                                        best.inferred ? "*" : "",
                                        quote,
                                        places(best, day.getValue())));
            }
        }
        if (inferred) {
            lines.add("- (* the year is not in the sentence; it was taken from other dates)");
        }
        return lines;
    }

    private Map<String, List<Place>> mattering(Map<String, List<Place>> days) {
        if (days.size() <= DATES_MAX) {
            return days;
        }
        Map<String, List<Place>> kept = new TreeMap<>();
        days.entrySet().stream()
                .sorted(
                        Comparator.comparingDouble((Map.Entry<String, List<Place>> day) ->
                                -scores[best(day.getValue()).i]))
                .limit(DATES_MAX)
                .forEach(day -> kept.put(day.getKey(), day.getValue()));
        return kept;
    }

    private Place best(List<Place> places) {
        return places.stream()
                .max(Comparator.comparingDouble(place -> scores[place.i]))
                .orElseThrow();
    }

    private String places(Place best, List<Place> places) {
        Set<String> all = new LinkedHashSet<>();
        all.add("[" + material.sentence(best.i).place() + "]");
        Set<String> documents = new HashSet<>();
        documents.add(material.sentence(best.i).document());
        for (Place place : places) {
            if (documents.add(material.sentence(place.i).document())) {
                all.add("[" + material.sentence(place.i).place() + "]");
            }
        }
        return String.join(" ", all);
    }

    List<String> figures() {
        Map<String, List<Place>> byValue = byValue();
        Map<String, String> wordings = wordings();
        boolean single = canBeSingle(byValue);
        var lines = new ArrayList<String>();
        byValue.entrySet().stream()
                .sorted(
                        Comparator.comparingDouble((Map.Entry<String, List<Place>> figure) ->
                                -worth(figure.getValue())))
                .limit(FIGURES_MAX)
                .forEach(figure -> {
                    Place best = best(figure.getValue());
                    Sentence sentence = material.sentence(best.i);
                    String quote = quotes.excerpt(sentence, best.from, best.to, EXCERPT_CHARS_MAX);
                    if (!quote.isEmpty()) {
                        lines.add(
                                "- **%s**: %s %s%s"
                                        .formatted(
                                                wordings.get(figure.getKey()),
                                                quote,
                                                places(best, figure.getValue()),
                                                single && documents(figure.getValue()) == 1
                                                        ? " (one source only)"
                                                        : ""));
                    }
                });
        return lines;
    }

    private double worth(List<Place> places) {
        return scores[best(places).i] + 0.2 * documents(places);
    }

    private Map<String, List<Place>> byValue() {
        Map<String, List<Place>> byValue = new LinkedHashMap<>();
        for (int i = 0; i < material.size(); i++) {
            for (FigureMention figure : material.mentions(i).figures()) {
                if (scores[i] >= SENTENCE_WORTH_MIN) {
                    byValue.computeIfAbsent(figure.key(), k -> new ArrayList<>())
                            .add(new Place(i, figure.from(), figure.to(), false));
                }
            }
        }
        return byValue;
    }

    private Map<String, String> wordings() {
        Map<String, String> wordings = new LinkedHashMap<>();
        for (int i = 0; i < material.size(); i++) {
            material.mentions(i).figures().forEach(f -> wordings.putIfAbsent(f.key(), f.words()));
        }
        return wordings;
    }

    private long documents(List<Place> places) {
        return places.stream().map(p -> material.sentence(p.i).document()).distinct().count();
    }

    /** That one source alone has a figure tells something only where others share figures. */
    private boolean canBeSingle(Map<String, List<Place>> byValue) {
        long shared = byValue.values().stream().filter(places -> documents(places) > 1).count();
        return oneStory && shared > 0 && shared >= SHARED_SHARE_MIN * byValue.size();
    }

    /**
     * One line that lists the figures which one source alone gives; none when that says nothing.
     */
    List<String> singleSourced() {
        Map<String, List<Place>> byValue = byValue();
        if (!canBeSingle(byValue)) {
            return List.of();
        }
        Map<String, String> wordings = wordings();
        var single = new ArrayList<String>();
        byValue.forEach((key, places) -> {
            if (documents(places) == 1) {
                single.add(
                        "“%s” [%s]"
                                .formatted(
                                        wordings.get(key),
                                        material.sentence(best(places).i).place()));
            }
        });
        int more = single.size() - SINGLE_MAX;
        String list = String.join(", ", single.subList(0, Math.min(SINGLE_MAX, single.size())));
        return single.isEmpty()
                ? List.of()
                : List.of(
                        "- **One source only:** "
                                + list
                                + (more > 0 ? " and %d more.".formatted(more) : "."));
    }
}
