package entrepot.http.engine;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;

/**
 * Where the thread of one exchange is carried: on its loop, until something is to be done there
 * that would hold the loop up.
 */
final class Seat implements Executor {

    /** The seat of the exchange in whose thread this is asked. */
    static final ScopedValue<Seat> CURRENT = ScopedValue.newInstance();

    private final Loop loop;
    private final @Nullable Carrier carrier;
    private volatile boolean onLoop;

    /**
     * @param mayBlock whether the thread may block its carrier from its beginning on
     */
    Seat(Loop loop, boolean mayBlock) {
        this.loop = loop;
        this.carrier = mayBlock ? null : loop.carrier();
        this.onLoop = carrier != null;
    }

    Loop loop() {
        return loop;
    }

    Thread unstarted(Runnable task) {
        return carrier == null ? Thread.ofVirtual().unstarted(task) : Carrier.unstarted(this, task);
    }

    /** Before work that holds up whatever thread it runs on, such as looking up a name. */
    static void leaveLoop() {
        if (CURRENT.isBound()) {
            CURRENT.get().leave();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // to be carried anew is all that yielding is for here
    private void leave() {
        if (onLoop) {
            onLoop = false;
            Thread.yield();
        }
    }

    @Override
    public void execute(Runnable continuation) {
        if (carrier == null) {
            throw new IllegalStateException("this thread is carried by the usual scheduler");
        }
        (onLoop ? carrier : carrier.others()).execute(continuation);
    }
}
