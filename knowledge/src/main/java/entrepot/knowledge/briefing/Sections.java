package entrepot.knowledge.briefing;

import entrepot.knowledge.briefing.Briefing.Assignment;
import entrepot.knowledge.briefing.Briefing.Section;
import entrepot.knowledge.passages.Sentence;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The parts of a briefing, in the order they are read. */
final class Sections {

    private static final String NEAR = "No passage answers this squarely; the nearest";

    /** Below these the best passage is near the question, but hardly its answer. */
    private static final double SQUARE_MIN = 0.48;

    private static final double DIRECT_MIN = 0.55;

    private static final int POINTS_MIN = 3;
    private static final int POINTS_MAX = 8;
    private static final int NEAREST_MAX = 2;
    private static final int SENTENCES_PER_POINT = 6;
    private static final int ALSO_MAX = 4;
    private static final double FAVOUR = 0.04;
    private static final double USED_PRICE = 0.12;

    /** Dates and figures are given from sentences this relevant, as a share of the best. */
    private static final double RELATED_SHARE_MIN = 0.5;

    /** A point is at least this relevant, as a share of the best. */
    private static final double POINT_SHARE_MIN = 0.6;

    private static final double SMALL_POINT_SHARE_MIN = 0.45;

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
    private double[] pointScores = {};

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
        pointScores = relevance == null ? scores : onTopic(scores, relevance);
        if (relevance != null && isWeak(question, relevance)) {
            scores = relevance;
            sections.add(new Section("", this::notFound));
            if (assignment.brief()) {
                return sections;
            }
            double[] everything = ranking.scores(null);
            sections.add(new Section("What they do say", () -> points(everything, POINTS_MIN)));
            return sections;
        }
        int points = Math.clamp(material.size() / SENTENCES_PER_POINT, POINTS_MIN, POINTS_MAX);
        if (assignment.brief()) {
            scores = relevance == null ? scores : ranking.direct(relevance);
            sections.add(
                    new Section(isNear(DIRECT_MIN) ? NEAR : "", () -> points(scores, POINTS_MIN)));
            sections.add(new Section("Answers", () -> answers(true)));
            return sections;
        }
        sections.add(
                new Section(
                        isNear(SQUARE_MIN) ? NEAR : "Key points",
                        () -> points(pointScores, points)));
        sections.add(new Section("Answers", () -> answers(false)));
        var years = new Years(material, oneStory);
        var sheet = new FactSheet(material, quotes, years, mattering(), oneStory);
        sections.add(new Section("Timeline", sheet::timeline));
        sections.add(new Section("Figures", sheet::figures));
        sections.add(new Section("Needs checking", () -> checks(years, sheet)));
        return sections;
    }

    private double[] onTopic(double[] scores, double[] relevance) {
        double share = material.isSmall() ? SMALL_POINT_SHARE_MIN : POINT_SHARE_MIN;
        double best = relevance[best(relevance)];
        double[] points = scores.clone();
        for (int i = 0; i < points.length; i++) {
            points[i] = relevance[i] < share * best ? 0 : points[i];
        }
        return points;
    }

    /** The scores, with what has nothing to do with the question far below zero. */
    private double[] mattering() {
        double[] mattering = scores.clone();
        if (relevance != null && !material.isSmall()) {
            double best = relevance[best(relevance)];
            for (int i = 0; i < mattering.length; i++) {
                mattering[i] -= relevance[i] < RELATED_SHARE_MIN * best ? 1 : 0;
            }
        }
        return mattering;
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

    private boolean isNear(double scoreMin) {
        return relevance != null && relevance[best(relevance)] < scoreMin;
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

    private List<String> notFound() {
        List<String> nearest = points(scores, NEAREST_MAX);
        var lines = new ArrayList<String>();
        lines.add(
                "**Not found in these documents.**"
                        + (nearest.isEmpty() ? "" : " What lies nearest:"));
        lines.addAll(nearest);
        return lines;
    }

    private List<String> points(double[] by, int countMax) {
        var lines = new ArrayList<String>();
        for (int i : ranking.pick(by, countMax)) {
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
                                                : quotes.quote(material.sentence(best))
                                                        + also(best)));
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
        double top = pointScores[best(pointScores)];
        Integer best = null;
        double bestWorth = 0;
        for (int i = 0; i < fit.length; i++) {
            Sentence sentence = material.sentence(i);
            if (question.cue() == null
                    || (material.isSmall() ? scores : pointScores)[i] < ANSWER_SHARE_MIN * top
                    || !question.cue().matcher(sentence.text()).find()) {
                continue;
            }
            double worth = pointScores[i] + fit[i] - (used.contains(i) ? USED_PRICE : 0);
            if (worth > bestWorth) {
                best = i;
                bestWorth = worth;
            }
        }
        return best;
    }

    private List<String> checks(Years years, FactSheet sheet) {
        var lines = new ArrayList<String>();
        new Checks(material, years, quotes)
                .findings()
                .forEach(finding -> lines.add("- " + finding));
        lines.addAll(sheet.singleSourced());
        return lines;
    }
}
