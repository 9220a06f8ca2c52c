package entrepot.knowledge.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * The view that this node's searches use. It follows the tables: each source counts its changes,
 * and the index notes how many of them it has seen, with which incarnation of the source.
 */
public final class KnowledgeIndex implements AutoCloseable {

    private static final int CHANGES_AT_ONCE = 50;

    private final SourceTable sources;
    private final DocumentTable documents;
    private final LuceneIndex index;
    private final ReentrantLock following = new ReentrantLock();
    private Map<String, String> position;

    /**
     * @param folder of this node alone; may be empty or gone: then everything is indexed again
     */
    public KnowledgeIndex(SourceTable sources, DocumentTable documents, Path folder) {
        this.sources = sources;
        this.documents = documents;
        this.index = LuceneIndex.open(folder.resolve("v" + Passages.VERSION));
        this.position = index.position();
    }

    /**
     * Follows the tables.
     *
     * @param documentsMax how many documents to take in at most
     * @return whether it has caught up
     */
    public boolean follow(int documentsMax) {
        following.lock();
        try {
            return catchUp(documentsMax);
        } finally {
            following.unlock();
        }
    }

    /** As {@link #follow}, unless somebody else does already. */
    void followUnlessBusy(int documentsMax) {
        if (following.tryLock()) {
            try {
                catchUp(documentsMax);
            } finally {
                following.unlock();
            }
        }
    }

    private boolean catchUp(int documentsMax) {
        var next = new HashMap<>(position);
        int room = documentsMax;
        try {
            List<SourceTable.Row> rows = sources.all();
            forgetOthers(rows, next);
            for (SourceTable.Row row : rows) {
                room = follow(row, next, room);
            }
            if (!next.equals(position)) {
                index.commit(next);
                position = next;
            }
            return room > 0;
        } catch (IOException e) {
            throw new UncheckedIOException("The search index cannot be written", e);
        }
    }

    private void forgetOthers(List<SourceTable.Row> rows, Map<String, String> next)
            throws IOException {
        Set<String> known =
                rows.stream()
                        .map(row -> LuceneFields.source(row.key()))
                        .collect(Collectors.toSet());
        for (String gone : position.keySet()) {
            if (!known.contains(gone)) {
                String[] parts = gone.split("\u0000", 2);
                index.forget(new SourceKey(parts[0], parts[1]));
                next.remove(gone);
            }
        }
    }

    private int follow(SourceTable.Row row, Map<String, String> next, int documentsMax)
            throws IOException {
        String name = LuceneFields.source(row.key());
        String[] seen = next.getOrDefault(name, ":0").split(":", 2);
        long change = Long.parseLong(seen[1]);
        if (!seen[0].equals(row.incarnation())) {
            index.forget(row.key());
            change = 0;
        }
        int room = documentsMax;
        boolean more = change < row.changeHead();
        while (more && room > 0) {
            int batch = Math.min(room, CHANGES_AT_ONCE);
            var changes = documents.changes(row.key(), change, batch);
            for (DocumentTable.Changed changed : changes) {
                index.replace(
                        changed,
                        changed.gone() ? List.of() : documents.passages(row.key(), changed.id()));
                change = changed.change();
            }
            room -= changes.size();
            more = changes.size() == batch;
        }
        if (room > 0) {
            // Some changes were of documents that have changed again, or failed: nothing to read.
            change = Math.max(change, row.changeHead());
        }
        next.put(name, row.incarnation() + ":" + change);
        return room;
    }

    /** Passages that may answer, best first; to be looked up and checked. */
    List<PassageKey> search(Reader reader, Question question, float[] vector) {
        try {
            return index.search(reader, question, vector);
        } catch (IOException e) {
            throw new UncheckedIOException("The search index cannot be read", e);
        }
    }

    @Override
    public void close() {
        following.lock();
        try {
            index.close();
        } finally {
            following.unlock();
        }
    }
}
