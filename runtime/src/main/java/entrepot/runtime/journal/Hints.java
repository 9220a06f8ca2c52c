package entrepot.runtime.journal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Word within this process that something has changed. Only ever a hint: whoever listens also looks
 * for itself from time to time, and what happened is in the tables.
 */
public final class Hints {

    private final Map<SessionKey, Set<Runnable>> readers = new ConcurrentHashMap<>();
    private final List<Consumer<SessionKey>> postmen = new CopyOnWriteArrayList<>();

    /** A session's facts or pieces have grown. */
    public void grown(SessionKey key) {
        readers.getOrDefault(key, Set.of()).forEach(Runnable::run);
    }

    /** A letter has come for a session. */
    public void letter(SessionKey key) {
        postmen.forEach(postman -> postman.accept(key));
        grown(key);
    }

    /** Tells a reader of growth until it is closed. The reader must return at once. */
    public AutoCloseable onGrowth(SessionKey key, Runnable reader) {
        readers.compute(
                key,
                (same, old) -> {
                    Set<Runnable> all = old == null ? ConcurrentHashMap.newKeySet() : old;
                    all.add(reader);
                    return all;
                });
        return () ->
                readers.computeIfPresent(
                        key,
                        (same, all) -> {
                            all.remove(reader);
                            return all.isEmpty() ? null : all;
                        });
    }

    /** Tells of each letter. */
    public void onLetter(Consumer<SessionKey> postman) {
        postmen.add(postman);
    }
}
