package entrepot.knowledge.index;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The search index of one node: a folder that can be thrown away. It notes with each commit how far
 * into each source's changes it has come.
 */
final class LuceneIndex implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LuceneIndex.class);

    /**
     * It would warn at each start that the incubating vector module is not there, which would make
     * all starts slower.
     */
    private static final java.util.logging.Logger OF_VECTORS =
            java.util.logging.Logger.getLogger(
                    "org.apache.lucene.internal.vectorization.VectorizationProvider");

    static {
        OF_VECTORS.setLevel(java.util.logging.Level.SEVERE);
    }

    /** How many each half of a search finds: quantised vectors lose what lies below. */
    private static final int CANDIDATES = 50;

    /** Reciprocal rank fusion: how little the first ranks differ (Cormack et al., SIGIR 2009). */
    private static final double RANK_OFFSET = 60;

    private static final double MEANING_WEIGHT = 2;
    private static final double WORDS_WEIGHT = 1;
    private static final float TITLE_BOOST = 1.5f;
    private static final int CONNECTIONS = 16;
    private static final int BEAM_WIDTH = 100;
    private static final double RAM_BUFFER_MEGABYTES = 32;
    private static final int QUERY_WORDS_MAX = 64;

    private final FSDirectory directory;
    private final Analyzer analyzer = new EnglishAnalyzer();
    private final IndexWriter writer;
    private final SearcherManager searchers;

    private LuceneIndex(Path folder) throws IOException {
        Files.createDirectories(folder);
        directory = FSDirectory.open(folder);
        var settings =
                new IndexWriterConfig(analyzer)
                        .setCodec(codec())
                        .setRAMBufferSizeMB(RAM_BUFFER_MEGABYTES)
                        .setCommitOnClose(false);
        writer = new IndexWriter(directory, settings);
        searchers = new SearcherManager(writer, null);
    }

    /** Opens the index of a folder; one that cannot be used is thrown away and begun anew. */
    static LuceneIndex open(Path folder) {
        try {
            return new LuceneIndex(folder);
        } catch (LockObtainFailedException e) {
            throw new IllegalStateException(
                    "The search index in "
                            + folder
                            + " is in use by another process: give each its own --data.",
                    e);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("the search index is rebuilt, since it cannot be opened: {}", e.toString());
        }
        try {
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.list(folder)) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
            }
            return new LuceneIndex(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The search index cannot be made in " + folder, e);
        }
    }

    private static Lucene104Codec codec() {
        var quantised =
                new Lucene104HnswScalarQuantizedVectorsFormat(
                        QuantizedByteVectorValues.ScalarEncoding.SEVEN_BIT,
                        CONNECTIONS,
                        BEAM_WIDTH);
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return quantised;
            }
        };
    }

    /** How far it has come, as {@link #commit} noted it. */
    Map<String, String> position() {
        var position = new HashMap<String, String>();
        Iterable<Map.Entry<String, String>> noted = writer.getLiveCommitData();
        if (noted != null) {
            noted.forEach(entry -> position.put(entry.getKey(), entry.getValue()));
        }
        return position;
    }

    void forget(SourceKey source) throws IOException {
        writer.deleteDocuments(LuceneFields.ofSource(source));
    }

    /** Puts a document's passages in place of those that were there. */
    void replace(DocumentTable.Changed changed, List<DocumentTable.Embedded> passages)
            throws IOException {
        Term term = LuceneFields.ofDocument(changed.document().source(), changed.id());
        writer.updateDocuments(
                term, passages.stream().map(each -> LuceneFields.of(changed, each)).toList());
    }

    /** Makes what was changed durable and found. */
    void commit(Map<String, String> position) throws IOException {
        writer.setLiveCommitData(position.entrySet());
        writer.commit();
        searchers.maybeRefreshBlocking();
    }

    /** Passages by both halves of a search, fused by their ranks, best first. */
    List<PassageKey> search(Reader reader, Question question, float[] vector) throws IOException {
        Query filter = LuceneFields.filter(reader, question);
        IndexSearcher searcher = searchers.acquire();
        try {
            Map<Integer, Double> scores = new HashMap<>();
            var meaning = new KnnFloatVectorQuery(LuceneFields.VECTOR, vector, CANDIDATES, filter);
            fuse(searcher.search(meaning, CANDIDATES).scoreDocs, MEANING_WEIGHT, scores);
            Query words = words(question.text());
            var both =
                    new BooleanQuery.Builder()
                            .add(words, BooleanClause.Occur.MUST)
                            .add(filter, BooleanClause.Occur.FILTER)
                            .build();
            fuse(searcher.search(both, CANDIDATES).scoreDocs, WORDS_WEIGHT, scores);
            List<Integer> best =
                    scores.entrySet().stream()
                            .sorted(
                                    Comparator.comparingDouble(
                                                    (Map.Entry<Integer, Double> e) -> -e.getValue())
                                            .thenComparing(Map.Entry::getKey))
                            .map(Map.Entry::getKey)
                            .toList();
            var keys = new ArrayList<PassageKey>(best.size());
            for (int id : best) {
                keys.add(LuceneFields.key(searcher.storedFields().document(id)));
            }
            return keys;
        } finally {
            searchers.release(searcher);
        }
    }

    private static void fuse(ScoreDoc[] ranked, double weight, Map<Integer, Double> scores) {
        for (int rank = 0; rank < ranked.length; rank++) {
            scores.merge(ranked[rank].doc, weight / (RANK_OFFSET + rank + 1), Double::sum);
        }
    }

    private Query words(String text) throws IOException {
        var query = new BooleanQuery.Builder();
        for (String word : analysed(text)) {
            query.add(term(LuceneFields.TEXT, word, 1), BooleanClause.Occur.SHOULD);
            query.add(term(LuceneFields.HEADING, word, TITLE_BOOST), BooleanClause.Occur.SHOULD);
            query.add(term(LuceneFields.TITLE, word, TITLE_BOOST), BooleanClause.Occur.SHOULD);
        }
        return query.build();
    }

    private static Query term(String field, String word, float boost) {
        return new BoostQuery(new TermQuery(new Term(field, word)), boost);
    }

    private Set<String> analysed(String text) throws IOException {
        Set<String> words = new LinkedHashSet<>();
        try (var stream = analyzer.tokenStream(LuceneFields.TEXT, text)) {
            var term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken() && words.size() < QUERY_WORDS_MAX) {
                words.add(term.toString());
            }
            stream.end();
        }
        return words;
    }

    @Override
    public void close() {
        try {
            searchers.close();
            // What was not committed is read from the tables again.
            writer.rollback();
            directory.close();
            analyzer.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The search index cannot be closed", e);
        }
    }
}
