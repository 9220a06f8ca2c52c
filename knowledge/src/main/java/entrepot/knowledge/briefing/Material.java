package entrepot.knowledge.briefing;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.mentions.Mentions;
import entrepot.knowledge.passages.Sentence;
import entrepot.knowledge.search.PassageSearch;
import entrepot.knowledge.search.Relevance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The sentences of all sources, with what they mention and how close they are to each other. */
final class Material {

    /** Two sentences this alike speak of the same thing, though not always of the same fact. */
    private static final double SAME_TOPIC = 0.5;

    /** So many names in common make two sources speak of the same things. */
    private static final int STORY_NAMES_MIN = 3;

    private static final double STORY_SHARE_MIN = 0.6;
    private static final int SMALL_SIZE_MAX = 150;

    private static final int ECHO_CHARS_MIN = 25;

    /** A name that stands in more than this share of sentences tells none of them apart. */
    private static final double COMMON_NAME_SHARE = 0.2;

    private final List<Source> sources;
    private final List<Sentence> sentences;
    private final List<Mentions> mentions;
    private final Relevance relevance;
    private final Set<String> commonNames;
    private final int sentencesLeftOut;

    /** The vectors without what all sentences have in common, which tells them apart better. */
    private final List<float[]> centred;

    private Material(
            List<Source> sources,
            List<Sentence> sentences,
            List<Mentions> mentions,
            Relevance relevance,
            int sentencesLeftOut) {
        this.sources = sources;
        this.sentences = sentences;
        this.mentions = mentions;
        this.relevance = relevance;
        this.sentencesLeftOut = sentencesLeftOut;
        commonNames = commonNames(mentions);
        centred = centred(relevance.vectors());
    }

    private static List<float[]> centred(List<float[]> vectors) {
        if (vectors.isEmpty()) {
            return vectors;
        }
        var mean = new float[vectors.getFirst().length];
        for (float[] vector : vectors) {
            for (int j = 0; j < mean.length; j++) {
                mean[j] += vector[j] / vectors.size();
            }
        }
        var centred = new ArrayList<float[]>(vectors.size());
        for (float[] vector : vectors) {
            var own = new float[mean.length];
            float squares = 0;
            for (int j = 0; j < mean.length; j++) {
                own[j] = vector[j] - mean[j];
                squares += own[j] * own[j];
            }
            float scale = squares > 0 ? 1 / (float) Math.sqrt(squares) : 0;
            for (int j = 0; j < mean.length; j++) {
                own[j] *= scale;
            }
            centred.add(own);
        }
        return centred;
    }

    static Material of(Embedder embedder, List<Source> sources, String question)
            throws InterruptedException {
        var all = new ArrayList<Sentence>();
        for (Source source : sources) {
            source.sentences().stream()
                    .filter(Sentence::isProse)
                    .filter(sentence -> !echoes(sentence, question))
                    .forEach(all::add);
        }
        List<Sentence> kept = PassageSearch.narrow(all, question, PassageSearch.EMBEDDED_CHARS_MAX);
        Set<String> known = new HashSet<>();
        for (Sentence sentence : kept) {
            known.addAll(Mentions.of(sentence.text()).names());
        }
        List<Mentions> mentions = kept.stream().map(s -> Mentions.of(s.text(), known)).toList();
        Relevance relevance = Relevance.of(embedder, kept);
        return new Material(sources, kept, mentions, relevance, all.size() - kept.size());
    }

    /** Whether it only repeats the question, which would be the best match and tell nothing. */
    private static boolean echoes(Sentence sentence, String question) {
        return question.length() >= ECHO_CHARS_MIN && sentence.text().contains(question.strip());
    }

    private static Set<String> commonNames(List<Mentions> mentions) {
        Map<String, Integer> counts = new HashMap<>();
        for (Mentions mention : mentions) {
            mention.names().forEach(name -> counts.merge(name, 1, Integer::sum));
        }
        Set<String> common = new HashSet<>();
        counts.forEach((name, count) -> {
            if (count > 2 && count > COMMON_NAME_SHARE * mentions.size()) {
                common.add(name);
            }
        });
        return common;
    }

    List<Source> sources() {
        return sources;
    }

    int size() {
        return sentences.size();
    }

    int sentencesLeftOut() {
        return sentencesLeftOut;
    }

    Sentence sentence(int i) {
        return sentences.get(i);
    }

    Mentions mentions(int i) {
        return mentions.get(i);
    }

    Relevance relevance() {
        return relevance;
    }

    double closeness(int i, int j) {
        return Embedder.cosine(relevance.vectors().get(i), relevance.vectors().get(j));
    }

    /** How alike two sentences are when what all have in common is left out, from -1 to 1. */
    double likeness(int i, int j) {
        return Embedder.cosine(centred.get(i), centred.get(j));
    }

    boolean sameSource(int i, int j) {
        return sentence(i).document().equals(sentence(j).document());
    }

    /** Names in both that are not in every other sentence. */
    int sharedNames(int i, int j) {
        int shared = 0;
        for (String name : mentions(i).names()) {
            if (mentions(j).names().contains(name) && !commonNames.contains(name)) {
                shared++;
            }
        }
        return shared;
    }

    /**
     * Whether two sources say the same: the sentences are close and share a figure, a day or a name
     * that tells them apart from the rest.
     */
    boolean corroborates(int i, int j) {
        return !sameSource(i, j) && likeness(i, j) >= SAME_TOPIC && sharesFact(i, j);
    }

    private boolean sharesFact(int i, int j) {
        Mentions a = mentions(i);
        Mentions b = mentions(j);
        boolean figure =
                a.figures().stream()
                        .anyMatch(f -> b.figures().stream().anyMatch(g -> f.key().equals(g.key())));
        boolean day =
                a.dates().stream()
                        .anyMatch(d -> d.hasDay() && b.dates().stream().anyMatch(d::sameDay));
        return figure || day || sharedNames(i, j) > 0;
    }

    /** Whether two sources speak of the same parties. */
    boolean sameParties(int i, int j) {
        Set<String> both = new HashSet<>(mentions(i).names());
        both.retainAll(mentions(j).names());
        return both.size() > 1 || sharedNames(i, j) > 0;
    }

    /**
     * Whether the sources speak of the same things, so that one's dates and silence tell something
     * about another's: most share names with another.
     */
    boolean isOneStory() {
        Map<String, Set<String>> names = new LinkedHashMap<>();
        for (int i = 0; i < size(); i++) {
            names.computeIfAbsent(sentence(i).document(), d -> new HashSet<>())
                    .addAll(mentions(i).names());
        }
        long linked =
                names.entrySet().stream()
                        .filter(one ->
                                names.entrySet().stream()
                                        .filter(o -> !o.getKey().equals(one.getKey()))
                                        .anyMatch(o -> linked(one.getValue(), o.getValue())))
                        .count();
        return linked > 1 && linked >= STORY_SHARE_MIN * names.size();
    }

    private static boolean linked(Set<String> names, Set<String> others) {
        return names.stream().filter(others::contains).count() >= STORY_NAMES_MIN;
    }

    /** Whether it is little enough to be told whole, whatever the question. */
    boolean isSmall() {
        return size() <= SMALL_SIZE_MAX;
    }
}
