package entrepot.knowledge.sync;

import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.testing.CountingIds;
import entrepot.knowledge.extraction.ExtractionLimits;
import entrepot.knowledge.extraction.Extractor;
import entrepot.knowledge.index.DocumentTable;
import entrepot.knowledge.index.Hit;
import entrepot.knowledge.index.KnowledgeIndex;
import entrepot.knowledge.index.KnowledgeSearch;
import entrepot.knowledge.index.Question;
import entrepot.knowledge.index.Reader;
import entrepot.knowledge.index.SourceKey;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.sources.Access;
import entrepot.knowledge.sources.Connectors;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.knowledge.testing.WordCountEmbedder;
import entrepot.store.Database;
import entrepot.testkit.SettableClock;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** One node: sources, their passes, an index and a search, on a database that others may share. */
final class Library implements AutoCloseable {

    static final SettableClock CLOCK = SettableClock.at("2026-04-12T09:00:00Z");

    /** Files and repositories are read without it. */
    private static final HttpClient NO_CALLS =
            new HttpClient() {
                @Override
                public Incoming send(Outgoing call) {
                    throw new AssertionError("nothing is called here");
                }

                @Override
                public void close() {}
            };

    /** A lease that ends at once, and a beat that comes too late to renew it. */
    static final SyncSettings FORGETFUL = new SyncSettings(2, 1, 10, 1, 3_600_000, 10);

    static final SyncSettings STEADY = new SyncSettings(2, 2, 10, 30_000, 1_000, 10);

    final SourceTable table;
    final DocumentTable documents;
    final KnowledgeIndex index;
    final KnowledgeSearch search;
    final Syncs syncs;
    private final Extractor extractor =
            new Extractor(new ExtractionLimits(64, 60_000, 200_000, 50, 1));
    private final List<SourceSettings> sources;

    Library(Database database, Path folder, String node, SourceSettings... sources) {
        this(database, folder, node, STEADY, connectors(folder), sources);
    }

    Library(
            Database database,
            Path folder,
            String node,
            SyncSettings settings,
            Syncs.Opener opener,
            SourceSettings... sources) {
        this.sources = List.of(sources);
        table = new SourceTable(database);
        documents = new DocumentTable(database, CLOCK);
        index = new KnowledgeIndex(table, documents, folder.resolve("index-" + node));
        var embedder = new WordCountEmbedder();
        search = new KnowledgeSearch(documents, index, embedder);
        syncs =
                new Syncs(
                        new Syncs.Parts(
                                this.sources,
                                opener,
                                table,
                                documents,
                                index,
                                extractor,
                                embedder,
                                node,
                                CLOCK,
                                new CountingIds()),
                        settings);
        syncs.register();
    }

    static Syncs.Opener connectors(Path folder) {
        return new Connectors(folder.resolve("mirrors"), NO_CALLS, NO_CALLS, CLOCK)::open;
    }

    static SourceSettings folder(String tenant, String id, Path path, Access access) {
        return new SourceSettings(
                id,
                tenant,
                "internal",
                access,
                Duration.ofMinutes(5),
                new SourceSettings.Folder(path, List.of()));
    }

    static Path write(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.resolveSibling(""));
        return Files.writeString(file, text);
    }

    /** Reads all sources now. Returns how far the first came. */
    SyncProgress sync() {
        for (SourceSettings source : sources) {
            syncs.pass(source);
        }
        SourceSettings first = sources.getFirst();
        return progress(first.tenant(), first.id());
    }

    SyncProgress progress(String tenant, String id) {
        return SyncProgress.of(table.get(new SourceKey(tenant, id)).orElseThrow().progress());
    }

    List<Hit> find(Reader reader, String words) throws InterruptedException {
        Set<String> ids = Set.copyOf(sources.stream().map(SourceSettings::id).distinct().toList());
        index.follow(1_000);
        return search.search(reader, new Question(words, ids, Set.of(), 10)).hits();
    }

    List<String> found(Reader reader, String words) throws InterruptedException {
        return find(reader, words).stream().map(hit -> hit.document().id()).distinct().toList();
    }

    @Override
    public void close() {
        syncs.close();
        index.close();
        extractor.close();
    }
}
