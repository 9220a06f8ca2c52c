package entrepot.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A second JVM on a file: what a test can kill. */
final class OtherProcess implements AutoCloseable {

    private static final int WRITERS = 16;

    private final Process process;
    private final Path temporaryFolder;

    private OtherProcess(Process process, Path temporaryFolder) {
        this.process = process;
        this.temporaryFolder = temporaryFolder;
    }

    /** Opens the file and says so, or says why not. With "write", says each row it was promised. */
    static OtherProcess start(Path file, String task) throws IOException {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Path temporary = Files.createTempDirectory(file.getParent(), "temporary");
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classes,
                        OtherProcess.class.getName(),
                        file.toString(),
                        task);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        return new OtherProcess(process, temporary);
    }

    BufferedReader said() {
        return process.inputReader();
    }

    Path temporaryFolder() {
        return temporaryFolder;
    }

    long pid() {
        return process.pid();
    }

    /** Kills it as {@code kill -9} does; what it said before can still be read. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    public static void main(String[] arguments) throws Exception {
        try {
            Database database = Databases.open(DatabaseSettings.file(Path.of(arguments[0])));
            database.migrate(List.of(DatabaseContract.STOCK));
            say("open");
            if (arguments[1].equals("write")) {
                write(database);
            } else {
                Thread.currentThread().join();
            }
        } catch (DatabaseFailed e) {
            say(String.valueOf(e.getMessage()));
        }
    }

    private static void write(Database database) {
        AtomicLong numbers = new AtomicLong();
        database.once(sql -> sql.update("insert into goods (name, amount) values ('sum', 0)"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                var _ = threads.submit(() -> writeOn(database, numbers, number));
            }
        }
    }

    private static void writeOn(Database database, AtomicLong numbers, int writer) {
        while (true) {
            long n = numbers.incrementAndGet();
            database.write(sql -> {
                sql.update("insert into log values (?, ?, 1)", n, writer);
                return sql.update("update goods set amount = amount + 1");
            });
            say(Long.toString(n));
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
    }
}
