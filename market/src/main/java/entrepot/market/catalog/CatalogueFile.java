package entrepot.market.catalog;

import entrepot.market.yaml.Problem;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The catalogue in force, and the file it comes from. A changed file replaces the snapshot whole; a
 * bad one changes nothing and is complained about until it is mended; an unchanged one makes no new
 * snapshot, nor does one that reads the same.
 */
public final class CatalogueFile implements Supplier<Catalogue>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CatalogueFile.class);
    private static final long FILE_BYTES_MAX = 4L * 1024 * 1024;

    private final @Nullable Path file;
    private final CatalogueReader reader;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile Catalogue current;
    private volatile Status status;
    private String textRead;

    private CatalogueFile(@Nullable Path file, CatalogueReader reader, InstantSource clock) {
        this.file = file;
        this.reader = reader;
        this.clock = clock;
        this.textRead = file == null ? "" : text(file, "");
        this.current = reader.read(name(), textRead);
        this.status =
                new Status(
                        name(),
                        current.version(),
                        current.prices().version(),
                        clock.instant(),
                        List.of());
        current.warnings().forEach(warning -> log.warn("{}: {}", name(), warning));
    }

    /**
     * @param file null when there is only what runs in this process; a file that does not exist yet
     *     is taken up when it appears
     * @throws YamlInvalid when the file cannot be used: at the start there is no older one to keep
     */
    public static CatalogueFile open(
            @Nullable Path file, CatalogueReader reader, InstantSource clock) {
        return new CatalogueFile(file, reader, clock);
    }

    /** The snapshot in force. */
    @Override
    public Catalogue get() {
        return current;
    }

    public Status status() {
        return status;
    }

    /** Looks at the file again. Returns whether there is a new snapshot. */
    public synchronized boolean refresh() {
        if (file == null) {
            return false;
        }
        Catalogue read;
        try {
            String text = text(file, null);
            read = reader.read(name(), text);
            textRead = text;
        } catch (YamlInvalid e) {
            complain(e.problems());
            return renew();
        }
        if (!status.problems().isEmpty()) {
            log.info("{} is good again", name());
        }
        boolean changed = !read.equals(current);
        if (changed) {
            boolean renewed = read.version().equals(current.version());
            current = read;
            log.info(
                    renewed
                            ? "{}: a key has changed; still at version {}, prices {}"
                            : "{}: now at version {}, prices {}",
                    name(),
                    read.version(),
                    read.prices().version());
            read.warnings().forEach(warning -> log.warn("{}: {}", name(), warning));
        }
        if (changed || !status.problems().isEmpty()) {
            status =
                    new Status(
                            name(),
                            current.version(),
                            current.prices().version(),
                            clock.instant(),
                            List.of());
        }
        return changed;
    }

    /**
     * Takes up changed keys of the text in force: short-lived ones do not wait for a mended file.
     */
    private boolean renew() {
        Catalogue read;
        try {
            read = reader.read(name(), textRead);
        } catch (YamlInvalid stillBad) {
            // Such as a key's file that is being written: what is wrong has been said.
            return false;
        }
        boolean changed = !read.equals(current);
        if (changed) {
            current = read;
            log.info("{}: a key has changed", name());
        }
        return changed;
    }

    /** Looks at the file again and again until this is closed. */
    public CatalogueFile watch(Duration every) {
        Thread.ofVirtual()
                .name("catalogue-watch")
                .start(() -> {
                    try {
                        while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                            refresh();
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        return this;
    }

    private void complain(List<Problem> problems) {
        if (!problems.equals(status.problems())) {
            problems.forEach(
                    problem -> log.error("{} (still at version {})", problem, current.version()));
            status =
                    new Status(
                            name(),
                            current.version(),
                            current.prices().version(),
                            status.since(),
                            problems);
        }
    }

    private String name() {
        return file == null ? "built-in catalogue" : file.toString();
    }

    /**
     * @param whenAbsent what a missing file counts as; null when it must be there by now
     */
    private String text(Path path, @Nullable String whenAbsent) {
        try {
            if (Files.size(path) > FILE_BYTES_MAX) {
                throw unreadable("is over " + FILE_BYTES_MAX + " bytes: split or shorten it");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            if (whenAbsent != null) {
                return whenAbsent;
            }
            if (textRead.isEmpty()) {
                return "";
            }
            throw unreadable("is gone: put it back, or restart to do without");
        } catch (IOException e) {
            throw unreadable(
                    "cannot be read as UTF-8 text ("
                            + e.getClass().getSimpleName()
                            + "): look at its rights and its encoding");
        }
    }

    private YamlInvalid unreadable(String message) {
        return new YamlInvalid(List.of(new Problem(name(), 1, 1, "", message)));
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /**
     * For the health page.
     *
     * @param version in force
     * @param priceBook the version of the prices in force
     * @param since when it came into force
     * @param problems of the file as it stands now; empty when the file is what is in force
     */
    public record Status(
            String file, String version, String priceBook, Instant since, List<Problem> problems) {
        public Status {
            problems = List.copyOf(problems);
        }
    }
}
