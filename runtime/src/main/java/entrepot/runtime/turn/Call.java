package entrepot.runtime.turn;

/**
 * A tool call of the model's last answer.
 *
 * @param itemId of its item on every surface
 * @param ours whether one of our tool servers runs it; if not, the caller's application does
 */
public record Call(
        String callId,
        String itemId,
        String name,
        String arguments,
        boolean ours,
        Progress progress) {

    /** How far it got. */
    public enum Progress {
        ASKED,
        /** Ours: the intent is recorded. */
        STARTED,
        /** The application's: its result is waited for. */
        AWAITED,
        DONE
    }

    Call to(Progress next) {
        return new Call(callId, itemId, name, arguments, ours, next);
    }
}
