package entrepot.knowledge.index;

import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.util.BytesRef;

import java.util.Collection;
import java.util.List;

/** A passage as Lucene has it, and the filter that every search is made with. */
final class LuceneFields {

    static final String TITLE = "title";
    static final String HEADING = "heading";
    static final String TEXT = "text";
    static final String VECTOR = "vector";

    /** Tenant and source in one term: no source is found without its tenant. */
    private static final String SOURCE = "source";

    private static final String DOCUMENT = "document";
    private static final String ACCESS = "access";
    private static final String LABEL = "label";
    private static final String KEY = "key";

    /** Never part of a name. */
    private static final char SEPARATOR = '\u0000';

    private LuceneFields() {}

    static String source(SourceKey source) {
        return source.tenant() + SEPARATOR + source.id();
    }

    static Term ofSource(SourceKey source) {
        return new Term(SOURCE, source(source));
    }

    static Term ofDocument(SourceKey source, String id) {
        return new Term(DOCUMENT, source(source) + SEPARATOR + id);
    }

    static Document of(DocumentTable.Changed changed, DocumentTable.Embedded embedded) {
        StoredDocument stored = changed.document();
        Passage passage = embedded.passage();
        var document = new Document();
        document.add(field(SOURCE, source(stored.source())));
        document.add(field(DOCUMENT, ofDocument(stored.source(), stored.id()).text()));
        document.add(field(LABEL, stored.label()));
        for (String holder : stored.access().holders()) {
            document.add(field(ACCESS, holder));
        }
        document.add(new TextField(TITLE, stored.title(), Field.Store.NO));
        document.add(new TextField(HEADING, passage.heading(), Field.Store.NO));
        document.add(new TextField(TEXT, passage.text(), Field.Store.NO));
        document.add(
                new KnnFloatVectorField(
                        VECTOR, embedded.vector(), VectorSimilarityFunction.DOT_PRODUCT));
        document.add(new StoredField(KEY, written(stored, passage, changed.change())));
        return document;
    }

    private static Field field(String name, String value) {
        return new StringField(name, value, Field.Store.NO);
    }

    private static String written(StoredDocument document, Passage passage, long change) {
        return String.join(
                String.valueOf(SEPARATOR),
                document.source().tenant(),
                document.source().id(),
                Integer.toString(passage.ordinal()),
                Long.toString(change),
                document.id());
    }

    static PassageKey key(Document stored) {
        String[] parts = stored.get(KEY).split(String.valueOf(SEPARATOR), 5);
        return new PassageKey(
                new SourceKey(parts[0], parts[1]),
                parts[4],
                Integer.parseInt(parts[2]),
                Long.parseLong(parts[3]));
    }

    /** Which passages may be found at all: both halves of a search are made with it. */
    static Query filter(Reader reader, Question question) {
        List<String> sources =
                question.sources().stream()
                        .map(id -> source(new SourceKey(reader.tenant(), id)))
                        .toList();
        var filter =
                new BooleanQuery.Builder()
                        .add(anyOf(SOURCE, sources), BooleanClause.Occur.FILTER)
                        .add(anyOf(ACCESS, reader.holders()), BooleanClause.Occur.FILTER);
        if (!question.labels().isEmpty()) {
            filter.add(anyOf(LABEL, question.labels()), BooleanClause.Occur.FILTER);
        }
        // What no access list admits is in no index term, so an empty list finds nothing.
        return filter.build();
    }

    private static Query anyOf(String field, Collection<String> values) {
        return new TermInSetQuery(field, values.stream().map(BytesRef::new).toList());
    }
}
