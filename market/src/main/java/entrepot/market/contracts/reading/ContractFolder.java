package entrepot.market.contracts.reading;

import entrepot.market.contracts.ContractBook;
import entrepot.market.yaml.Problem;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The contracts in force, and the folder they come from. A change is taken over whole; a bad one
 * changes nothing and is complained about until it is mended.
 */
public final class ContractFolder implements Supplier<ContractBook>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ContractFolder.class);

    private final @Nullable Path folder;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile ContractBook current;
    private volatile Status status;

    /** What the last look of the watch found. */
    private String seen = "";

    private ContractFolder(@Nullable Path folder, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        this.current = folder == null || !Files.exists(folder) ? ContractBook.EMPTY : read(folder);
        this.status = new Status(name(), current.version(), clock.instant(), List.of());
    }

    /**
     * @param folder null when there are no contracts; one that does not exist yet is taken up when
     *     it appears
     * @throws YamlInvalid when the contracts cannot be used: at the start there are no older ones
     */
    public static ContractFolder open(@Nullable Path folder, InstantSource clock) {
        return new ContractFolder(folder, clock);
    }

    /** The snapshot in force. Who begins a call keeps the one it began with. */
    @Override
    public ContractBook get() {
        return current;
    }

    public Status status() {
        return status;
    }

    /** Looks at the folder again. Returns whether there is a new snapshot. */
    public synchronized boolean refresh() {
        return folder != null && take(look(folder));
    }

    /**
     * The same, but a change counts only when two looks in a row find it: a file that is being
     * written may be good contracts already, with clauses missing at its end.
     */
    synchronized boolean refreshSettled() {
        if (folder == null) {
            return false;
        }
        Look look = look(folder);
        boolean settled = look.version().equals(seen);
        seen = look.version();
        return settled && take(look);
    }

    /** What a look finds: a book, or what is wrong; and what tells it from other looks. */
    private record Look(@Nullable ContractBook book, List<Problem> problems, String version) {}

    private Look look(Path from) {
        try {
            boolean awaited = current == ContractBook.EMPTY && !Files.exists(from);
            ContractBook book = awaited ? ContractBook.EMPTY : read(from);
            return new Look(book, List.of(), book.version());
        } catch (YamlInvalid e) {
            return new Look(null, e.problems(), e.problems().toString());
        }
    }

    private boolean take(Look look) {
        ContractBook read = look.book();
        if (read == null) {
            complain(look.problems());
            return false;
        }
        if (!status.problems().isEmpty()) {
            log.info("{} is good again", name());
        }
        boolean changed = !read.version().equals(current.version());
        if (changed) {
            current = read;
            log.info("{}: now at version {}", name(), read.version());
        }
        if (changed || !status.problems().isEmpty()) {
            status = new Status(name(), current.version(), clock.instant(), List.of());
        }
        return changed;
    }

    /**
     * Looks at the folder again and again, and takes up what has come to rest, until this is
     * closed.
     */
    public ContractFolder watch(Duration every) {
        Thread.ofVirtual()
                .name("contracts-watch")
                .start(() -> {
                    try {
                        while (!closed.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
                            refreshSettled();
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
            status = new Status(name(), current.version(), status.since(), problems);
        }
    }

    /** Cited by the folder's own name: callers see it, and need not know where it lies. */
    private static ContractBook read(Path folder) {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return ContractsReader.folder(folder, name == null ? "contracts" : name.toString());
    }

    private String name() {
        return folder == null ? "no contracts" : folder.toString();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /**
     * For the health page.
     *
     * @param version in force
     * @param since when it came into force
     * @param problems of the folder as it stands now; empty when it is what is in force
     */
    public record Status(String folder, String version, Instant since, List<Problem> problems) {
        public Status {
            problems = List.copyOf(problems);
        }
    }
}
