package entrepot.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.knowledge.sources.Access;
import entrepot.knowledge.testing.WordCountEmbedder;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;
import entrepot.testkit.SettableClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What an index finds that has not followed yet: the tables have the last word. */
class StaleIndexTest {

    private static final SourceKey SOURCE = new SourceKey("acme", "docs");
    private static final String TEXT = "The merger is planned for May.";
    private static final Reader BOB = Reader.of("acme", "support", "bob", List.of());
    private static final Question MERGER = new Question("merger", Set.of("docs"), Set.of(), 10);

    @TempDir Path folder = Path.of("");

    @Test
    void whatHasChangedSinceIsNotShown() throws Exception {
        var embedder = new WordCountEmbedder();
        try (Database database = TestDatabases.sqlite(folder)) {
            database.migrate(List.of(SourceTable.MIGRATIONS));
            var table = new SourceTable(database);
            var documents = new DocumentTable(database, SettableClock.at("2026-04-12T09:00:00Z"));
            table.register(SOURCE, "folder", "identity", "one");
            var lease = table.take(SOURCE, "node", 60_000, "{}").orElseThrow();
            documents.put(lease, reading(embedder.passages(List.of(TEXT))));
            try (var index = new KnowledgeIndex(table, documents, folder.resolve("index"))) {
                index.follow(10);
                float[] vector = embedder.query("merger");
                List<PassageKey> found = index.search(BOB, MERGER, vector);
                assertThat(documents.find(found))
                        .singleElement()
                        .satisfies(hit -> assertThat(BOB.mayRead(hit.document())).isTrue());

                documents.touch(lease, "plan.md", "s", "internal", Access.of(List.of("board")));
                assertThat(index.search(BOB, MERGER, vector)).as("it is behind").isEqualTo(found);
                assertThat(documents.find(found)).isEmpty();
                assertThat(BOB.mayRead(documents.get(SOURCE, "plan.md").orElseThrow())).isFalse();

                index.follow(10);
                assertThat(index.search(BOB, MERGER, vector)).isEmpty();
            }
        }
    }

    @Test
    void aReaderIsOfItsTenantAndWhatItIs() {
        StoredDocument document =
                new StoredDocument(
                        SOURCE,
                        "a",
                        "r",
                        "",
                        "",
                        "",
                        "",
                        Access.EVERYONE,
                        0,
                        0,
                        null,
                        SettableClock.at("2026-04-12T09:00:00Z").instant());
        assertThat(BOB.mayRead(document)).isTrue();
        assertThat(Reader.of("globex", "support", "bob", List.of()).mayRead(document)).isFalse();
        assertThat(Access.of(List.of("support")).admits(BOB.holders())).isTrue();
        assertThat(Access.of(List.of("team:support")).admits(BOB.holders())).isTrue();
        assertThat(Access.of(List.of("principal:bob")).admits(BOB.holders())).isTrue();
        assertThat(Access.of(List.of("team:bob", "alice")).admits(BOB.holders())).isFalse();
        assertThat(Access.NOBODY.admits(BOB.holders())).isFalse();
    }

    private static Reading reading(List<float[]> vectors) {
        return new Reading(
                "plan.md",
                "s",
                "r",
                "plan.md",
                "",
                "text/markdown",
                "internal",
                Access.EVERYONE,
                TEXT.length(),
                TEXT,
                List.of(new Passage(0, 0, TEXT.length(), 1, null, "", TEXT)),
                vectors,
                null);
    }
}
