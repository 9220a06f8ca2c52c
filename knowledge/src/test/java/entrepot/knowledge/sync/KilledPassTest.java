package entrepot.knowledge.sync;

import static org.assertj.core.api.Assertions.assertThat;

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
import entrepot.store.DatabaseSettings;
import entrepot.store.Databases;
import entrepot.store.testing.TestDatabases;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** A node that is killed in the middle of a pass, as a process, and what is left of its work. */
class KilledPassTest {

    private static final int NOTES = 40;
    private static final int KILLED_AFTER = 7;
    private static final SourceKey KEY = new SourceKey("acme", "notes");

    @TempDir Path folder = Path.of("");

    @Test
    void theNextPassGoesOnOnSqlite() throws Exception {
        killAndGoOn(folder.resolve("test.db").toString());
    }

    @Test
    void theNextPassGoesOnOnPostgres() throws Exception {
        killAndGoOn(TestDatabases.postgresSettings().url());
    }

    private void killAndGoOn(String url) throws Exception {
        for (int i = 0; i < NOTES; i++) {
            Library.write(folder.resolve("docs"), "note-" + i + ".md", "Turnip number " + i + ".");
        }
        try (Database database = Databases.open(DatabaseSettings.of(url))) {
            database.migrate(List.of(SourceTable.MIGRATIONS));
        }
        kill(url);
        var reads = new AtomicInteger();
        try (Database database = Databases.open(DatabaseSettings.of(url));
                Library library = library(database, folder, reads)) {
            var before = library.documents.totals(KEY);
            assertThat(before.documents()).isBetween(KILLED_AFTER - 2L, NOTES - 1L);
            assertThat(before.passages()).as("none is half there").isEqualTo(before.documents());
            assertThat(library.sync().state()).isEqualTo(SyncProgress.State.DONE);
            assertThat(reads).hasValue((int) (NOTES - before.documents()));
            assertThat(library.documents.totals(KEY))
                    .extracting(totals -> totals.documents(), totals -> totals.passages())
                    .containsExactly((long) NOTES, (long) NOTES);
            assertThat(library.found(SyncContract.BOB, "turnip number 39")).contains("note-39.md");
        }
    }

    private void kill(String url) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx200m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                KilledPassTest.class.getName(),
                                url,
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var told =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int reads = 0;
            while (reads < KILLED_AFTER) {
                assertThat(told.readLine()).as("the node reads").isNotNull();
                reads++;
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** The node that is killed: tells of each document that it begins to read. */
    public static void main(String... arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        try (Database database = Databases.open(DatabaseSettings.of(arguments[0]));
                Library library = library(database, folder, null)) {
            library.sync();
        }
    }

    private static Library library(Database database, Path folder, @Nullable AtomicInteger reads) {
        return new Library(
                database,
                folder,
                "one",
                Library.STEADY,
                settings -> counting(settings, folder, reads),
                Library.folder(KEY.tenant(), KEY.id(), folder.resolve("docs"), Access.EVERYONE));
    }

    private static Connector counting(
            SourceSettings settings, Path folder, @Nullable AtomicInteger reads)
            throws SourceFailed {
        Connector real = Library.connectors(folder).open(settings);
        return new Connector() {
            @Override
            public Listing list(@Nullable String cursor, IntConsumer found)
                    throws SourceFailed, InterruptedException {
                return real.list(cursor, found);
            }

            @Override
            public Content read(Entry entry) throws SourceFailed, InterruptedException {
                if (reads == null) {
                    System.out.println(entry.id());
                    Thread.sleep(30); // slow enough to be killed before it is done
                } else {
                    reads.incrementAndGet();
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
