package entrepot.market.budgets;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Until when this node may decide by its shares. Both clocks must agree: the machine's own stands
 * still while a virtual machine is frozen, and the wall's may be set back.
 */
final class Tenure {

    private final InstantSource clock;
    private final long millis;

    private volatile End end = new End(0, 0);

    Tenure(InstantSource clock, long tenureMillis) {
        this.clock = clock;
        this.millis = tenureMillis;
    }

    private record End(long wallMillis, long nanos) {}

    /**
     * When a tenure that is asked for now will end for this node: a tenth before it ends for the
     * others.
     */
    private End ahead() {
        long own = millis - millis / 10;
        return new End(
                clock.millis() + own, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(own));
    }

    /** Asks for more, by running what renews it in the database. */
    <T> T renewed(java.util.function.Supplier<T> renewal) {
        End next = ahead();
        T result = renewal.get();
        end = next;
        return result;
    }

    boolean stands() {
        End now = end;
        return System.nanoTime() - now.nanos < 0 && clock.millis() < now.wallMillis;
    }

    /** Whether less than half is left. */
    boolean wanes() {
        long half = millis / 2;
        End now = end;
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(half) - now.nanos >= 0
                || clock.millis() + half >= now.wallMillis;
    }

    long millis() {
        return millis;
    }
}
