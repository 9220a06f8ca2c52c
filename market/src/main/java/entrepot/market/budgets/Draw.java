package entrepot.market.budgets;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** A claim that this node's shares do not suffice for, waiting for the clerk. */
final class Draw {

    final TenantAccounts tenant;
    final List<Need> needs;
    final Instant at;

    /** One for each need, once the clerk has taken it up. */
    List<Account> accounts = List.of();

    /** Until when others may give back what would do; 0 before they were asked. The clerk's. */
    long recallNanos;

    private final Thread caller = Thread.currentThread();
    private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();

    Draw(TenantAccounts tenant, List<Need> needs, Instant at) {
        this.tenant = tenant;
        this.needs = needs;
        this.at = at;
    }

    /** What became of it. */
    sealed interface Outcome {
        record Granted(List<Hold.Part> parts) implements Outcome {}

        record Refused(Refusal refusal) implements Outcome {}

        /** This node's shares were lost meanwhile. */
        record Again() implements Outcome {}

        /** The database did not answer. */
        record Unanswered() implements Outcome {}
    }

    /** Tells the caller. Returns false when it no longer waits. */
    boolean end(Outcome with) {
        boolean told = outcome.compareAndSet(null, with);
        LockSupport.unpark(caller);
        return told;
    }

    /** Whether the caller still waits. */
    boolean isWaiting() {
        return outcome.get() == null;
    }

    /** Waits; an interrupt is passed on afterwards. */
    Outcome await(long millisMax) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        boolean interrupted = false;
        Outcome told = outcome.get();
        while (told == null) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                end(new Outcome.Unanswered());
            } else {
                LockSupport.parkNanos(this, left);
                interrupted |= Thread.interrupted();
            }
            told = outcome.get();
        }
        if (interrupted) {
            caller.interrupt();
        }
        return told;
    }
}
