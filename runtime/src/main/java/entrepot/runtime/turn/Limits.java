package entrepot.runtime.turn;

import entrepot.conversation.Failure;

/**
 * What one turn may use. Reaching a limit ends the turn with an error code of its own.
 *
 * @param stepsMax model calls that succeed
 * @param attemptsMax tries of one model call that end in a failure
 * @param lossesMax tries of one model call whose process ends under them: not the model's fault, so
 *     a rolling restart may take many, but a call that kills its process must not go on for ever
 * @param callsPerStepMax tool calls in one answer
 * @param answerBytesMax what the model may say in one turn, in UTF-8
 */
public record Limits(
        int stepsMax, int attemptsMax, int lossesMax, int callsPerStepMax, long answerBytesMax) {

    /**
     * Whether a failed model call is tried once more.
     *
     * @param tries so far, those apart that were lost with their process
     */
    public boolean mayRetry(Failure failure, int tries) {
        return failure.cause().retry() != Failure.Retry.NEVER && tries < attemptsMax;
    }

    public static final Limits DEFAULT = new Limits(100, 3, 20, 128, 4L << 20);

    public Limits {
        if (stepsMax < 1
                || attemptsMax < 1
                || lossesMax < 1
                || callsPerStepMax < 1
                || answerBytesMax < 1) {
            throw new IllegalArgumentException("every limit of a turn must be at least 1");
        }
    }
}
