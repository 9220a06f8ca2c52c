package entrepot.runtime.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * How a {@link Worker} is started. Thousands of starts are worth an ahead-of-time cache of classes
 * (JEP 514), which wants jars: the folders of the class path are packed.
 */
final class Program {

    private static final int TRAINING_SECONDS_MAX = 120;

    private static final String LOGGING = "logging.properties";

    private final Path folder;
    private final String classPath;
    private final List<String> flags = new ArrayList<>();

    private Program(Path folder, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
        flags.addAll(
                List.of(
                        "-Xmx160m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Djava.util.logging.config.file=" + folder.resolve(LOGGING),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
    }

    static Program pack(Path folder) throws IOException {
        Path jars = Files.createDirectories(folder.resolve("jars"));
        List<String> parts = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(part);
            if (Files.isDirectory(path)) {
                Path jar = jars.resolve(parts.size() + ".jar");
                zip(path, jar);
                parts.add(jar.toString());
            } else if (Files.exists(path)) {
                parts.add(part);
            }
        }
        Files.writeString(
                folder.resolve(LOGGING),
                "handlers = java.util.logging.ConsoleHandler\n.level = WARNING\n");
        return new Program(folder, String.join(File.pathSeparator, parts));
    }

    private static void zip(Path from, Path jar) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            Files.walkFileTree(
                    from,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes it) throws IOException {
                            if (!folder.equals(from)) {
                                zip.putNextEntry(
                                        new ZipEntry(from.relativize(folder).toString() + "/"));
                                zip.closeEntry();
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes it)
                                throws IOException {
                            zip.putNextEntry(
                                    new ZipEntry(
                                            from.relativize(file).toString().replace('\\', '/')));
                            Files.copy(file, zip);
                            zip.closeEntry();
                            return FileVisitResult.CONTINUE;
                        }
                    });
        }
    }

    /** Lets one process run through its orders, and keeps what it has loaded for those to come. */
    void train(Worker.Orders orders) throws IOException, InterruptedException {
        Path cache = folder.resolve("classes.aot");
        Process process = start(orders, List.of("-XX:AOTCacheOutput=" + cache));
        process.getInputStream().readAllBytes();
        if (!process.waitFor(TRAINING_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("the first run failed; its log:\n" + log(orders));
        }
        if (Files.exists(cache)) {
            flags.add("-XX:AOTCache=" + cache);
        }
    }

    Process start(Worker.Orders orders) {
        return start(orders, List.of());
    }

    private Process start(Worker.Orders orders, List<String> more) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(more);
        command.addAll(List.of("-cp", classPath, Worker.class.getName()));
        command.addAll(orders.written());
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(logFile(orders).toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile(Worker.Orders orders) {
        return folder.resolve(orders.node() + ".log");
    }

    /** The end of what a worker has logged. */
    String log(Worker.Orders orders) throws IOException {
        Path file = logFile(orders);
        if (!Files.exists(file)) {
            return "(none)";
        }
        List<String> lines = Files.readAllLines(file);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }
}
