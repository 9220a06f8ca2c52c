package entrepot.runtime.turn;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A tool call of the model's last answer.
 *
 * @param itemId of its item on every surface
 * @param ours whether one of our tool servers runs it; if not, the caller's application does
 * @param held what was asked about it, when it needs approval
 * @param awaits what it waits for, when it waits for subagents
 */
public record Call(
        String callId,
        String itemId,
        String name,
        String arguments,
        boolean ours,
        Progress progress,
        @Nullable Held held,
        @Nullable Wait awaits) {

    /** How far it got. */
    public enum Progress {
        ASKED,
        /** Ours: somebody has to approve it. */
        HELD,
        /** Ours: somebody has. */
        APPROVED,
        /** Ours: the intent is recorded. */
        STARTED,
        /** Ours: subagents are waited for. */
        WAITING,
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

    /**
     * What a wait for subagents waits for.
     *
     * @param any whether the first of them is enough
     * @param untilMillis when it is over in any case; null for never
     */
    public record Wait(List<String> subagentIds, boolean any, @Nullable Long untilMillis) {
        public Wait {
            subagentIds = List.copyOf(subagentIds);
        }
    }

    /** Whether it waits for the answer to that question. */
    public boolean isHeldAs(String approvalId) {
        return progress == Progress.HELD && held != null && held.approvalId().equals(approvalId);
    }

    Call to(Progress next) {
        return new Call(callId, itemId, name, arguments, ours, next, held, awaits);
    }

    Call hold(Held question) {
        return new Call(callId, itemId, name, arguments, ours, Progress.HELD, question, null);
    }

    Call await(Wait forWhat) {
        return new Call(callId, itemId, name, arguments, ours, Progress.WAITING, held, forWhat);
    }
}
