package entrepot.identity.testing;

import entrepot.identity.Ids;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts each prefix from 1: {@code sess_000001}, {@code sess_000002}, {@code turn_000001}. */
public final class CountingIds implements Ids {

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    @Override
    public String next(String prefix) {
        int count = counts.merge(prefix, 1, Integer::sum);
        return prefix + String.format(Locale.ROOT, "%06d", count);
    }
}
