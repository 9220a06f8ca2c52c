package entrepot.market.routing;

import java.util.concurrent.atomic.AtomicInteger;

/** The calls under way at one supplier. */
final class Lane {

    private final AtomicInteger calls = new AtomicInteger();

    boolean tryEnter(int callsMax) {
        if (calls.incrementAndGet() <= callsMax) {
            return true;
        }
        calls.decrementAndGet();
        return false;
    }

    void leave() {
        calls.decrementAndGet();
    }

    int calls() {
        return calls.get();
    }
}
