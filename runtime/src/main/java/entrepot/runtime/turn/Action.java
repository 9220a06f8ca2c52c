package entrepot.runtime.turn;

import entrepot.conversation.Failure;
import entrepot.runtime.journal.Letter;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** What a session's owner does next. */
public sealed interface Action {

    /**
     * Nothing: park until a letter comes.
     *
     * @param untilMillis when to look again even without one, in ms since 1970; null for never
     */
    record Rest(@Nullable Long untilMillis) implements Action {
        static final Rest FOR_A_LETTER = new Rest(null);
    }

    /** Take the next letter into the journal. */
    record Take(Letter.Numbered letter) implements Action {}

    /**
     * @param tries which try it is, those apart that were lost with their process; from 1
     */
    record CallModel(String turnId, int step, int attempt, int tries) implements Action {}

    /** Make the place where commands run ready; what becomes of it is recorded. */
    record PrepareEnvironment(String environmentId) implements Action {}

    /** Close a model call that was in flight when its owner died. */
    record LoseCall(String turnId, int step, int attempt, Failure failure, boolean willRetry)
            implements Action {}

    /** Record the intents, then run the tools. */
    record UseTools(String turnId, List<Call> calls) implements Action {}

    /** Run again, or give up as unknown, tools that were in flight when their owner died. */
    record RecoverTools(String turnId, List<Call> calls) implements Action {}

    /** Say that the turn waits for the caller's application. */
    record AwaitResults(String turnId, List<String> callIds) implements Action {}

    /** Tell what came of waits for subagents that are over. */
    record EndWaits(String turnId, List<Call> calls) implements Action {}

    /** Questions for approval that nobody has answered in time. */
    record Lapse(String turnId, List<Call> calls) implements Action {}

    record Finish(String turnId) implements Action {}

    /**
     * @param code a turn error code
     */
    record Fail(String turnId, String code, String message) implements Action {}

    record Cancel(String turnId) implements Action {}
}
