package entrepot.knowledge.index;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private @Nullable FutureTask<Boolean> waiting;
    private Map<String, String> position;

    /**
     * All writing is done by one thread that nobody interrupts: an interrupt would close the files
     * that it is writing, and with them the index.
     */
    private final ExecutorService follower =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("knowledge-index").factory());

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
    public boolean follow(int documentsMax) throws InterruptedException {
        try {
            return soon(documentsMax).get();
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    /** As {@link #follow}, and goes on with what there is when that takes long. */
    void followFor(int documentsMax, long millisMax) throws InterruptedException {
        try {
            soon(documentsMax).get(millisMax, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // What is missing comes by and by.
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    /** The next catching up that has not begun: all who come meanwhile wait for the same. */
    private synchronized Future<Boolean> soon(int documentsMax) {
        FutureTask<Boolean> next = waiting;
        if (next == null) {
            next =
                    new FutureTask<>(() -> {
                        begun();
                        return catchUp(documentsMax);
                    });
            waiting = next;
            follower.execute(next);
        }
        return next;
    }

    private synchronized void begun() {
        waiting = null;
    }

    private static RuntimeException failed(ExecutionException e) {
        return e.getCause() instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("The search index cannot follow", e);
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
        follower.execute(index::close);
        follower.close();
    }
}
