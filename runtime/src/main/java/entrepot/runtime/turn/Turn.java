package entrepot.runtime.turn;

import entrepot.conversation.Usage;

import java.util.Set;

/**
 * A turn that has not ended.
 *
 * @param step of the model call that comes next or is under way, from 1
 * @param attempt of that call, from 1
 * @param lost attempts of that call whose process ended under them
 * @param answerBytes what the model has said so far
 * @param callIds every call id the turn has seen; suppliers are known to repeat theirs
 */
public record Turn(
        String id,
        int step,
        int attempt,
        int lost,
        long answerBytes,
        Usage usage,
        boolean cancelAsked,
        Set<String> callIds) {

    public Turn {
        callIds = Set.copyOf(callIds);
    }

    static Turn started(String id) {
        return new Turn(id, 1, 1, 0, 0, Usage.NONE, false, Set.of());
    }

    /** Which try of the call it is, those apart that were lost with their process. */
    int tries() {
        return attempt - lost;
    }

    Turn at(int step, int attempt) {
        int lostOfStep = step == this.step ? lost : 0;
        return new Turn(id, step, attempt, lostOfStep, answerBytes, usage, cancelAsked, callIds);
    }

    Turn withLoss() {
        return new Turn(id, step, attempt, lost + 1, answerBytes, usage, cancelAsked, callIds);
    }

    Turn withCancelAsked() {
        return new Turn(id, step, attempt, lost, answerBytes, usage, true, callIds);
    }

    Turn answered(long bytes, Usage more, Set<String> callIdsNow) {
        return new Turn(
                id,
                step,
                attempt,
                lost,
                answerBytes + bytes,
                Meters.sum(usage, more),
                cancelAsked,
                callIdsNow);
    }
}
