package entrepot.market.policy;

import entrepot.market.yaml.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The policies in force, and the folder they come from: its {@code *.cedar} files and {@code
 * policies.yaml}, taken as one. A change replaces the snapshot whole; a bad file changes nothing
 * and is complained about until it is mended.
 */
public final class PolicyFolder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PolicyFolder.class);
    private static final String ENDING = ".cedar";
    private static final long FILE_BYTES_MAX = 1024 * 1024;
    private static final int FILES_MAX = 500;

    private final Path folder;
    private final PolicyReader reader;
    private final InstantSource clock;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile PolicySnapshot current;
    private volatile Instant since;
    private volatile List<Problem> problems = List.of();
    private SortedMap<String, String> textsRead;
    private boolean engineMissing;

    private PolicyFolder(Path folder, PolicyReader reader, InstantSource clock) {
        this.folder = folder;
        this.reader = reader;
        this.clock = clock;
        this.textsRead = texts();
        this.since = clock.instant();
        try {
            this.current = reader.read(textsRead);
        } catch (EngineMissing e) {
            String message = "there are policies in " + folder + ", and " + e.getMessage();
            throw new PoliciesInvalid(List.of(problem("", message)));
        }
    }

    /**
     * @param folder need not be there: then there are no policies, until it appears
     * @throws PoliciesInvalid when the policies cannot be used: at the start there are no older
     *     ones to keep
     */
    public static PolicyFolder open(Path folder, InstantSource clock) {
        return open(folder, clock, Cedar::load);
    }

    static PolicyFolder open(Path folder, InstantSource clock, Runnable library) {
        return new PolicyFolder(folder, new PolicyReader(library), clock);
    }

    /**
     * What is in force, and how it does.
     *
     * @param problems of the folder as it stands now; empty when it is what is in force
     * @param defaultDeny what no policy permitted
     */
    public record Status(
            Path folder,
            String version,
            Instant since,
            List<Problem> problems,
            List<Standing> policies,
            Counts defaultDeny) {

        public Status {
            problems = List.copyOf(problems);
            policies = List.copyOf(policies);
        }
    }

    /** One policy and how often it said no. */
    public record Standing(Policy policy, Counts counts) {}

    /**
     * Offers of orders, since the snapshot came into force.
     *
     * @param wouldRefuse that it would have refused, had it not been log-only
     */
    public record Counts(long refused, long wouldRefuse) {

        private static Counts of(Tally tally) {
            return new Counts(tally.refused().sum(), tally.wouldRefuse().sum());
        }
    }

    public Status status() {
        PolicySnapshot here = current;
        return new Status(
                folder,
                here.version(),
                since,
                problems,
                here.policies().stream()
                        .map(each -> new Standing(each, Counts.of(here.tally(each.id()))))
                        .toList(),
                Counts.of(here.defaultDeny()));
    }

    PolicySnapshot get() {
        return current;
    }

    /** Looks at the folder again. Returns whether there is a new snapshot. */
    public synchronized boolean refresh() {
        if (engineMissing) {
            return false; // everything is refused until the next start
        }
        try {
            SortedMap<String, String> texts = texts();
            if (texts.equals(textsRead) && problems.isEmpty()) {
                return false;
            }
            if (texts.isEmpty() && !textsRead.isEmpty()) {
                String gone = "the policies are gone: put them back, or restart to do without";
                throw new PoliciesInvalid(List.of(problem("", gone)));
            }
            boolean changed = !texts.equals(textsRead);
            if (changed) {
                take(reader.read(texts), texts);
            }
            if (!problems.isEmpty()) {
                log.info("{} is good again", folder);
                problems = List.of();
            }
            return changed;
        } catch (EngineMissing e) {
            String message = e.getMessage() + ", and start again";
            engineMissing = true;
            complain(List.of(problem("", message)));
            take(PolicySnapshot.closed("none", message), textsRead);
            return true;
        } catch (PoliciesInvalid e) {
            complain(e.problems());
            return false;
        }
    }

    private void take(PolicySnapshot read, SortedMap<String, String> texts) {
        textsRead = texts;
        current = read;
        since = clock.instant();
        log.info("{}: {} policies, version {}", folder, read.policies().size(), read.version());
    }

    /** Looks at the folder again and again until this is closed. */
    public PolicyFolder watch(Duration every) {
        Thread.ofVirtual()
                .name("policy-watch")
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

    private void complain(List<Problem> found) {
        if (!found.equals(problems)) {
            found.forEach(each -> log.error("{} (still at version {})", each, current.version()));
            problems = found;
        }
    }

    private SortedMap<String, String> texts() {
        var texts = new TreeMap<String, String>();
        if (!Files.isDirectory(folder)) {
            return texts;
        }
        var found = new ArrayList<Problem>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PolicyFolder::wanted)) {
            for (Path file : files) {
                if (texts.size() >= FILES_MAX) {
                    found.add(problem("", "there may be " + FILES_MAX + " files at most"));
                    break;
                }
                read(file, texts, found);
            }
        } catch (IOException e) {
            found.add(problem("", "cannot be read (" + e.getClass().getSimpleName() + ")"));
        }
        if (!found.isEmpty()) {
            throw new PoliciesInvalid(found);
        }
        return texts;
    }

    private void read(Path file, SortedMap<String, String> texts, List<Problem> found) {
        String name = String.valueOf(file.getFileName());
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                found.add(problem(name, "is over " + FILE_BYTES_MAX + " bytes: split it"));
            } else {
                texts.put(name, Files.readString(file));
            }
        } catch (NoSuchFileException e) {
            // Taken away while we looked: as if it had never been there.
        } catch (IOException e) {
            found.add(
                    problem(
                            name,
                            "cannot be read as UTF-8 text ("
                                    + e.getClass().getSimpleName()
                                    + "): look at its rights and its encoding"));
        }
    }

    private static boolean wanted(Path file) {
        String name = String.valueOf(file.getFileName());
        return (name.endsWith(ENDING) || name.equals(PolicyReader.SETTINGS))
                && !name.startsWith(".")
                && !Files.isDirectory(file);
    }

    private Problem problem(String name, String message) {
        return new Problem(name.isEmpty() ? folder + "" : name, 1, 1, "", message);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
