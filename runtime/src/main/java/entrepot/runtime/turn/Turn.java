package entrepot.runtime.turn;

import entrepot.conversation.Usage;

import java.util.Set;

/**
 * A turn that has not ended.
 *
 * @param step of the model call that comes next or is under way, from 1
 * @param attempt of that call, from 1
 * @param answerBytes what the model has said so far
 * @param callIds every call id the turn has seen; suppliers are known to repeat theirs
 */
public record Turn(
        String id,
        int step,
        int attempt,
        long answerBytes,
        Usage usage,
        boolean cancelAsked,
        Set<String> callIds) {

    public Turn {
        callIds = Set.copyOf(callIds);
    }

    static Turn started(String id) {
        return new Turn(id, 1, 1, 0, Usage.NONE, false, Set.of());
    }

    Turn at(int step, int attempt) {
        return new Turn(id, step, attempt, answerBytes, usage, cancelAsked, callIds);
    }

    Turn withCancelAsked() {
        return new Turn(id, step, attempt, answerBytes, usage, true, callIds);
    }

    Turn answered(long bytes, Usage more, Set<String> callIdsNow) {
        return new Turn(
                id,
                step,
                attempt,
                answerBytes + bytes,
                Meters.sum(usage, more),
                cancelAsked,
                callIdsNow);
    }
}
