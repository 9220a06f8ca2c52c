package entrepot.store;

import entrepot.store.notices.Notices;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where everything durable lives. All calls block; call them from a virtual thread. An interrupt
 * does not cut them short: what was begun is finished, and the thread is interrupted afterwards.
 *
 * <p>What goes wrong in the database is thrown as {@link DatabaseFailed}; what a work throws
 * reaches the caller unchanged. A work uses the {@link Sql} it is given, never the database again.
 */
public interface Database extends AutoCloseable {

    Engine engine();

    /**
     * Runs work that changes nothing, on a connection of its own. Keep it short: on SQLite a long
     * read keeps the write-ahead log from being folded back.
     */
    <T> T read(Work<T> work);

    /**
     * Runs work as one transaction; it is durable when this returns. SQLite commits the work of
     * many callers together; if one caller's work throws, only that work is undone. Work may run
     * again after a serialisation failure, so it must change nothing but the database.
     */
    <T> T write(Work<T> work);

    /**
     * Runs work that is exactly one statement; durable when this returns. The same as {@link
     * #write}, but one round trip where the engine allows it. A second statement is refused.
     */
    <T> T once(Work<T> work);

    /**
     * Brings the tables of every feature up to date, in the order given. A location is a folder on
     * the class path with scripts named {@code V1__what_it_does.sql} for both engines, and {@code
     * sqlite/} and {@code postgres/} where they differ. Both engines know the types {@code bigint},
     * {@code text} and {@code bytea}. Each script runs once, in a transaction of its own; nodes
     * that start together wait for each other.
     *
     * @throws DatabaseFailed when a script was changed after it ran, or the tables are newer than
     *     this program
     */
    void migrate(List<Migrations> features);

    /**
     * Joins the processes on this database that speak on a channel.
     *
     * @param channel a lower-case word, such as {@code entrepot_sessions}
     * @param heard is called for each word of another process, and with {@link Notices#ANYTHING}
     *     when words may have been missed; must return at once
     */
    default Notices notices(String channel, Consumer<String> heard) {
        return Notices.NONE;
    }

    @Override
    void close();

    /** Something to do with the database. */
    @FunctionalInterface
    interface Work<T> {
        T run(Sql sql) throws java.sql.SQLException;
    }

    /**
     * The scripts of one feature.
     *
     * @param feature a short name, such as {@code keys}; its scripts are counted by themselves
     * @param location class-path folder, such as {@code entrepot/identity/migrations}
     */
    record Migrations(String feature, String location) {}

    /** What differs between the two engines. */
    enum Engine {
        SQLITE("cast(unixepoch('subsec') * 1000 as integer)", ""),
        POSTGRES(
                "(extract(epoch from clock_timestamp()) * 1000)::bigint",
                " for update skip locked");

        private final String nowMillis;
        private final String skipLocked;

        Engine(String nowMillis, String skipLocked) {
            this.nowMillis = nowMillis;
            this.skipLocked = skipLocked;
        }

        /** SQL for the database's own clock, in milliseconds since 1970. */
        public String nowMillis() {
            return nowMillis;
        }

        /** SQL that lets claimers pass each other by; empty where there is one writer. */
        public String skipLocked() {
            return skipLocked;
        }
    }
}
