package entrepot.knowledge;

import entrepot.identity.Ids;
import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.extraction.ExtractionLimits;
import entrepot.knowledge.extraction.Extractor;
import entrepot.knowledge.index.DocumentTable;
import entrepot.knowledge.index.KnowledgeIndex;
import entrepot.knowledge.index.KnowledgeSearch;
import entrepot.knowledge.index.SourceKey;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.index.StoredDocument;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.knowledge.sync.SyncProgress;
import entrepot.knowledge.sync.SyncSettings;
import entrepot.knowledge.sync.Syncs;
import entrepot.store.Database;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One node's company data, put together: its sources, their passes, the index and the search. */
public final class Knowledge implements AutoCloseable {

    private final List<SourceSettings> sources;
    private final SourceTable table;
    private final DocumentTable documents;
    private final KnowledgeIndex index;
    private final KnowledgeSearch search;
    private final Extractor extractor;
    private final Syncs syncs;

    /**
     * What it is made with.
     *
     * @param database migrated with {@link SourceTable#MIGRATIONS}
     * @param folder for this node's index, which can be made again
     * @param node names this node among others
     */
    public record Parts(
            Database database,
            List<SourceSettings> sources,
            Syncs.Opener opener,
            Embedder embedder,
            Path folder,
            String node,
            InstantSource clock,
            Ids ids) {
        public Parts {
            sources = List.copyOf(sources);
        }
    }

    /**
     * A source as it is set up and as it stands.
     *
     * @param passes how many were begun
     * @param syncedAt when it was last read to the end; null for never
     */
    public record Standing(
            SourceSettings settings,
            long passes,
            SyncProgress progress,
            DocumentTable.Totals totals,
            @Nullable Instant syncedAt,
            @Nullable String owner) {}

    private Knowledge(Parts parts, SyncSettings settings, ExtractionLimits limits) {
        sources = parts.sources();
        table = new SourceTable(parts.database());
        documents = new DocumentTable(parts.database(), parts.clock());
        index = new KnowledgeIndex(table, documents, parts.folder());
        search = new KnowledgeSearch(documents, index, parts.embedder());
        extractor = new Extractor(limits);
        syncs =
                new Syncs(
                        new Syncs.Parts(
                                sources,
                                parts.opener(),
                                table,
                                documents,
                                index,
                                extractor,
                                parts.embedder(),
                                parts.node(),
                                parts.clock(),
                                parts.ids()),
                        settings);
    }

    /** Puts it together. It reads nothing until {@link #start}. */
    public static Knowledge open(Parts parts) {
        return new Knowledge(parts, SyncSettings.DEFAULT, ExtractionLimits.DEFAULT);
    }

    /** Begins to read the sources when they are due. */
    public void start() {
        syncs.start();
    }

    public KnowledgeSearch search() {
        return search;
    }

    /** The ids of a tenant's sources. */
    public Set<String> sourceIds(String tenant) {
        var ids = new TreeSet<String>();
        for (SourceSettings source : sources) {
            if (source.tenant().equals(tenant)) {
                ids.add(source.id());
            }
        }
        return Collections.unmodifiableSet(ids);
    }

    /** A tenant's sources, by id. */
    public List<Standing> sources(String tenant) {
        var all = new ArrayList<Standing>();
        for (String id : sourceIds(tenant)) {
            source(tenant, id).ifPresent(all::add);
        }
        return all;
    }

    public Optional<Standing> source(String tenant, String id) {
        return sources.stream()
                .filter(each -> each.tenant().equals(tenant) && each.id().equals(id))
                .findFirst()
                .map(this::standing);
    }

    private Standing standing(SourceSettings settings) {
        SourceKey key = new SourceKey(settings.tenant(), settings.id());
        Optional<SourceTable.Row> row = table.get(key);
        return new Standing(
                settings,
                row.map(SourceTable.Row::epoch).orElse(0L),
                row.map(each -> SyncProgress.of(each.progress())).orElse(SyncProgress.none()),
                documents.totals(key),
                row.map(SourceTable.Row::syncedAt).orElse(null),
                row.map(SourceTable.Row::owner).orElse(null));
    }

    /** Has a source read soon. Returns whether there is such one. */
    public boolean sync(String tenant, String id) {
        return sourceIds(tenant).contains(id) && table.wake(new SourceKey(tenant, id));
    }

    /** A source's documents by id, whoever may read them: for its operator. */
    public Page<StoredDocument> documents(
            String tenant, String id, @Nullable String after, int countMax) {
        return documents.list(new SourceKey(tenant, id), after, countMax);
    }

    @Override
    public void close() {
        syncs.close();
        index.close();
        extractor.close();
    }
}
