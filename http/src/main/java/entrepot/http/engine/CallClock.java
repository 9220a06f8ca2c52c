package entrepot.http.engine;

import entrepot.http.CallFailed.Reason;
import entrepot.http.Clocks;

import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The clocks of one call: one phase's limit at a time, beside the limit of the whole. A chunk only
 * moves a deadline; the one timer looks, when it fires, whether the deadline has moved away. Lives
 * on the call's loop.
 */
final class CallClock {

    private static final long NEVER = Long.MAX_VALUE;

    private final Loop loop;
    private final Clocks clocks;
    private final Consumer<Reason> ring;
    private final long started = System.nanoTime();
    private Reason phase = Reason.CONNECT_TIMEOUT;
    private long phaseEnd = NEVER;
    private long armed = NEVER;
    private @Nullable ScheduledFuture<?> timer;
    private boolean stopped;

    CallClock(Loop loop, Clocks clocks, Consumer<Reason> ring) {
        this.loop = loop;
        this.clocks = clocks;
        this.ring = ring;
    }

    void connecting() {
        enter(Reason.CONNECT_TIMEOUT, now() + clocks.connect().toNanos());
    }

    /** While the request goes out only the whole has a limit. */
    void sending() {
        phaseEnd = NEVER;
    }

    void waiting() {
        enter(Reason.FIRST_BYTE_TIMEOUT, now() + clocks.firstByte().toNanos());
    }

    void receiving() {
        enter(Reason.IDLE_TIMEOUT, now() + clocks.idle().toNanos());
    }

    void touch() {
        phaseEnd = now() + clocks.idle().toNanos();
        if (phaseEnd < armed) {
            arm();
        }
    }

    /** We do not read, so that the peer cannot be blamed. */
    void pause() {
        phaseEnd = NEVER;
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel(false);
        }
    }

    private void enter(Reason reason, long end) {
        phase = reason;
        phaseEnd = end;
        arm();
    }

    private void arm() {
        long next = Math.min(phaseEnd, clocks.total().toNanos());
        if (stopped || next >= armed) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        armed = next;
        timer = loop.netty().schedule(this::fire, next - now(), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        if (stopped) {
            return;
        }
        timer = null;
        armed = NEVER;
        long now = now();
        if (now >= clocks.total().toNanos()) {
            ring.accept(Reason.TOTAL_TIMEOUT);
        } else if (now >= phaseEnd) {
            ring.accept(phase);
        } else {
            arm();
        }
    }

    private long now() {
        return System.nanoTime() - started;
    }

    /** For a message. */
    static Duration of(Clocks clocks, Reason reason) {
        return switch (reason) {
            case CONNECT_TIMEOUT -> clocks.connect();
            case FIRST_BYTE_TIMEOUT -> clocks.firstByte();
            case IDLE_TIMEOUT -> clocks.idle();
            case TOTAL_TIMEOUT -> clocks.total();
            case NOT_CONNECTED, BROKEN, TOO_LARGE, MALFORMED ->
                    throw new IllegalArgumentException(reason + " is no clock");
        };
    }
}
