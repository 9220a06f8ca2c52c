package entrepot.knowledge.sources;

import org.jspecify.annotations.Nullable;

import java.util.function.IntConsumer;

/**
 * Reads one source. Opened for one pass over it; {@link #read} is called by several threads at
 * once, after {@link #list} has returned.
 */
public interface Connector extends AutoCloseable {

    /** What a source may hold at most; more is refused, never cut silently. */
    int ENTRIES_MAX = 500_000;

    /** The largest document that is read. */
    int DOCUMENT_BYTES_MAX = 64 << 20;

    /**
     * Lists what there is, or what changed.
     *
     * @param cursor as an earlier listing gave it; null to list everything
     * @param found is told how many were found so far
     */
    Listing list(@Nullable String cursor, IntConsumer found)
            throws SourceFailed, InterruptedException;

    /** Reads a document of the listing. */
    Content read(Entry entry) throws SourceFailed, InterruptedException;

    @Override
    void close();
}
