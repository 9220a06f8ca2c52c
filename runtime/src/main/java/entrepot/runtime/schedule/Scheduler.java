package entrepot.runtime.schedule;

import entrepot.identity.Ids;
import entrepot.runtime.driver.Bell;
import entrepot.runtime.driver.Claim;
import entrepot.runtime.driver.Driver;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.SessionKey;
import entrepot.store.Database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This node's share of the work. One thread claims what is due, one proves that the node lives and
 * looks after what others left; each claimed session is driven on a virtual thread of its own. A
 * session that waits has no thread.
 */
public final class Scheduler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

    /** Time to load a session before the first write. */
    private static final long CLAIM_DUE_MILLIS = 60_000;

    private static final int CLAIMED_AT_ONCE = 64;

    private final Database database;
    private final Leases leases;
    private final Driver driver;
    private final InstantSource clock;
    private final ScheduleSettings settings;

    private final Map<SessionKey, Bell> bells = new ConcurrentHashMap<>();
    private final Semaphore seats;
    private final Semaphore hints = new Semaphore(0);
    private final AtomicBoolean open = new AtomicBoolean();
    private final Membership membership;
    private final Runnable housekeeping;
    private Thread claimer = Thread.ofVirtual().unstarted(() -> {});
    private Thread keeper = Thread.ofVirtual().unstarted(() -> {});

    /**
     * @param housekeeping done about once an hour, such as forgetting old idempotency keys
     */
    public Scheduler(
            Database database,
            Driver driver,
            Hints letters,
            Ids ids,
            InstantSource clock,
            ScheduleSettings settings,
            Runnable housekeeping) {
        this.database = database;
        this.leases = new Leases(database);
        this.driver = driver;
        this.clock = clock;
        this.settings = settings;
        this.housekeeping = housekeeping;
        this.seats = new Semaphore(settings.drivesMax());
        this.membership = new Membership(leases, ids, clock, settings);
        letters.onLetter(this::letterCame);
    }

    /** Joins, and begins to work. */
    public void start() {
        if (database.engine() == Database.Engine.SQLITE) {
            int freed = leases.startAlone();
            if (freed > 0) {
                LOG.info("taking up {} sessions that the last run left", freed);
            }
        }
        membership.join();
        open.set(true);
        claimer = Thread.ofVirtual().name("claimer").start(this::claimAll);
        keeper = Thread.ofVirtual().name("keeper").start(this::keep);
    }

    /**
     * A letter came: to whoever drives the session here, or to the claimer.
     *
     * @param here whether this node is to claim the session if it rests
     */
    private boolean letterCame(SessionKey key, boolean here) {
        Bell bell = bells.get(key);
        if (bell != null) {
            bell.letterCame();
            return true;
        }
        boolean canClaim = open.get() && seats.availablePermits() > 0;
        if (here && canClaim) {
            hints.release();
        }
        return canClaim;
    }

    private void claimAll() {
        long lookedMillis = clock.millis();
        boolean failed = false;
        while (open.get()) {
            try {
                if (failed || clock.millis() - lookedMillis >= settings.sweepMillis()) {
                    freeUndriven();
                    failed = false;
                    lookedMillis = clock.millis();
                }
                if (!claimSome()) {
                    if (hints.tryAcquire(settings.pollMillis(), TimeUnit.MILLISECONDS)) {
                        hints.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("cannot look for work; trying again", e);
                failed = true;
                pause(settings.beatMillis());
            }
        }
    }

    /**
     * Frees what this node holds and nobody here drives: a claim whose answer was lost, a session
     * that could not be given up. Only this thread claims, so nothing is on its way to a seat.
     */
    private void freeUndriven() {
        for (Claim claim : leases.held(membership.node())) {
            if (!bells.containsKey(claim.key()) && leases.free(claim)) {
                LOG.info("session {} was held here and not driven", claim.key().id());
            }
        }
    }

    /**
     * @return whether there may be more
     */
    private boolean claimSome() throws InterruptedException {
        seats.acquire();
        int seatsTaken = 1;
        while (seatsTaken < CLAIMED_AT_ONCE && seats.tryAcquire()) {
            seatsTaken++;
        }
        int claimed = 0;
        try {
            List<Claim> claims =
                    open.get()
                            ? leases.claim(membership.node(), seatsTaken, CLAIM_DUE_MILLIS)
                            : List.of();
            for (Claim claim : claims) {
                seat(claim);
                claimed++;
            }
            return claimed == seatsTaken;
        } finally {
            seats.release(seatsTaken - claimed);
        }
    }

    private void seat(Claim claim) {
        Bell bell = new Bell(claim.key());
        bells.put(claim.key(), bell);
        if (!open.get()) {
            bell.stop();
        }
        Thread.ofVirtual()
                .name("session")
                .start(() -> {
                    try {
                        driver.drive(claim, bell);
                    } finally {
                        bells.remove(claim.key(), bell);
                        seats.release();
                        if (bell.isLetterWaiting()) {
                            // It may have come between parking and leaving the seat.
                            hints.release();
                        }
                    }
                });
    }

    private void keep() {
        long sweptMillis = clock.millis();
        long keptMillis = clock.millis();
        while (open.get()) {
            try {
                membership.beat();
                if (membership.mayReap()) {
                    woken(leases.reap() + leases.watch());
                }
                for (SessionKey key : leases.unread(membership.node())) {
                    letterCame(key, true);
                }
                long now = clock.millis();
                if (now - sweptMillis >= settings.sweepMillis()) {
                    sweptMillis = now;
                    woken(leases.sweep());
                }
                if (now - keptMillis >= Duration.ofHours(1).toMillis()) {
                    keptMillis = now;
                    housekeeping.run();
                }
            } catch (RuntimeException e) {
                membership.missed();
                LOG.warn("cannot keep this node's membership; trying again", e);
            }
            if (!pause(settings.beatMillis())) {
                return;
            }
        }
    }

    private void woken(int count) {
        if (count > 0) {
            LOG.info("{} sessions had lost their owner and go on", count);
            hints.release();
        }
    }

    private static boolean pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Sessions that are driven here now. */
    public int driving() {
        return bells.size();
    }

    /**
     * Stops: claims nothing more, lets each session finish its step and be released, and leaves.
     *
     * @param waitMillisMax for steps to finish; whatever has not by then is taken up by another
     *     node, or by this one's next start
     */
    public void stop(long waitMillisMax) throws InterruptedException {
        if (!open.getAndSet(false)) {
            return;
        }
        claimer.interrupt();
        claimer.join();
        bells.values().forEach(Bell::stop);
        boolean settled =
                seats.tryAcquire(settings.drivesMax(), waitMillisMax, TimeUnit.MILLISECONDS);
        keeper.interrupt();
        keeper.join();
        if (settled) {
            leases.leave(membership.node());
        }
    }

    @Override
    public void close() {
        try {
            stop(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
