package entrepot.knowledge.sources;

import org.jspecify.annotations.Nullable;

/**
 * A source or one of its documents could not be read. The message is for people: what was tried,
 * what went wrong, what would fix it; never a secret.
 */
public final class SourceFailed extends Exception {

    private static final long serialVersionUID = 1L;

    public SourceFailed(String message) {
        this(message, null);
    }

    public SourceFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The message, which is never null. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
