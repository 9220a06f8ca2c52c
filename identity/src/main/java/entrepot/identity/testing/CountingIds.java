package entrepot.identity.testing;

import entrepot.identity.Ids;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that count up, and so sort by time of making. */
public final class CountingIds implements Ids {

    private final AtomicLong last = new AtomicLong();
    private final String node;

    public CountingIds() {
        this("");
    }

    /**
     * @param node keeps the ids of several makers apart
     */
    public CountingIds(String node) {
        this.node = node;
    }

    @Override
    public String next(String prefix) {
        return prefix + String.format(Locale.ROOT, "%08d%s", last.incrementAndGet(), node);
    }
}
