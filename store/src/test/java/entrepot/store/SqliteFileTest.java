package entrepot.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.store.DatabaseFailed.Kind;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What only a file has: an owner, a disk, a crash. */
final class SqliteFileTest {

    private static final int PROMISES = 1_500;

    @TempDir Path folder = Path.of("");

    @Test
    void a_killed_process_has_kept_every_promise_and_no_half() throws Exception {
        Set<Long> promised = new HashSet<>();
        try (OtherProcess writer = OtherProcess.start(file(), "write");
                BufferedReader said = writer.said()) {
            assertThat(said.readLine()).isEqualTo("open");
            while (promised.size() < PROMISES) {
                promised.add(Long.valueOf(said.readLine()));
            }
            writer.kill();
            assertThat(writer.temporaryFolder()).isEmptyDirectory();
            said.lines().filter(line -> !line.isBlank()).map(Long::valueOf).forEach(promised::add);
        }
        try (Database database = open()) {
            List<Long> kept =
                    database.read(sql -> sql.query("select n from log", row -> row.number("n")));
            assertThat(new HashSet<>(kept)).containsAll(promised);
            assertThat(amounts(database)).containsExactly((long) kept.size());
        }
    }

    @Test
    void a_second_process_is_refused_and_told_who_has_the_file() throws Exception {
        try (OtherProcess owner = OtherProcess.start(file(), "hold");
                BufferedReader said = owner.said()) {
            assertThat(said.readLine()).isEqualTo("open");
            refused(this::open)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("process " + owner.pid() + " has it open");
            owner.kill();
            open().close();
        }
    }

    @Test
    void a_refused_second_opening_does_not_give_the_lock_away() throws Exception {
        try (Database database = open()) {
            refused(this::open).hasMessageContaining("this process has it open already");
            try (OtherProcess other = OtherProcess.start(file(), "hold");
                    BufferedReader said = other.said()) {
                assertThat(said.readLine())
                        .contains("process " + ProcessHandle.current().pid() + " has it open");
            }
            assertThat(database.engine()).isEqualTo(Database.Engine.SQLITE);
        }
        open().close();
    }

    @Test
    void two_names_of_one_file_meet_at_one_lock() throws Exception {
        open().close();
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), file());
        try (Database database = open()) {
            assertThat(database.engine()).isEqualTo(Database.Engine.SQLITE);
            refused(() -> Databases.open(DatabaseSettings.file(link)))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void a_file_of_another_kind_is_left_alone() throws Exception {
        String diary = "Dear diary, today I am not a database.";
        Files.writeString(file(), diary);
        refused(this::open)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("not an SQLite database");
        assertThat(file()).hasContent(diary);
    }

    @Test
    void damaged_pages_are_found_when_the_file_is_opened() throws Exception {
        fill();
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
            for (long at = 3 * 8192; at < bytes.length(); at += 8192) {
                bytes.seek(at);
                bytes.write("damage".repeat(50).getBytes(StandardCharsets.UTF_8));
            }
        }
        refused(this::open)
                .hasMessageContaining(file().toString())
                .hasMessageContaining("damaged")
                .hasMessageContaining("restore");
    }

    @Test
    void a_file_cut_short_is_found_when_it_is_opened() throws Exception {
        fill();
        try (RandomAccessFile bytes = new RandomAccessFile(file().toFile(), "rw")) {
            bytes.setLength(bytes.length() / 2);
        }
        refused(this::open).hasMessageContaining("damaged").hasMessageContaining("restore");
    }

    @Test
    void a_place_that_cannot_be_written_is_named() throws Exception {
        Files.writeString(folder.resolve("plain"), "");
        Path under = folder.resolve("plain").resolve("x.db");
        refused(() -> Databases.open(DatabaseSettings.file(under)))
                .hasMessageContaining(under.toString())
                .hasMessageContaining("may write");
        refused(() -> Databases.open(DatabaseSettings.file(folder)))
                .hasMessageContaining("is a folder");
    }

    @Test
    void a_read_only_folder_is_named() {
        Path readOnly = Path.of("/proc/entrepot-test.db");
        Assumptions.assumeTrue(
                Files.isDirectory(Path.of("/proc")), "Skipped: no /proc to write in vain to");
        refused(() -> Databases.open(DatabaseSettings.file(readOnly)))
                .hasMessageContaining(readOnly.toString())
                .hasMessageContaining("must be able to write to this folder");
    }

    @Test
    void a_full_disk_refuses_writes_by_name_and_recovers_when_there_is_room() {
        try (Database database = open()) {
            database.migrate(List.of(DatabaseContract.STOCK));
            pages(database, 30);
            List<String> written = new ArrayList<>();
            assertThatThrownBy(() -> addPictures(database, written))
                    .isInstanceOfSatisfying(
                            DatabaseFailed.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("disk is full");
            assertThat(names(database)).containsExactlyElementsOf(written).isNotEmpty();
            pages(database, 100_000);
            addPicture(database, "z");
            assertThat(names(database)).hasSize(written.size() + 1);
        }
    }

    @Test
    void the_file_is_set_up_to_survive_a_loss_of_power() {
        try (Database database = open()) {
            assertThat(pragma(database, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(database, "synchronous")).isEqualTo("2");
            assertThat(pragma(database, "page_size")).isEqualTo("8192");
            assertThat(pragma(database, "foreign_keys")).isEqualTo("1");
        }
    }

    @Test
    void closing_leaves_one_file_and_its_lock() throws Exception {
        fill();
        try (var files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("test.db", "test.db.lock");
        }
    }

    private Path file() {
        return folder.resolve("test.db");
    }

    private Database open() {
        return Databases.open(DatabaseSettings.file(file()));
    }

    private void fill() {
        try (Database database = open()) {
            database.migrate(List.of(DatabaseContract.STOCK));
            for (int i = 0; i < 40; i++) {
                addPicture(database, "p" + i);
            }
        }
    }

    private static void addPictures(Database database, List<String> written) {
        for (int i = 100; i < 1_000; i++) {
            addPicture(database, "p" + i);
            written.add("p" + i);
        }
    }

    private static void addPicture(Database database, String name) {
        String insert = "insert into goods (name, amount, picture) values (?, 1, ?)";
        database.write(sql -> sql.update(insert, name, new byte[6_000]));
    }

    private static List<String> names(Database database) {
        return database.read(
                sql -> sql.query("select name from goods order by name", row -> row.text("name")));
    }

    private static List<Long> amounts(Database database) {
        return database.read(
                sql -> sql.query("select amount from goods", row -> row.number("amount")));
    }

    private static void pages(Database database, int countMax) {
        database.write(sql ->
                sql.query(
                        "pragma max_page_count = " + countMax,
                        row -> row.number("max_page_count")));
    }

    private static String pragma(Database database, String name) {
        return database.write(sql -> sql.query("pragma " + name, row -> row.text(name))).getFirst();
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            ThrowingCallable opening) {
        return assertThatThrownBy(opening).isInstanceOf(DatabaseFailed.class);
    }
}
