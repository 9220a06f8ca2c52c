package entrepot.knowledge.sync;

import entrepot.identity.Ids;
import entrepot.knowledge.embedding.Embedder;
import entrepot.knowledge.extraction.Extractor;
import entrepot.knowledge.index.DocumentTable;
import entrepot.knowledge.index.Fenced;
import entrepot.knowledge.index.KnowledgeIndex;
import entrepot.knowledge.index.Passages;
import entrepot.knowledge.index.SourceKey;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.sources.Connector;
import entrepot.knowledge.sources.Hashes;
import entrepot.knowledge.sources.SourceFailed;
import entrepot.knowledge.sources.SourceSettings;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads this node's sources when they are due, and keeps its search index up with the tables.
 * Several nodes may be set up with the same sources: each source is read by one of them at a time,
 * and by another when that one stops.
 */
public final class Syncs implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Syncs.class);
    private static final int FOLLOWED_DOCUMENTS_MAX = 500;
    private static final int DOUBLINGS_MAX = 6;
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(10);

    private final Parts parts;
    private final SyncSettings settings;
    private final Map<SourceKey, Thread> running = new ConcurrentHashMap<>();
    private final Map<SourceKey, Integer> failures = new ConcurrentHashMap<>();
    private @Nullable Thread looking;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** How a source's connector is opened. */
    @FunctionalInterface
    public interface Opener {
        Connector open(SourceSettings settings) throws SourceFailed;
    }

    /**
     * What it works with.
     *
     * @param node names this node among others
     * @param extractor is closed by whoever made it
     */
    public record Parts(
            List<SourceSettings> sources,
            Opener opener,
            SourceTable table,
            DocumentTable documents,
            KnowledgeIndex index,
            Extractor extractor,
            Embedder embedder,
            String node,
            InstantSource clock,
            Ids ids) {
        public Parts {
            sources = List.copyOf(sources);
        }
    }

    public Syncs(Parts parts, SyncSettings settings) {
        this.parts = parts;
        this.settings = settings;
    }

    /** Makes the sources known and begins to read them. */
    public synchronized void start() {
        register();
        looking = Thread.ofVirtual().name("sync").start(this::look);
    }

    void register() {
        for (SourceSettings source : parts.sources()) {
            parts.table()
                    .register(
                            key(source),
                            source.place().kind(),
                            Hashes.sha256(
                                    Passages.VERSION
                                            + "\n"
                                            + source.place().kind()
                                            + "\n"
                                            + source.place().identity()),
                            parts.ids().next("inc_"));
        }
    }

    private static SourceKey key(SourceSettings source) {
        return new SourceKey(source.tenant(), source.id());
    }

    private void look() {
        boolean failing = false;
        try {
            do {
                try {
                    lookOnce();
                    failing = false;
                } catch (RuntimeException e) {
                    if (!failing) {
                        LOG.warn("sources cannot be read for now: {}", e.getMessage());
                    }
                    failing = true;
                }
            } while (!closing.await(settings.lookMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("sources are not looked at any more");
        }
    }

    private void lookOnce() throws InterruptedException {
        Set<SourceKey> due = parts.table().due(parts.node());
        parts.sources().stream().filter(source -> due.contains(key(source))).forEach(this::begin);
        parts.index().follow(FOLLOWED_DOCUMENTS_MAX);
        if (running.isEmpty()) {
            parts.extractor().rest();
        }
    }

    private void begin(SourceSettings source) {
        SourceKey key = key(source);
        if (running.size() >= settings.sourcesMax() || running.containsKey(key)) {
            return;
        }
        Optional<SourceTable.Lease> lease = take(source);
        lease.ifPresent(taken -> {
            Thread pass =
                    Thread.ofVirtual()
                            .name("sync-" + source.id())
                            .unstarted(() -> pass(source, taken));
            running.put(key, pass);
            pass.start();
        });
    }

    /** One pass, now and in this thread. Returns whether no other node is reading the source. */
    boolean pass(SourceSettings source) {
        parts.table().wake(key(source));
        Optional<SourceTable.Lease> lease = take(source);
        lease.ifPresent(taken -> pass(source, taken));
        return lease.isPresent();
    }

    private Optional<SourceTable.Lease> take(SourceSettings source) {
        return parts.table()
                .take(
                        key(source),
                        parts.node(),
                        settings.leaseMillis(),
                        new Tally(parts.clock().millis()).now().written());
    }

    private void pass(SourceSettings source, SourceTable.Lease lease) {
        var tally = new Tally(parts.clock().millis());
        try {
            String listed = read(source, lease, tally);
            failures.remove(lease.key());
            String progress = tally.done(parts.clock().millis()).written();
            parts.table().done(lease, listed, source.every().toMillis(), progress);
        } catch (SourceFailed e) {
            LOG.warn("source {} cannot be read: {}", source.id(), e.words());
            fail(source, lease, tally, e.words());
        } catch (Fenced | InterruptedException e) {
            giveUp(source, lease, tally);
        } catch (RuntimeException e) {
            LOG.warn("the pass over {} broke", source.id(), e);
            fail(source, lease, tally, "The pass broke; the server's log says why.");
        } finally {
            running.remove(lease.key());
        }
    }

    private String read(SourceSettings source, SourceTable.Lease lease, Tally tally)
            throws SourceFailed, InterruptedException {
        // An access list or label of the settings concerns documents that have not changed.
        String given = Hashes.sha256(source.access().stored() + "\n" + source.label()) + ":";
        String before =
                parts.table()
                        .get(lease.key())
                        .map(SourceTable.Row::listed)
                        .filter(listed -> listed.startsWith(given))
                        .map(listed -> listed.substring(given.length()))
                        .orElse(null);
        var passParts =
                new Pass.Parts(
                        parts.documents(),
                        parts.extractor(),
                        parts.embedder(),
                        settings.documentsMax());
        try (var _ = new Beat(lease, tally);
                Connector connector = parts.opener().open(source)) {
            return given + new Pass(passParts, source, lease, tally).run(connector, before);
        }
    }

    /**
     * Tells how far a pass is and keeps its lease, and ends the pass when that is lost. Its last
     * word comes before the pass's own: it has ended when it is closed.
     */
    private final class Beat implements AutoCloseable {

        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;

        private Beat(SourceTable.Lease lease, Tally tally) {
            Thread pass = Thread.currentThread();
            thread = Thread.ofVirtual().name("sync-beat").start(() -> beat(lease, tally, pass));
        }

        private void beat(SourceTable.Lease lease, Tally tally, Thread pass) {
            try {
                do {
                    parts.table().renew(lease, settings.leaseMillis(), tally.now().written());
                } while (!over.await(settings.beatMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                LOG.debug("nobody interrupts this thread", e);
            } catch (RuntimeException e) {
                LOG.debug("the pass over {} cannot be kept", lease.key().id(), e);
                pass.interrupt();
            }
        }

        @Override
        public void close() {
            over.countDown();
            join(thread);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUp(SourceSettings source, SourceTable.Lease lease, Tally tally) {
        try {
            parts.table().done(lease, null, 0, tally.now().written());
        } catch (RuntimeException e) {
            LOG.debug("the pass over {} is another node's", source.id());
        }
    }

    private void fail(SourceSettings source, SourceTable.Lease lease, Tally tally, String why) {
        int count = failures.merge(lease.key(), 1, Integer::sum);
        long pause = settings.retryMillis() << Math.min(DOUBLINGS_MAX, count - 1);
        try {
            parts.table()
                    .done(
                            lease,
                            null,
                            Math.min(pause, source.every().toMillis()),
                            tally.failed(parts.clock().millis(), why).written());
        } catch (RuntimeException e) {
            LOG.debug("the failure of {} cannot be noted", source.id(), e);
        }
    }

    /** Lets go of what is being read: it is begun again where it was left, here or elsewhere. */
    @Override
    public void close() {
        closing.countDown();
        Thread looker;
        synchronized (this) {
            looker = looking;
        }
        if (looker != null) {
            join(looker);
        }
        List<Thread> passes = List.copyOf(running.values());
        passes.forEach(Thread::interrupt);
        try {
            for (Thread pass : passes) {
                if (!pass.join(CLOSE_WAIT_MAX)) {
                    LOG.warn("{} does not let go; what it finds is not stored", pass.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
