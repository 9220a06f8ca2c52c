package entrepot.knowledge.extraction;

import entrepot.knowledge.extraction.child.Child;
import entrepot.knowledge.extraction.child.Frames;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One child process: this JVM's own program and class path with a small heap, no environment and
 * nothing but its standard input and output. No name or option of a caller is on its command line.
 */
final class ChildProcess implements AutoCloseable {

    /** UTF-8 takes at most three bytes for each of Java's characters. */
    private static final int BYTES_PER_CHAR_MAX = 3;

    /** What a JVM that was told to exits with when its memory is full. */
    private static final int OUT_OF_MEMORY = 3;

    private static final long EXIT_MILLIS_MAX = 5_000;

    private final ExtractionLimits limits;
    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private int documents;
    private volatile boolean ended;

    ChildProcess(ExtractionLimits limits) throws IOException {
        this.limits = limits;
        var builder =
                new ProcessBuilder(command(limits)).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        process = builder.start();
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    private static List<String> command(ExtractionLimits limits) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + limits.heapMegabytes() + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Dpdfbox.fontcache=" + System.getProperty("java.io.tmpdir"),
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName());
    }

    boolean isSpent() {
        return ended || documents >= limits.documentsMax() || !process.isAlive();
    }

    /** For tests: what another program would have to end. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    /**
     * Parses a document. After anything but an answer the process is ended: nobody knows what it
     * would say next.
     */
    Frames.Answer parse(Frames.Request request) throws ExtractionFailed, InterruptedException {
        documents++;
        var talk =
                new FutureTask<>(() -> {
                    Frames.write(out, request);
                    return Frames.readAnswer(in, limits.charsMax() * BYTES_PER_CHAR_MAX);
                });
        Thread.ofVirtual().name("extraction").start(talk);
        boolean answered = false;
        try {
            Frames.Answer answer = talk.get(limits.millisMax(), TimeUnit.MILLISECONDS);
            answered = true;
            return answer;
        } catch (TimeoutException e) {
            throw ExtractionFailed.lasting(
                    "It could not be read within " + limits.millisMax() / 1000 + " s.");
        } catch (ExecutionException e) {
            throw fallen(e);
        } finally {
            if (!answered) {
                close();
            }
        }
    }

    private ExtractionFailed fallen(ExecutionException e) throws InterruptedException {
        boolean ended = process.waitFor(EXIT_MILLIS_MAX, TimeUnit.MILLISECONDS);
        return ended && process.exitValue() == OUT_OF_MEMORY
                ? ExtractionFailed.lasting(
                        "Reading it takes more than " + limits.heapMegabytes() + " MB of memory.")
                : ExtractionFailed.passing("The process that read it ended; it is tried again.", e);
    }

    @Override
    public void close() {
        ended = true; // the system takes a moment to notice
        process.destroyForcibly();
    }
}
