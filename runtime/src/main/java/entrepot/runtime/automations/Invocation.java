package entrepot.runtime.automations;

import org.jspecify.annotations.Nullable;

/**
 * One delivery of an automation, tried or not.
 *
 * @param snapshot the automation as the occurrence found it; null when somebody asked for it
 * @param scheduledMillis when it fell due; null when somebody asked for it
 * @param sessionId where it was delivered to; null before
 * @param error why it will never be delivered; null otherwise
 */
public record Invocation(
        String id,
        String automationId,
        Status status,
        @Nullable Automation snapshot,
        @Nullable Long scheduledMillis,
        @Nullable String sessionId,
        @Nullable Failure error,
        long createdMillis) {

    /** Completed says that it was delivered, and nothing of the work that follows. */
    public enum Status {
        QUEUED,
        COMPLETED,
        FAILED,
        /** An earlier delivery was still waiting. */
        SKIPPED
    }

    public record Failure(String code, String message) {}
}
