package entrepot.runtime.responses;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Word within this process that a response has grown. Only ever a hint: whoever listens also looks
 * for itself from time to time.
 */
final class Hints {

    private final Map<ResponseKey, Set<Runnable>> readers = new ConcurrentHashMap<>();

    void grown(ResponseKey key) {
        readers.getOrDefault(key, Set.of()).forEach(Runnable::run);
    }

    /** Returns what ends it. The reader must return at once. */
    Runnable onGrowth(ResponseKey key, Runnable reader) {
        readers.compute(
                key,
                (_, old) -> {
                    Set<Runnable> all = old == null ? ConcurrentHashMap.newKeySet() : old;
                    all.add(reader);
                    return all;
                });
        return () ->
                readers.computeIfPresent(
                        key,
                        (_, all) -> {
                            all.remove(reader);
                            return all.isEmpty() ? null : all;
                        });
    }
}
