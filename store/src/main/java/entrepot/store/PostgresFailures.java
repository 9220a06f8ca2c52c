package entrepot.store;

import entrepot.store.DatabaseFailed.Kind;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;

/**
 * Says what PostgreSQL's SQLSTATEs mean for this server, and what would fix it.
 *
 * @param shown the server's address, without its password
 */
record PostgresFailures(String shown) {

    /** Serialisation failure, deadlock: PostgreSQL asks the client to try again. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /** The server is shutting down, has crashed, or ended this connection. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05");

    static boolean conflict(SQLException e) {
        return CONFLICTS.contains(state(e));
    }

    static boolean connectionLost(SQLException e) {
        return !(e instanceof SQLTransientConnectionException)
                && (state(e).startsWith("08") || ENDED.contains(state(e)));
    }

    DatabaseFailed explain(SQLException e) {
        String state = state(e);
        if (e instanceof SQLTransientConnectionException) {
            return failed(
                    Kind.UNAVAILABLE,
                    "no connection became free in time: is the server up, and are its connections"
                            + " enough for the load?",
                    e);
        }
        return switch (state) {
            case "23505" -> failed(Kind.DUPLICATE, message(e), e);
            case "40001", "40P01" -> failed(Kind.CONFLICT, "others kept changing the same rows", e);
            case "53100" ->
                    failed(Kind.UNAVAILABLE, "its disk is full: free space on the volume", e);
            case "53300" ->
                    failed(Kind.UNAVAILABLE, "it has no connection left: raise max_connections", e);
            case "25006" ->
                    failed(Kind.UNAVAILABLE, "it is read-only: give the address of the primary", e);
            default -> {
                if (state.startsWith("23")) {
                    yield failed(Kind.CONSTRAINT, message(e), e);
                }
                yield failed(connectionLost(e) ? Kind.UNAVAILABLE : Kind.BROKEN, message(e), e);
            }
        };
    }

    DatabaseFailed unknownOutcome(SQLException e) {
        return failed(Kind.UNKNOWN_OUTCOME, "the connection was lost before the answer came", e);
    }

    DatabaseFailed notReached(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return failed(
                Kind.UNAVAILABLE,
                "cannot connect: "
                        + String.valueOf(cause.getMessage()).strip()
                        + " Check the address, user, password and that the server is up",
                e);
    }

    DatabaseFailed unavailable(String why) {
        return failed(Kind.UNAVAILABLE, why, null);
    }

    private DatabaseFailed failed(Kind kind, String why, @Nullable Exception e) {
        return new DatabaseFailed(kind, "Database " + shown + ": " + why + ".", e);
    }

    /** Only the first line: the second, DETAIL, has the row's values. */
    private static String message(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }
}
