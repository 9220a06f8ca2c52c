package entrepot.runtime.responses;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/**
 * A response as it is kept.
 *
 * @param status what it was last known to be
 * @param previous the response that it continues
 * @param conversation the conversation whose items stood before its own, and that takes them
 * @param request what was asked for, without its input
 * @param body the response object as its caller may see it
 * @param epoch rises with each end and each change of hands
 * @param held whether somebody works on it, or did until their node died
 */
public record StoredResponse(
        ResponseKey key,
        Status status,
        boolean background,
        @Nullable String previous,
        @Nullable String conversation,
        Origin origin,
        String request,
        String body,
        long createdMillis,
        long epoch,
        boolean held) {

    /** Whose call it was. */
    public record Origin(String team, String principal, String keyId) {}

    /** How far it has come. */
    public enum Status {
        QUEUED,
        IN_PROGRESS,
        COMPLETED,
        FAILED,
        INCOMPLETE,
        CANCELLED;

        /** Such as {@code in_progress}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public boolean ended() {
            return this != QUEUED && this != IN_PROGRESS;
        }

        /**
         * @throws IllegalArgumentException when there is no such status
         */
        public static Status of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
