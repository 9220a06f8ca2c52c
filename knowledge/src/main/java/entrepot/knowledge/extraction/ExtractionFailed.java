package entrepot.knowledge.extraction;

import org.jspecify.annotations.Nullable;

/** A document that could not be turned into text, in words for people. */
public final class ExtractionFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    private ExtractionFailed(String message, boolean lasting, @Nullable Throwable cause) {
        super(message, cause);
        this.lasting = lasting;
    }

    /** The document is at fault: it fails until it changes. */
    static ExtractionFailed lasting(String message) {
        return new ExtractionFailed(message, true, null);
    }

    /** This node is at fault: it may be tried again. */
    static ExtractionFailed passing(String message, Throwable cause) {
        return new ExtractionFailed(message, false, cause);
    }

    /** Whether the same document would fail again. */
    public boolean isLasting() {
        return lasting;
    }

    /** The message, which is never null. */
    public String words() {
        return String.valueOf(getMessage());
    }
}
