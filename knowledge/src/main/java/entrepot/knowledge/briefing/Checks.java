package entrepot.knowledge.briefing;

import entrepot.knowledge.mentions.DateMention;
import entrepot.knowledge.mentions.FigureMention;
import entrepot.knowledge.mentions.Mentions;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.search.Words;

import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What does not fit together. A finding must be worth a reader's time, so two statements conflict
 * only if they are about the same event: the same verb, close in meaning, with names in common.
 */
final class Checks {

    private static final double SAME_EVENT = 0.88;
    private static final double SAME_SUBJECT = 0.82;
    private static final double SHARED_WORDS_MIN = 0.4;

    /** So many shared words around two dates make up for a missing name. */
    private static final int SHARED_WORDS_ALONE = 3;

    private static final int NEAR_CHARS = 60;
    private static final int FINDINGS_MAX = 12;
    private static final int EXCERPT_CHARS_MAX = 140;

    private final Material material;
    private final Years years;
    private final Quotes quotes;
    private final Set<String> findings = new LinkedHashSet<>();

    Checks(Material material, Years years, Quotes quotes) {
        this.material = material;
        this.quotes = quotes;
        this.years = years;
    }

    /** One line of Markdown per finding. */
    List<String> findings() {
        impossibleDates();
        differentDates();
        differentWordings();
        differentAmounts();
        return findings.stream().limit(FINDINGS_MAX).toList();
    }

    private void impossibleDates() {
        for (int i = 0; i < material.size(); i++) {
            for (DateMention date : material.mentions(i).dates()) {
                Integer year = years.of(material.sentence(i).document(), date);
                boolean nowhere = date.hasDay() && date.in(2024) == null;
                if (nowhere) {
                    add("Impossible date", date, i, "no year has that day", List.of());
                } else if (year != null && date.hasDay() && date.in(year) == null) {
                    add("Impossible date", date, i, year + " has no such day", List.of());
                } else if (year != null && !date.fits(year)) {
                    wrongWeekday(i, date, year);
                }
            }
        }
    }

    private void wrongWeekday(int i, DateMention date, int year) {
        List<Integer> others = rightlyDated(i, date, year);
        boolean certain = date.year() != null;
        boolean alone = years.fitsNone(material.sentence(i).document(), date);
        LocalDate day = date.in(year);
        if (day != null && (certain || alone || !others.isEmpty())) {
            String is =
                    "%d %s %d is a %s"
                            .formatted(
                                    day.getDayOfMonth(),
                                    day.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH),
                                    year,
                                    day.getDayOfWeek()
                                            .getDisplayName(TextStyle.FULL, Locale.ENGLISH));
            add("Impossible date", date, i, certain ? is : is + " (year from the sources)", others);
        }
    }

    /** Other sources that name the same weekday of the same event, and name it rightly. */
    private List<Integer> rightlyDated(int i, DateMention date, int year) {
        var others = new ArrayList<Integer>();
        for (int j = 0; j < material.size(); j++) {
            if (material.sameSource(i, j)) {
                continue;
            }
            for (DateMention other : material.mentions(j).dates()) {
                if (other.weekday() == date.weekday()
                        && !other.sameDay(date)
                        && other.fits(year)
                        && sameEvent(i, date, j, other)) {
                    others.add(j);
                }
            }
        }
        return others;
    }

    private void add(String what, DateMention date, int i, String why, List<Integer> others) {
        var line = new StringBuilder();
        line.append("**%s:** “%s” [%s]: %s.".formatted(what, date.words(), place(i), why));
        var said = new LinkedHashMap<String, List<String>>();
        for (int j : others) {
            for (DateMention other : material.mentions(j).dates()) {
                if (other.weekday() == date.weekday()) {
                    said.computeIfAbsent(other.words(), w -> new ArrayList<>())
                            .add("[" + place(j) + "]");
                }
            }
        }
        said.forEach((words, places) ->
                line.append(" Elsewhere “%s” %s.".formatted(words, String.join(" ", places))));
        findings.add(line.toString());
    }

    private boolean sameEvent(int i, DateMention a, int j, DateMention b) {
        return sameEvent(i, a.from(), a.to(), j, b.from(), b.to());
    }

    private boolean sameEvent(int i, int from, int to, int j, int otherFrom, int otherTo) {
        String text = material.sentence(i).text();
        String other = material.sentence(j).text();
        String verb = Mentions.verb(text, from, to);
        if (verb.isEmpty() || !verb.equals(Mentions.verb(other, otherFrom, otherTo))) {
            return false;
        }
        Set<String> near = near(text, from, to);
        Set<String> otherNear = near(other, otherFrom, otherTo);
        int smaller = Math.min(near.size(), otherNear.size());
        near.retainAll(otherNear);
        boolean named = material.sharedNames(i, j) > 0 && material.closeness(i, j) >= SAME_EVENT;
        boolean worded =
                near.size() >= SHARED_WORDS_ALONE && material.closeness(i, j) >= SAME_SUBJECT;
        return (named || worded) && near.size() >= SHARED_WORDS_MIN * smaller;
    }

    private static Set<String> near(String text, int from, int to) {
        String before = text.substring(Math.max(0, from - NEAR_CHARS), from);
        String after = text.substring(to, Math.min(text.length(), to + NEAR_CHARS));
        return new HashSet<>(Words.of(before + " " + after));
    }

    private void differentDates() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < material.size(); i++) {
            for (int j = i + 1; j < material.size(); j++) {
                if (material.sameSource(i, j)) {
                    continue;
                }
                for (DateMention a : material.mentions(i).dates()) {
                    for (DateMention b : material.mentions(j).dates()) {
                        if (isOtherDay(i, a, j, b)
                                && sameEvent(i, a, j, b)
                                && seen.add(a.words() + "/" + b.words())) {
                            findings.add(
                                    "**Dates differ:** %s; %s."
                                            .formatted(
                                                    excerpt(i, a.from(), a.to()),
                                                    excerpt(j, b.from(), b.to())));
                        }
                    }
                }
            }
        }
    }

    private boolean isOtherDay(int i, DateMention a, int j, DateMention b) {
        Integer yearA = years.of(material.sentence(i).document(), a);
        Integer yearB = years.of(material.sentence(j).document(), b);
        boolean impossible = (yearA != null && !a.fits(yearA)) || (yearB != null && !b.fits(yearB));
        return a.hasDay() && b.hasDay() && !a.sameDay(b) && !impossible;
    }

    private void differentWordings() {
        Map<String, List<Place>> byValue = new LinkedHashMap<>();
        for (int i = 0; i < material.size(); i++) {
            for (FigureMention figure : material.mentions(i).figures()) {
                byValue.computeIfAbsent(figure.key(), k -> new ArrayList<>())
                        .add(new Place(i, figure));
            }
        }
        byValue.values().forEach(this::differentWordings);
    }

    private record Place(int i, FigureMention figure) {}

    private void differentWordings(List<Place> places) {
        Map<String, Set<String>> wordings = new LinkedHashMap<>();
        var documents = new HashSet<String>();
        for (Place place : places) {
            boolean related = places.stream().anyMatch(other -> isSameSubject(place.i, other.i));
            if (related) {
                wordings.computeIfAbsent(place.figure.wording(), w -> new LinkedHashSet<>())
                        .add("[" + place(place.i) + "]");
                documents.add(material.sentence(place.i).document());
            }
        }
        long hedges = places.stream().map(p -> p.figure.qualifier()).distinct().count();
        if (wordings.size() > 1 && documents.size() > 1 && hedges > 1) {
            var parts = new ArrayList<String>();
            wordings.forEach((words, at) -> parts.add("“" + words + "” " + String.join(" ", at)));
            findings.add("**Wording differs:** " + String.join("; ", parts) + ".");
        }
    }

    private boolean isSameSubject(int i, int j) {
        return !material.sameSource(i, j)
                && material.closeness(i, j) >= SAME_SUBJECT
                && material.sameParties(i, j);
    }

    private void differentAmounts() {
        for (int i = 0; i < material.size(); i++) {
            for (int j = i + 1; j < material.size(); j++) {
                if (!material.sameSource(i, j)) {
                    differentAmounts(i, j);
                }
            }
        }
    }

    private void differentAmounts(int i, int j) {
        for (FigureMention a : material.mentions(i).figures()) {
            for (FigureMention b : material.mentions(j).figures()) {
                boolean each =
                        material.mentions(j).figures().stream()
                                        .anyMatch(f -> f.key().equals(a.key()))
                                || material.mentions(i).figures().stream()
                                        .anyMatch(f -> f.key().equals(b.key()));
                if (!each
                        && a.unit().equals(b.unit())
                        && material.mentions(i).names().equals(material.mentions(j).names())
                        && sameEvent(i, a.from(), a.to(), j, b.from(), b.to())) {
                    findings.add(
                            "**Amounts differ:** %s; %s."
                                    .formatted(
                                            excerpt(i, a.from(), a.to()),
                                            excerpt(j, b.from(), b.to())));
                }
            }
        }
    }

    private String excerpt(int i, int from, int to) {
        return quotes.excerpt(material.sentence(i), from, to, EXCERPT_CHARS_MAX)
                + " ["
                + place(i)
                + "]";
    }

    private String place(int i) {
        Sentence sentence = material.sentence(i);
        return sentence.place();
    }
}
