package entrepot.runtime.turn;

import org.jspecify.annotations.Nullable;

/**
 * A tool call of the model's last answer.
 *
 * @param itemId of its item on every surface
 * @param ours whether one of our tool servers runs it; if not, the caller's application does
 * @param held what was asked about it, when it needs approval
 */
public record Call(
        String callId,
        String itemId,
        String name,
        String arguments,
        boolean ours,
        Progress progress,
        @Nullable Held held) {

    /** How far it got. */
    public enum Progress {
        ASKED,
        /** Ours: somebody has to approve it. */
        HELD,
        /** Ours: somebody has. */
        APPROVED,
        /** Ours: the intent is recorded. */
        STARTED,
        /** The application's: its result is waited for. */
        AWAITED,
        DONE
    }

    /** A question for approval, as it was journalled. */
    public record Held(
            String approvalId,
            String server,
            String tool,
            String digest,
            String reason,
            long expiresMillis) {}

    /** Whether it waits for the answer to that question. */
    public boolean isHeldAs(String approvalId) {
        return progress == Progress.HELD && held != null && held.approvalId().equals(approvalId);
    }

    Call to(Progress next) {
        return new Call(callId, itemId, name, arguments, ours, next, held);
    }

    Call hold(Held question) {
        return new Call(callId, itemId, name, arguments, ours, Progress.HELD, question);
    }
}
