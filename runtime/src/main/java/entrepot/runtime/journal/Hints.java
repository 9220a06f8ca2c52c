package entrepot.runtime.journal;

import entrepot.store.Database;
import entrepot.store.notices.Notices;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Word that something has changed, within this process and to the other processes on the same
 * database. Only ever a hint: whoever listens also looks for itself from time to time, and what
 * happened is in the tables.
 */
public final class Hints implements AutoCloseable {

    private static final String CHANNEL = "entrepot_sessions";

    /** Between tenant and session; in neither. */
    private static final char BETWEEN = '\t';

    private final Map<SessionKey, Set<Runnable>> readers = new ConcurrentHashMap<>();
    private final List<Postman> postmen = new CopyOnWriteArrayList<>();
    private final List<Consumer<SessionKey>> watchers = new CopyOnWriteArrayList<>();
    private final Notices others;

    /** Hints of this process alone. */
    public Hints() {
        this.others = Notices.NONE;
    }

    private Hints(Database database) {
        this.others = database.notices(CHANNEL, this::heard);
    }

    /** Hints shared with all processes on a database. Close them. */
    public static Hints shared(Database database) {
        return new Hints(database);
    }

    /** What is told of a session. */
    private enum Kind {
        /** Its facts or pieces have grown. */
        GROWN('g'),
        /** A letter has come for it; where it was posted somebody looks after it if it rests. */
        LETTER('l'),
        /** A letter has come, and where it was posted nobody can look after it. */
        WORK('w');

        private final char mark;

        Kind(char mark) {
            this.mark = mark;
        }
    }

    /** Somebody who drives sessions. */
    public interface Postman {

        /**
         * A letter has come. Must return at once.
         *
         * @param here whether it was posted in this process, or nobody there can look after it
         * @return whether the session will be looked after here
         */
        boolean letter(SessionKey key, boolean here);
    }

    /** A session's facts or pieces have grown. */
    public void grown(SessionKey key) {
        watchers.forEach(watcher -> watcher.accept(key));
        tell(Kind.GROWN, key);
        ring(key);
    }

    /** Tells of each session that this process lets grow. The watcher must return at once. */
    public void onGrowth(Consumer<SessionKey> watcher) {
        watchers.add(watcher);
    }

    /** A letter has come for a session. */
    public void letter(SessionKey key) {
        boolean lookedAfter = false;
        for (Postman postman : postmen) {
            lookedAfter |= postman.letter(key, true);
        }
        tell(lookedAfter ? Kind.LETTER : Kind.WORK, key);
        ring(key);
    }

    private void ring(SessionKey key) {
        readers.getOrDefault(key, Set.of()).forEach(Runnable::run);
    }

    private void tell(Kind kind, SessionKey key) {
        String word = kind.mark + key.tenant() + BETWEEN + key.id();
        // A name that cannot be told is found by looking.
        if (word.length() <= Notices.WORD_BYTES_MAX / 4 && word.indexOf('\n') < 0) {
            others.tell(word);
        }
    }

    private void heard(String word) {
        if (word.equals(Notices.ANYTHING)) {
            readers.keySet().forEach(this::ring);
            return;
        }
        int between = word.indexOf(BETWEEN);
        if (between < 1) {
            return;
        }
        SessionKey key = new SessionKey(word.substring(1, between), word.substring(between + 1));
        char mark = word.charAt(0);
        if (mark != Kind.GROWN.mark) {
            postmen.forEach(postman -> postman.letter(key, mark == Kind.WORK.mark));
        }
        ring(key);
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
    public void onLetter(Postman postman) {
        postmen.add(postman);
    }

    /** Neither tells nor hears of other processes any more. */
    @Override
    public void close() {
        others.close();
    }
}
