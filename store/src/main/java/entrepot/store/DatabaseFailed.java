package entrepot.store;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** The database did not do what it was asked. The message names the database, never a value. */
public final class DatabaseFailed extends RuntimeException {

    private final Kind kind;

    public DatabaseFailed(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    public Kind kind() {
        return kind;
    }

    /** What a caller can do about it. */
    public enum Kind {
        /** A row with this key is there already. Nothing was changed. */
        DUPLICATE,
        /** The rows would break another rule of the tables. Nothing was changed. */
        CONSTRAINT,
        /** Others kept changing the same rows. Nothing was changed; it may be tried again. */
        CONFLICT,
        /** Not reachable, full, busy or closed. Nothing was changed; it may be tried again. */
        UNAVAILABLE,
        /** The answer to a commit was lost: look whether the change is there. */
        UNKNOWN_OUTCOME,
        /** The statement, the tables or the file are wrong: trying again will not help. */
        BROKEN
    }
}
