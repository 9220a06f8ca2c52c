package entrepot.knowledge.index;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.search.Words;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds and reads company data for somebody: by words and meaning, and never what they may not
 * read. What may not be read is as if it were not there.
 */
public final class KnowledgeSearch {

    /** A search does not wait for more: what is missing comes to the index by and by. */
    private static final int FOLLOWED_DOCUMENTS_MAX = 200;

    private static final long FOLLOWED_MILLIS_MAX = 5_000;

    private static final double COSINE_MIN = 0.70;
    private static final double COSINE_MAX = 0.92;
    private static final double WEAK = 0.34;
    private static final double DOUBTFUL = 0.60;
    private static final double KNOWN_MIN = 0.5;

    private final DocumentTable documents;
    private final KnowledgeIndex index;
    private final Embedder embedder;

    public KnowledgeSearch(DocumentTable documents, KnowledgeIndex index, Embedder embedder) {
        this.documents = documents;
        this.index = index;
        this.embedder = embedder;
    }

    /**
     * @param hits best first
     * @param weak whether even the best is hardly about the question: then nothing was found, and
     *     the hits are only what lies nearest
     */
    public record Found(List<Hit> hits, boolean weak) {
        public Found {
            hits = List.copyOf(hits);
        }
    }

    public Found search(Reader reader, Question question) throws InterruptedException {
        if (question.sources().isEmpty()) {
            return new Found(List.of(), true);
        }
        index.followFor(FOLLOWED_DOCUMENTS_MAX, FOLLOWED_MILLIS_MAX);
        float[] vector = embedder.query(question.text());
        List<PassageKey> candidates = index.search(reader, question, vector);
        var hits = new ArrayList<Hit>();
        double known = 0;
        for (int from = 0; from < candidates.size() && hits.size() < question.countMax(); ) {
            int to = Math.min(candidates.size(), from + question.countMax());
            for (DocumentTable.Found found : documents.find(candidates.subList(from, to))) {
                if (hits.size() < question.countMax() && admitted(reader, question, found)) {
                    double words = words(question.text(), found);
                    hits.add(hit(found, vector, words));
                    known = Math.max(known, words);
                }
            }
            from = to;
        }
        double best = hits.stream().mapToDouble(Hit::score).max().orElse(0);
        return new Found(hits, best < WEAK || (best < DOUBTFUL && known < KNOWN_MIN));
    }

    /** The same as the filter, asked of the tables: the index may be behind. */
    private static boolean admitted(Reader reader, Question question, DocumentTable.Found found) {
        StoredDocument document = found.document();
        return reader.mayRead(document)
                && question.sources().contains(document.source().id())
                && (question.labels().isEmpty() || question.labels().contains(document.label()));
    }

    private static Hit hit(DocumentTable.Found found, float[] vector, double words) {
        double cosine = Embedder.cosine(vector, found.vector());
        double meaning = Math.clamp((cosine - COSINE_MIN) / (COSINE_MAX - COSINE_MIN), 0, 1);
        return new Hit(found.document(), found.passage(), (2 * meaning + words) / 3);
    }

    /** The share of the question's words that a passage has. */
    private static double words(String question, DocumentTable.Found found) {
        Set<String> asked = new HashSet<>(Words.of(question));
        if (asked.isEmpty()) {
            return 1;
        }
        Set<String> said =
                new HashSet<>(Words.of(found.passage().inContext(found.document().title())));
        return (double) asked.stream().filter(said::contains).count() / asked.size();
    }

    /** A document that this reader may read. */
    public Optional<StoredDocument> document(Reader reader, String source, String id) {
        return documents.get(new SourceKey(reader.tenant(), source), id).filter(reader::mayRead);
    }

    /** The text of a document that this reader may read. */
    public Optional<DocumentTable.Text> text(Reader reader, String source, String id) {
        return documents
                .text(new SourceKey(reader.tenant(), source), id)
                .filter(text -> reader.mayRead(text.document()));
    }
}
