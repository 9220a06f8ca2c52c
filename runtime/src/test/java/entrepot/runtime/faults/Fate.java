package entrepot.runtime.faults;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what this process does, and ends it where its point says. */
final class Fate {

    /** As a shell tells of {@code kill -9}. */
    static final int KILLED = 137;

    private static final int UNDER_WAY_MICROS_MAX = 1_500;

    private final PrintStream told;
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger tools = new AtomicInteger();
    private volatile Point point = Point.calm(0);

    /**
     * @param told where whoever kills from outside listens
     */
    Fate(PrintStream told) {
        this.told = told;
    }

    /** Counts from now on. */
    void meet(Point next) {
        writes.set(0);
        tools.set(0);
        point = next;
    }

    int writes() {
        return writes.get();
    }

    int tools() {
        return tools.get();
    }

    /** A write of the journal begins. Returns where in it the process is to end. */
    Point.Kind write() {
        Point now = point;
        boolean due = writes.incrementAndGet() == now.number() && !now.kind().countsTools();
        return due ? now.kind() : Point.Kind.NONE;
    }

    Point.Kind tool() {
        Point now = point;
        boolean due = tools.incrementAndGet() == now.number() && now.kind().countsTools();
        return due ? now.kind() : Point.Kind.NONE;
    }

    /** Ends the process if this is where: nothing is flushed, no hook runs, nobody is told. */
    void at(Point.Kind here, Point.Kind due) {
        if (here != due) {
            return;
        }
        if (here.fromOutside()) {
            told.println(here);
        } else {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    /** Ends the process while the caller waits for a server. */
    void soon(Point.Kind due) {
        if (due == Point.Kind.WITHIN) {
            Thread.ofPlatform()
                    .daemon()
                    .start(() -> {
                        try {
                            TimeUnit.MICROSECONDS.sleep(System.nanoTime() % UNDER_WAY_MICROS_MAX);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        Runtime.getRuntime().halt(KILLED);
                    });
        }
    }
}
