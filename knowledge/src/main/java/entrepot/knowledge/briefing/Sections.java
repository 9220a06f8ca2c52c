package entrepot.knowledge.briefing;

import entrepot.knowledge.briefing.Briefing.Assignment;
import entrepot.knowledge.briefing.Briefing.Section;
import entrepot.knowledge.passages.Sentence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parts of a briefing, in the order they are read. */
final class Sections {

    private static final int POINTS_MIN = 3;
    private static final int POINTS_MAX = 8;
    private static final int SENTENCES_PER_POINT = 6;
    private static final int ALSO_MAX = 4;
    private static final double FAVOUR = 0.04;
    private static final double USED_PRICE = 0.12;

    /** An answer to a usual question must be about as relevant as this share of the best. */
    private static final double ANSWER_SHARE_MIN = 0.55;

    private final Assignment assignment;
    private final Material material;
    private final Quotes quotes;
    private final Ranking ranking;
    private final boolean oneStory;
    private final Set<Integer> used = new HashSet<>();
    private double @Nullable [] relevance;
    private double[] scores = {};

    Sections(Assignment assignment, Material material, Quotes quotes) {
        this.assignment = assignment;
        this.material = material;
        this.quotes = quotes;
        ranking = new Ranking(material);
        oneStory = material.isOneStory();
    }

    List<Section> all() throws InterruptedException {
        String question = assignment.question();
        var sections = new ArrayList<Section>();
        relevance = Questions.asksForEverything(question) ? null : favoured(question);
        scores = ranking.scores(relevance);
        if (relevance != null && isWeak(question, relevance)) {
            int nearest = best(relevance);
            sections.add(new Section("", () -> notFound(nearest)));
            if (assignment.brief()) {
                return sections;
            }
            scores = ranking.scores(null);
            sections.add(new Section("What they do say", () -> points(POINTS_MIN)));
            return sections;
        }
        int points = Math.clamp(material.size() / SENTENCES_PER_POINT, POINTS_MIN, POINTS_MAX);
        if (assignment.brief()) {
            scores = relevance == null ? scores : ranking.direct(relevance);
            sections.add(new Section("", () -> points(POINTS_MIN)));
            sections.add(new Section("Answers", () -> answers(true)));
            return sections;
        }
        sections.add(new Section("Key points", () -> points(points)));
        sections.add(new Section("Answers", () -> answers(false)));
        var years = new Years(material, oneStory);
        var sheet = new FactSheet(material, quotes, years, scores, oneStory);
        sections.add(new Section("Timeline", sheet::timeline));
        sections.add(new Section("Figures", sheet::figures));
        sections.add(new Section("Needs checking", () -> checks(years, sheet)));
        return sections;
    }

    private double[] favoured(String question) throws InterruptedException {
        double[] scores = material.relevance().to(question);
        for (int i = 0; i < scores.length; i++) {
            if (assignment.favoured().contains(material.sentence(i).place())) {
                scores[i] += FAVOUR * scores[i];
            }
        }
        return scores;
    }

    private boolean isWeak(String question, double[] scores) {
        return material.relevance().isWeak(question, scores[best(scores)]);
    }

    private static int best(double[] scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[best]) {
                best = i;
            }
        }
        return best;
    }

    private List<String> notFound(int nearest) {
        String quote = quotes.quote(material.sentence(nearest));
        return quote.isEmpty()
                ? List.of("**Not found in these documents.**")
                : List.of("**Not found in these documents.** The nearest passage:", "- " + quote);
    }

    private List<String> points(int countMax) {
        var lines = new ArrayList<String>();
        for (int i : ranking.pick(scores, countMax)) {
            String quote = quotes.quote(material.sentence(i));
            if (!quote.isEmpty()) {
                used.add(i);
                lines.add("- " + quote + also(i));
            }
        }
        return lines;
    }

    private String also(int i) {
        Set<String> places = new LinkedHashSet<>();
        Set<String> documents = new HashSet<>();
        for (int j = 0; j < material.size() && places.size() < ALSO_MAX; j++) {
            if (j != i
                    && material.corroborates(i, j)
                    && documents.add(material.sentence(j).document())) {
                places.add("[" + material.sentence(j).place() + "]");
            }
        }
        return places.isEmpty() ? "" : "; also in " + String.join(" ", places);
    }

    private List<String> answers(boolean ownOnly) throws InterruptedException {
        var lines = new ArrayList<String>();
        for (SubQuestion question : Questions.of(assignment.question(), material.sources())) {
            if (ownOnly && !question.asksReader()) {
                continue;
            }
            double[] fit = material.relevance().to(question.text());
            if (question.asksReader()) {
                int best = best(fit);
                lines.add(
                        "- *%s* %s"
                                .formatted(
                                        question.text(),
                                        isWeak(question.text(), fit)
                                                ? "Not found in these documents."
                                                : quotes.quote(material.sentence(best)) + also(best)));
                used.add(best);
            } else {
                Integer best = usual(question, fit);
                String quote = best == null ? "" : quotes.quote(material.sentence(best));
                if (best != null && !quote.isEmpty()) {
                    used.add(best);
                    lines.add("- *%s* %s%s".formatted(question.text(), quote, also(best)));
                }
            }
        }
        return lines;
    }

    /** The sentence with the question's cue that matters most, rather one not yet quoted. */
    private @Nullable Integer usual(SubQuestion question, double[] fit) {
        double top = scores[best(scores)];
        Integer best = null;
        double bestWorth = 0;
        for (int i = 0; i < fit.length; i++) {
            Sentence sentence = material.sentence(i);
            if (question.cue() == null
                    || scores[i] < ANSWER_SHARE_MIN * top
                    || !question.cue().matcher(sentence.text()).find()) {
                continue;
            }
            double worth = scores[i] + fit[i] - (used.contains(i) ? USED_PRICE : 0);
            if (worth > bestWorth) {
                best = i;
                bestWorth = worth;
            }
        }
        return best;
    }

    private List<String> checks(Years years, FactSheet sheet) {
        var lines = new ArrayList<String>();
        new Checks(material, years).findings().forEach(finding -> lines.add("- " + finding));
        lines.addAll(sheet.singleSourced());
        return lines;
    }
}
