package entrepot.knowledge.sync;

import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.extraction.ContentTypes;
import entrepot.knowledge.extraction.Extracted;
import entrepot.knowledge.extraction.ExtractionFailed;
import entrepot.knowledge.extraction.Extractor;
import entrepot.knowledge.index.DocumentTable;
import entrepot.knowledge.index.Fenced;
import entrepot.knowledge.index.Passage;
import entrepot.knowledge.index.Passages;
import entrepot.knowledge.index.Reading;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.sources.Connector;
import entrepot.knowledge.sources.Content;
import entrepot.knowledge.sources.Entry;
import entrepot.knowledge.sources.Listing;
import entrepot.knowledge.sources.SourceFailed;
import entrepot.knowledge.sources.SourceSettings;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/**
 * One pass over one source. What it has stored stays stored: a pass that is cut short is begun
 * again with what is left.
 */
final class Pass {

    private static final Logger LOG = LoggerFactory.getLogger(Pass.class);

    private final Parts parts;
    private final SourceSettings settings;
    private final SourceTable.Lease lease;
    private final Tally tally;
    private final AtomicReference<@Nullable RuntimeException> broken = new AtomicReference<>();

    /** What every pass works with. */
    record Parts(
            DocumentTable documents, Extractor extractor, Embedder embedder, int documentsMax) {}

    Pass(Parts parts, SourceSettings settings, SourceTable.Lease lease, Tally tally) {
        this.parts = parts;
        this.settings = settings;
        this.lease = lease;
        this.tally = tally;
    }

    /**
     * Reads what changed.
     *
     * @return what to list changes since the next time
     */
    String run(Connector connector, @Nullable String listed)
            throws SourceFailed, InterruptedException {
        Map<String, DocumentTable.Known> known = parts.documents().known(lease.key());
        // What could not be read is tried again, though it has not changed since.
        boolean again = known.values().stream().anyMatch(each -> each.stamp().isEmpty());
        Listing listing = connector.list(again ? null : listed, tally::found);
        tally.found(listing.entries().size());
        tally.warn(listing.warnings());
        for (String id : gone(listing, known)) {
            parts.documents().remove(lease, id);
            tally.removed();
        }
        var toRead = new ArrayList<Entry>();
        int skipped = 0;
        for (Entry entry : listing.entries()) {
            if (!ContentTypes.mayBeText(entry.id())) {
                skipped++;
            } else if (!isSame(entry, known.get(entry.id()))) {
                toRead.add(entry);
            }
        }
        tally.reads(toRead.size(), listing.entries().size() - toRead.size() - skipped, skipped);
        readAll(connector, toRead, known);
        return listing.cursor();
    }

    private static Set<String> gone(Listing listing, Map<String, DocumentTable.Known> known) {
        if (!listing.complete()) {
            var gone = new HashSet<>(listing.removed());
            gone.retainAll(known.keySet());
            return gone;
        }
        var gone = new HashSet<>(known.keySet());
        listing.entries().forEach(entry -> gone.remove(entry.id()));
        return gone;
    }

    private boolean isSame(Entry entry, DocumentTable.@Nullable Known known) {
        return known != null
                && known.stamp().equals(entry.stamp())
                && known.access().equals(entry.access())
                && known.label().equals(settings.label());
    }

    private void readAll(
            Connector connector, List<Entry> entries, Map<String, DocumentTable.Known> known)
            throws InterruptedException {
        Queue<Entry> waiting = new ConcurrentLinkedQueue<>(entries);
        List<Thread> readers = new ArrayList<>();
        int count = Math.min(parts.documentsMax(), entries.size());
        for (int i = 0; i < count; i++) {
            readers.add(
                    Thread.ofVirtual()
                            .name("sync-" + settings.id() + "-" + i)
                            .start(() -> read(connector, waiting, known)));
        }
        try {
            for (Thread reader : readers) {
                reader.join();
            }
        } finally {
            readers.forEach(Thread::interrupt);
            for (Thread reader : readers) {
                joinQuietly(reader);
            }
        }
        RuntimeException failure = broken.get();
        if (failure != null) {
            throw failure;
        }
    }

    /** The connector is closed after this: nobody may be reading by then. */
    private static void joinQuietly(Thread reader) {
        boolean interrupted = false;
        while (reader.isAlive()) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(
            Connector connector, Queue<Entry> waiting, Map<String, DocumentTable.Known> known) {
        try {
            for (Entry entry = waiting.poll();
                    entry != null && broken.get() == null;
                    entry = waiting.poll()) {
                tally.begins(entry.id());
                tally.ended(read(connector, entry, known.get(entry.id())));
            }
        } catch (InterruptedException e) {
            broken.compareAndSet(null, new Fenced());
        } catch (RuntimeException e) {
            broken.compareAndSet(null, e);
        }
    }

    /** Whether the document could be read. */
    private boolean read(Connector connector, Entry entry, DocumentTable.@Nullable Known known)
            throws InterruptedException {
        if (known != null && known.stamp().equals(entry.stamp())) {
            parts.documents().touch(lease, entry.id(), entry.stamp(), label(), entry.access());
            return true;
        }
        try {
            Content content = connector.read(entry);
            if (known != null && known.revision().equals(content.revision()) && isCurrent(known)) {
                parts.documents().touch(lease, entry.id(), entry.stamp(), label(), entry.access());
                return true;
            }
            return store(entry, content);
        } catch (SourceFailed e) {
            notRead(entry, known, e.words());
            return false;
        }
    }

    private String label() {
        return settings.label();
    }

    /** A document whose stamp was taken away is to be read whatever its revision. */
    private static boolean isCurrent(DocumentTable.Known known) {
        return !known.stamp().isEmpty();
    }

    private void notRead(Entry entry, DocumentTable.@Nullable Known known, String why) {
        LOG.debug("document {} of {} cannot be read: {}", entry.id(), settings.id(), why);
        if (known == null) {
            var content = new Content(new byte[0], "", "");
            parts.documents().put(lease, reading(entry, content, "", null, List.of()).failed(why));
        } else {
            // What was read before stays, but who may read it is as it is now.
            parts.documents().touch(lease, entry.id(), "", label(), entry.access());
            parts.documents().fail(lease, entry.id(), why);
        }
    }

    private boolean store(Entry entry, Content content) throws InterruptedException {
        try {
            String type = ContentTypes.of(entry.id(), content.contentType());
            Extracted text = parts.extractor().extract(content.bytes(), type);
            List<Passage> passages = Passages.of(text.text(), text.pages());
            String title = text.title().isBlank() ? entry.title() : text.title();
            List<float[]> vectors =
                    parts.embedder()
                            .passages(
                                    passages.stream().map(each -> each.inContext(title)).toList());
            parts.documents()
                    .put(lease, reading(entry, content, entry.stamp(), text, passages, vectors));
            return true;
        } catch (ExtractionFailed e) {
            String stamp = e.isLasting() ? entry.stamp() : "";
            parts.documents()
                    .put(lease, reading(entry, content, stamp, null, List.of()).failed(e.words()));
            return false;
        }
    }

    private Reading reading(
            Entry entry,
            Content content,
            String stamp,
            @Nullable Extracted text,
            List<Passage> passages) {
        return reading(entry, content, stamp, text, passages, List.of());
    }

    private Reading reading(
            Entry entry,
            Content content,
            String stamp,
            @Nullable Extracted text,
            List<Passage> passages,
            List<float[]> vectors) {
        boolean cut = text != null && (text.cut() || passages.size() == Passages.PASSAGES_MAX);
        return new Reading(
                entry.id(),
                stamp,
                content.revision(),
                text == null || text.title().isBlank() ? entry.title() : text.title(),
                entry.uri(),
                ContentTypes.of(entry.id(), content.contentType()),
                label(),
                entry.access(),
                content.bytes().length,
                text == null ? "" : text.text(),
                passages,
                vectors,
                cut ? "It is too long: only its beginning is searched." : null);
    }
}
