package entrepot.knowledge.sync;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.knowledge.index.Hit;
import entrepot.knowledge.index.Reader;
import entrepot.knowledge.index.SourceKey;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.sources.Access;
import entrepot.knowledge.sources.Connector;
import entrepot.knowledge.sources.Content;
import entrepot.knowledge.sources.Entry;
import entrepot.knowledge.sources.Listing;
import entrepot.knowledge.sources.SourceFailed;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/** What reading sources and searching them promises, on both databases. */
abstract class SyncContract {

    static final Reader ALICE = Reader.of("acme", "sales", "alice", List.of("board"));
    static final Reader BOB = Reader.of("acme", "support", "bob", List.of());
    private static final Access EVERYONE = Access.EVERYONE;

    @TempDir Path folder = Path.of("");
    private @Nullable Database opened;

    abstract Database open();

    @BeforeEach
    void migrate() {
        opened = open();
        opened.migrate(List.of(SourceTable.MIGRATIONS));
    }

    @AfterEach
    void closeDatabase() {
        database().close();
    }

    private Database database() {
        Database database = opened;
        if (database == null) {
            throw new IllegalStateException("not opened");
        }
        return database;
    }

    private Path docs() {
        return folder.resolve("docs");
    }

    private Library library(SourceSettings... sources) {
        return new Library(database(), folder, "one", sources);
    }

    private SourceSettings handbook(Access access) {
        return Library.folder("acme", "handbook", docs(), access);
    }

    private void put(String name, String text) throws IOException {
        Library.write(docs(), name, text);
    }

    @Test
    void readsWhatIsNewAndForgetsWhatIsGone() throws Exception {
        put("leave.md", "# Leave\n\nEveryone has twenty-eight days of leave a year.\n");
        put("sub/travel.md", "# Travel\n\nTrains are booked in second class.\n");
        put("logo.png", "not read");
        try (Library library = library(handbook(EVERYONE))) {
            SyncProgress first = library.sync();
            assertThat(first.state()).isEqualTo(SyncProgress.State.DONE);
            assertThat(List.of(first.found(), first.toRead(), first.read(), first.skipped()))
                    .containsExactly(3, 2, 2, 1);
            assertThat(library.found(BOB, "days of leave")).first().isEqualTo("leave.md");

            put("leave.md", "# Leave\n\nEveryone has thirty days of holiday, no fewer.\n");
            Files.delete(docs().resolve("sub/travel.md"));
            SyncProgress second = library.sync();
            assertThat(List.of(second.toRead(), second.unchanged(), second.removed()))
                    .containsExactly(1, 0, 1);
            assertThat(library.find(BOB, "days of holiday").getFirst().passage().text())
                    .contains("thirty");
            assertThat(library.found(BOB, "second class trains")).doesNotContain("sub/travel.md");

            SyncProgress third = library.sync();
            assertThat(List.of(third.toRead(), third.unchanged())).containsExactly(0, 1);
        }
    }

    @Test
    void citationsStandVerbatimInTheRevision() throws Exception {
        String text =
                """
                # Über uns 🏢

                Wir öffnen um neun. 😀 Smiles are free of charge.

                ## Prices

                - A bolt is 1.10 euros.
                - A nut is 0.40 euros.
                """;
        put("about.md", text);
        try (Library library = library(handbook(EVERYONE))) {
            library.sync();
            Hit hit = library.find(BOB, "price of a bolt in euros").getFirst();
            assertThat(hit.passage().text()).contains("A bolt is 1.10 euros.");
            assertThat(hit.passage().heading()).isEqualTo("Prices");
            int[] characters = text.codePoints().toArray();
            int length = hit.passage().to() - hit.passage().from();
            assertThat(new String(characters, hit.passage().from(), length))
                    .isEqualTo(hit.passage().text());
            var document = library.search.text(BOB, "handbook", "about.md").orElseThrow();
            assertThat(document.body()).isEqualTo(text);
            assertThat(document.document().revision())
                    .isEqualTo(hit.document().revision())
                    .isEqualTo(entrepot.knowledge.sources.Hashes.sha256(text));
        }
    }

    @Test
    void whatSomebodyMayNotReadIsAsIfItWereNotThere() throws Exception {
        put("open.md", "The canteen serves salary sandwiches at noon.\n");
        put("board/.access.yaml", "access: [board]\nfiles:\n  \"memo*.md\": [principal:bob]\n");
        put("board/salaries.md", "# Salaries\n\nThe salary of the director is secret.\n");
        put("board/memo-1.md", "A memo about salary for Bob alone.\n");
        put("broken/.access.yaml", "access: [board\n");
        put("broken/plan.md", "The salary plan that nobody may read.\n");
        try (Library library = library(handbook(EVERYONE))) {
            SyncProgress progress = library.sync();
            assertThat(progress.warnings()).singleElement().asString().contains("broken/");
            assertThat(library.found(ALICE, "salary"))
                    .containsExactlyInAnyOrder("open.md", "board/salaries.md");
            assertThat(library.found(BOB, "salary"))
                    .containsExactlyInAnyOrder("open.md", "board/memo-1.md");
            assertThat(library.search.document(BOB, "handbook", "board/salaries.md")).isEmpty();
            assertThat(library.search.text(BOB, "handbook", "broken/plan.md")).isEmpty();

            put("board/.access.yaml", "access: [team:support]\n");
            SyncProgress again = library.sync();
            assertThat(again.toRead()).as("only access changed").isEqualTo(2);
            assertThat(library.found(ALICE, "salary")).containsExactly("open.md");
            assertThat(library.found(BOB, "salary"))
                    .contains("board/salaries.md", "board/memo-1.md");
        }
    }

    @Test
    void anIndexThatIsBehindShowsNothingThatIsNotAllowedAnyMore() throws Exception {
        put("plan.md", "The merger is planned for May.\n");
        try (Library reader = library(handbook(EVERYONE))) {
            reader.sync();
            assertThat(reader.found(BOB, "merger")).containsExactly("plan.md");
            // The index of this node does not follow while somebody else holds it.
            try (Library writer =
                    new Library(database(), folder, "two", handbook(Access.of(List.of("board"))))) {
                writer.sync();
                assertThat(writer.found(BOB, "merger")).isEmpty();
                assertThat(reader.found(BOB, "merger")).isEmpty();
                assertThat(reader.found(ALICE, "merger")).containsExactly("plan.md");
            }
        }
    }

    @Test
    void tenantsNeverMeet() throws Exception {
        put("plan.md", "The merger is planned for May.\n");
        Path others = folder.resolve("others");
        Library.write(others, "plan.md", "The merger of the others is planned for June.\n");
        Reader stranger = Reader.of("globex", "sales", "alice", List.of("board"));
        try (Library library =
                library(
                        handbook(EVERYONE),
                        Library.folder("globex", "handbook", others, EVERYONE))) {
            library.sync();
            assertThat(texts(library.find(BOB, "merger planned")))
                    .noneMatch(t -> t.contains("June"));
            assertThat(texts(library.find(stranger, "merger planned")))
                    .isNotEmpty()
                    .allMatch(text -> text.contains("June"));
            assertThat(library.search.text(stranger, "handbook", "plan.md").orElseThrow().body())
                    .contains("June");
            assertThat(library.find(Reader.of("nobody", "a", "b", List.of()), "merger")).isEmpty();
        }
    }

    private static List<String> texts(List<Hit> hits) {
        return hits.stream().map(hit -> hit.passage().text()).toList();
    }

    @Test
    void aMissingIndexIsMadeAgainFromTheTables() throws Exception {
        put("leave.md", "Everyone has twenty-eight days of leave a year.\n");
        try (Library library = library(handbook(EVERYONE))) {
            library.sync();
            assertThat(library.found(BOB, "leave")).containsExactly("leave.md");
        }
        try (Library library = library(handbook(EVERYONE))) {
            assertThat(library.found(BOB, "leave")).as("kept").containsExactly("leave.md");
        }
        try (Stream<Path> files = Files.walk(folder.resolve("index-one"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.writeString(file, "damaged");
            }
        }
        try (Library library = library(handbook(EVERYONE))) {
            assertThat(library.found(BOB, "leave")).as("rebuilt").containsExactly("leave.md");
        }
    }

    @Test
    void onePassGoesOnWhereAnotherNodeStopped() throws Exception {
        for (int i = 0; i < 6; i++) {
            put("note-" + i + ".md", "Note number " + i + " is about turnips.\n");
        }
        var stopsAfterThree = new Slow(3);
        var counted = new Slow(Integer.MAX_VALUE);
        try (Library stopped =
                        new Library(
                                database(),
                                folder,
                                "one",
                                Library.FORGETFUL,
                                settings -> stopsAfterThree.over(settings, folder),
                                handbook(EVERYONE));
                Library next =
                        new Library(
                                database(),
                                folder,
                                "two",
                                Library.STEADY,
                                settings -> counted.over(settings, folder),
                                handbook(EVERYONE))) {
            Thread first = Thread.ofVirtual().start(() -> stopped.sync());
            stopsAfterThree.reached.await();
            while (counted.reads.get() == 0) {
                next.sync();
            }
            assertThat(counted.reads).as("only what was left").hasValue(3);
            stopsAfterThree.goOn.countDown();
            first.join();
            assertThat(next.progress("acme", "handbook").state())
                    .as("the late one's word does not count")
                    .isEqualTo(SyncProgress.State.DONE);
            assertThat(next.documents.totals(new SourceKey("acme", "handbook")).documents())
                    .isEqualTo(6);
            assertThat(next.found(BOB, "turnips")).hasSize(6);
        }
    }

    @Test
    void oneBadDocumentIsItsOwnErrorAndIsTriedAgain() throws Exception {
        put("good.md", "Turnips are good.\n");
        put("bad.pdf", "this is no PDF");
        var broken = new Slow(Integer.MAX_VALUE);
        broken.refused = "good.md";
        try (Library library =
                new Library(
                        database(),
                        folder,
                        "one",
                        Library.STEADY,
                        settings -> broken.over(settings, folder),
                        handbook(EVERYONE))) {
            SyncProgress progress = library.sync();
            assertThat(progress.state()).isEqualTo(SyncProgress.State.DONE);
            assertThat(progress.failed()).isEqualTo(2);
            assertThat(errors(library)).containsOnlyKeys("bad.pdf", "good.md");
            assertThat(errors(library).get("good.md")).contains("refused by the test");

            broken.refused = "";
            SyncProgress again = library.sync();
            assertThat(again.toRead()).as("the damaged file has not changed").isEqualTo(1);
            assertThat(errors(library)).containsOnlyKeys("bad.pdf");
            assertThat(library.found(BOB, "turnips")).containsExactly("good.md");
        }
    }

    private static Map<String, String> errors(Library library) {
        var errors = new java.util.TreeMap<String, String>();
        library.documents
                .list(new SourceKey("acme", "handbook"), null, 100)
                .data()
                .forEach(document -> {
                    String error = document.error();
                    if (error != null) {
                        errors.put(document.id(), error);
                    }
                });
        return errors;
    }

    @Test
    void aSourceThatCannotBeReadKeepsWhatIsKnown() throws Exception {
        put("leave.md", "Everyone has twenty-eight days of leave a year.\n");
        try (Library library = library(handbook(EVERYONE))) {
            library.sync();
            Files.move(docs(), folder.resolve("elsewhere"));
            SyncProgress progress = library.sync();
            assertThat(progress.state()).isEqualTo(SyncProgress.State.FAILED);
            assertThat(progress.error()).contains("is not there");
            assertThat(library.found(BOB, "leave")).containsExactly("leave.md");
        }
    }

    @Test
    void aForgottenSourceLeavesNothing() throws Exception {
        put("leave.md", "Everyone has twenty-eight days of leave a year.\n");
        var key = new SourceKey("acme", "handbook");
        try (Library library = library(handbook(EVERYONE))) {
            library.sync();
            assertThat(library.table.forget(key)).isTrue();
            assertThat(library.found(BOB, "leave")).isEmpty();
            assertThat(library.table.get(key)).isEmpty();
            library.syncs.register();
            library.sync();
            assertThat(library.found(BOB, "leave")).containsExactly("leave.md");
        }
    }

    /** A folder whose reading stops, or is refused. */
    private static final class Slow {
        private final int readsMax;
        private final AtomicInteger reads = new AtomicInteger();
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch goOn = new CountDownLatch(1);
        private volatile String refused = "";

        private Slow(int readsMax) {
            this.readsMax = readsMax;
        }

        private Connector over(SourceSettings settings, Path folder) throws SourceFailed {
            Connector real = Library.connectors(folder).open(settings);
            return new Connector() {
                @Override
                public Listing list(@Nullable String cursor, IntConsumer found)
                        throws SourceFailed, InterruptedException {
                    return real.list(cursor, found);
                }

                @Override
                public Content read(Entry entry) throws SourceFailed, InterruptedException {
                    if (entry.id().equals(refused)) {
                        throw new SourceFailed("refused by the test");
                    }
                    if (reads.incrementAndGet() > readsMax) {
                        reached.countDown();
                        goOn.await();
                    }
                    return real.read(entry);
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        }
    }
}
