package entrepot.knowledge.briefing;

import entrepot.knowledge.mentions.Mentions;
import entrepot.knowledge.passages.Sentence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which sentences matter: LexRank over the graph of similar sentences (Erkan and Radev, 2004),
 * biased to the question (Otterbacher and others, 2005), then picked so that none repeats another.
 */
final class Ranking {

    private static final double QUESTION_SHARE = 0.55;
    private static final double CENTRALITY_SHARE = 0.25;

    /** For a direct question the rest only breaks ties. */
    private static final double DIRECT_SHARE = 0.9;

    private static final double DAMPING = 0.85;
    private static final int ROUNDS = 30;

    /** Vectors of one set share a direction; without it, this is a clear likeness. */
    private static final double EDGE_MIN = 0.15;

    private static final double REPEATED = 0.62;
    private static final double REPETITION_PRICE = 0.35;
    private static final double RELATIVE_SCORE_MIN = 0.5;
    private static final int WORDS_MIN = 5;
    private static final int TELLING_WORDS_MIN = 11;
    private static final int WORDS_MAX = 60;
    private static final int CODE_CHARS_MAX = 200;

    /** Openings that point to the sentence before, without which they say nothing. */
    private static final Pattern DANGLING =
            Pattern.compile(
                    "(?:"
                            + String.join(
                                    "|",
                                    List.of(
                                            "That",
                                            "This",
                                            "It",
                                            "Its",
                                            "It['’]s",
                                            "These",
                                            "Those",
                                            "They",
                                            "Their",
                                            "He",
                                            "She",
                                            "His",
                                            "Her",
                                            "For now",
                                            "But",
                                            "And",
                                            "So",
                                            "Or",
                                            "Such",
                                            "However",
                                            "There",
                                            "Here",
                                            "What['’]s",
                                            "Whether",
                                            "Then",
                                            "Instead",
                                            "Also",
                                            "Thus",
                                            "Therefore",
                                            "Moreover",
                                            "Furthermore",
                                            "Otherwise",
                                            "Similarly",
                                            "In addition",
                                            "For example",
                                            "For instance",
                                            "As a result",
                                            "The same",
                                            "Nor",
                                            "Yet",
                                            "Still",
                                            "Both",
                                            "The former",
                                            "The latter",
                                            "Finally",
                                            "Likewise",
                                            "Consequently",
                                            "One of them",
                                            "If so",
                                            "If not",
                                            "That['’]s"))
                            + ")\\b.*",
                    Pattern.DOTALL);

    private static final Pattern DEFINITION =
            Pattern.compile(
                    "[\"“‘'][^\"”’']+[\"”’'] (?:\\([^)]*\\) )?(?:shall"
                            + " )?(?:means?|includes?)\\b.*");
    private static final double SHOUTING_SHARE = 0.6;

    private final Material material;
    private final double[] centrality;

    Ranking(Material material) {
        this.material = material;
        centrality = centrality();
    }

    private double[] centrality() {
        int n = material.size();
        var weights = new float[n][n];
        var degree = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double close = material.likeness(i, j);
                // What another source repeats counts more than what the same one does.
                double weight = material.sameSource(i, j) ? close / 2 : close;
                if (close > EDGE_MIN) {
                    weights[i][j] = (float) weight;
                    weights[j][i] = (float) weight;
                    degree[i] += weight;
                    degree[j] += weight;
                }
            }
        }
        var score = new double[n];
        Arrays.fill(score, 1);
        for (int round = 0; round < ROUNDS; round++) {
            var next = new double[n];
            Arrays.fill(next, 1 - DAMPING);
            for (int j = 0; j < n; j++) {
                double given = degree[j] > 0 ? DAMPING * score[j] / degree[j] : 0;
                for (int i = 0; i < n && given > 0; i++) {
                    next[i] += given * weights[j][i];
                }
            }
            score = next;
        }
        return normalised(score);
    }

    static double[] normalised(double[] scores) {
        double max = Arrays.stream(scores).max().orElse(1);
        return Arrays.stream(scores).map(s -> max > 0 ? s / max : 0).toArray();
    }

    /**
     * One score per sentence, about 0 to 1.
     *
     * @param relevance to the question, or null when the question asks for everything
     */
    double[] scores(double @org.jspecify.annotations.Nullable [] relevance) {
        double[] toQuestion = relevance == null ? null : normalised(relevance);
        var scores = new double[material.size()];
        for (int i = 0; i < scores.length; i++) {
            double information = information(i);
            scores[i] =
                    toQuestion == null
                            ? 0.7 * centrality[i] + 0.3 * information
                            : QUESTION_SHARE * toQuestion[i]
                                    + CENTRALITY_SHARE * centrality[i]
                                    + (1 - QUESTION_SHARE - CENTRALITY_SHARE) * information;
            boolean bare =
                    material.mentions(i).figures().isEmpty()
                            && material.mentions(i).dates().isEmpty();
            if (bare && material.sentence(i).text().split(" ").length < TELLING_WORDS_MIN) {
                scores[i] -= 0.12;
            }
            scores[i] -= penalty(material.sentence(i));
        }
        return scores;
    }

    /** One score per sentence for a reader who wants nothing but the answer. */
    double[] direct(double[] relevance) {
        double[] toQuestion = normalised(relevance);
        for (int i = 0; i < toQuestion.length; i++) {
            toQuestion[i] =
                    DIRECT_SHARE * toQuestion[i]
                            + (1 - DIRECT_SHARE) * information(i)
                            - penalty(material.sentence(i)) / 2;
        }
        return toQuestion;
    }

    private double information(int i) {
        Mentions mentions = material.mentions(i);
        double facts =
                0.4 * mentions.figures().size()
                        + 0.4 * mentions.dates().size()
                        + 0.15 * mentions.names().size()
                        + (material.sentence(i).text().contains("“") ? 0.2 : 0);
        return Math.min(1, facts);
    }

    static double penalty(Sentence sentence) {
        String text = sentence.text();
        if (sentence.kind() == Sentence.Kind.CODE) {
            return text.length() > CODE_CHARS_MAX ? 0.4 : 0.1;
        }
        int words = text.split(" ").length;
        double penalty = DANGLING.matcher(text).matches() ? 0.2 : 0;
        if (Character.isLowerCase(text.codePointAt(0))) {
            penalty += 0.1;
        }
        if (words < WORDS_MIN || words > WORDS_MAX || text.endsWith(":") || isBroken(text)) {
            penalty += 0.3;
        }
        if (text.endsWith("?") || DEFINITION.matcher(text).matches() || shouts(text)) {
            penalty += 0.15;
        }
        return switch (sentence.kind()) {
            case ROW -> penalty + 0.15;
            case PROSE, ITEM, CODE, TITLE, NOTICE -> penalty;
        };
    }

    /** Whether it is a scrap of a drawn box, a form or a table. */
    private static boolean isBroken(String text) {
        long letters = text.chars().filter(Character::isLetter).count();
        return text.endsWith("*") || text.contains(" * ") || 2 * letters < text.length();
    }

    private static boolean shouts(String text) {
        long upper = text.chars().filter(Character::isUpperCase).count();
        long letters = text.chars().filter(Character::isLetter).count();
        return upper > SHOUTING_SHARE * letters;
    }

    /** The best sentences, best first, none of which repeats another. */
    List<Integer> pick(double[] scores, int countMax) {
        double best = Arrays.stream(scores).max().orElse(0);
        List<Integer> candidates =
                IntStream.range(0, scores.length)
                        .filter(i -> scores[i] >= RELATIVE_SCORE_MIN * best && scores[i] > 0)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer i) -> -scores[i]))
                        .toList();
        var picked = new ArrayList<Integer>();
        Map<String, Integer> perSource = new HashMap<>();
        int perSourceMax = countMax / Math.max(1, material.sources().size()) + 2;
        while (picked.size() < countMax) {
            Integer next = next(candidates, scores, picked, perSource, perSourceMax);
            if (next == null) {
                break;
            }
            picked.add(next);
            perSource.merge(material.sentence(next).document(), 1, Integer::sum);
        }
        return picked;
    }

    private @org.jspecify.annotations.Nullable Integer next(
            List<Integer> candidates,
            double[] scores,
            List<Integer> picked,
            Map<String, Integer> perSource,
            int perSourceMax) {
        Integer best = null;
        double bestWorth = 0;
        for (Integer i : candidates) {
            double repeats =
                    picked.stream().mapToDouble(p -> material.likeness(p, i)).max().orElse(0);
            boolean full =
                    perSource.getOrDefault(material.sentence(i).document(), 0) >= perSourceMax;
            double worth = scores[i] - REPETITION_PRICE * Math.max(0, repeats);
            if (repeats < REPEATED && !full && !picked.contains(i) && worth > bestWorth) {
                best = i;
                bestWorth = worth;
            }
        }
        return best;
    }
}
