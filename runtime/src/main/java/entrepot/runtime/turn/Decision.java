package entrepot.runtime.turn;

import entrepot.conversation.StopReason;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.journal.Letter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Decides what comes next: a pure and total function of the state and the unread letters. */
public final class Decision {

    private final Limits limits;

    public Decision(Limits limits) {
        this.limits = limits;
    }

    /**
     * @param inbox letters after the state's {@code inputSeen}, in order
     * @param nowMillis the time, in ms since 1970
     */
    public Action next(TurnState state, List<Letter.Numbered> inbox, long nowMillis) {
        return switch (state) {
            case TurnState.Nothing nothing -> Action.Rest.FOR_A_LETTER;
            case TurnState.Idle idle ->
                    inbox.isEmpty() ? idle(idle) : new Action.Take(inbox.getFirst());
            case TurnState.Open open -> open(open, inbox, nowMillis);
        };
    }

    private Action open(TurnState.Open open, List<Letter.Numbered> inbox, long nowMillis) {
        Turn turn = open.turn();
        if (turn.cancelAsked()) {
            return new Action.Cancel(turn.id());
        }
        if (!inbox.isEmpty() && !isForNextTurn(open, inbox.getFirst().letter())) {
            return new Action.Take(inbox.getFirst());
        }
        return switch (open) {
            case TurnState.Ready ready -> ready(ready.session(), turn);
            case TurnState.Calling calling -> lose(turn);
            case TurnState.Broken broken ->
                    new Action.Fail(
                            turn.id(),
                            TurnError.code(broken.failure()),
                            broken.failure().message());
            case TurnState.Answered answered -> answered(turn, answered.stopReason());
            case TurnState.Working working -> working(working, nowMillis);
        };
    }

    /** A message that finds the last word said starts the next turn. */
    private static boolean isForNextTurn(TurnState.Open open, Letter letter) {
        boolean over = open instanceof TurnState.Answered || open instanceof TurnState.Broken;
        return over && (letter instanceof Letter.Message || letter instanceof Letter.Report);
    }

    /** Whoever has an environment may look into it before the first input. */
    private static Action idle(TurnState.Idle idle) {
        String id = idle.session().configuration().settings().environmentId();
        return id != null && isUnprepared(idle.session())
                ? new Action.PrepareEnvironment(id)
                : Action.Rest.FOR_A_LETTER;
    }

    private static boolean isUnprepared(TurnState.Session session) {
        EnvironmentStatus status = session.environment();
        return status == null || status == EnvironmentStatus.PENDING;
    }

    private Action ready(TurnState.Session session, Turn turn) {
        String environmentId = session.configuration().settings().environmentId();
        if (environmentId != null && isUnprepared(session)) {
            return new Action.PrepareEnvironment(environmentId);
        }
        if (environmentId != null && session.environment() != EnvironmentStatus.CONNECTED) {
            String problem = session.problem();
            return new Action.Fail(
                    turn.id(),
                    TurnError.SANDBOX,
                    problem == null ? "The environment cannot be used." : problem);
        }
        if (turn.step() > limits.stepsMax()) {
            return new Action.Fail(
                    turn.id(),
                    TurnError.STEPS,
                    "The turn reached its limit of " + limits.stepsMax() + " model calls.");
        }
        if (turn.answerBytes() > limits.answerBytesMax()) {
            return new Action.Fail(
                    turn.id(),
                    TurnError.OUTPUT,
                    "The turn's answers exceed " + limits.answerBytesMax() + " bytes.");
        }
        return new Action.CallModel(turn.id(), turn.step(), turn.attempt(), turn.tries());
    }

    private Action lose(Turn turn) {
        return new Action.LoseCall(
                turn.id(),
                turn.step(),
                turn.attempt(),
                Loss.FAILURE,
                turn.lost() + 1 < limits.lossesMax());
    }

    private static Action answered(Turn turn, StopReason stopReason) {
        return stopReason.equals(StopReason.LENGTH)
                ? new Action.Fail(
                        turn.id(),
                        TurnError.OUTPUT,
                        "The model stopped at its limit of output tokens.")
                : new Action.Finish(turn.id());
    }

    private Action working(TurnState.Working working, long nowMillis) {
        String turnId = working.turn().id();
        if (working.calls().size() > limits.callsPerStepMax()) {
            return new Action.Fail(
                    turnId,
                    TurnError.CALLS,
                    "The model asked for "
                            + working.calls().size()
                            + " tool calls at once; the limit is "
                            + limits.callsPerStepMax()
                            + ".");
        }
        List<Call> unannounced = working.calls(false, Call.Progress.ASKED);
        if (!unannounced.isEmpty()) {
            return new Action.AwaitResults(turnId, unannounced.stream().map(Call::callId).toList());
        }
        List<Call> lost = working.calls(true, Call.Progress.STARTED);
        if (!lost.isEmpty()) {
            return new Action.RecoverTools(turnId, lost);
        }
        List<Call> over =
                working.calls(true, Call.Progress.WAITING).stream()
                        .filter(call -> isOver(working, call, nowMillis))
                        .toList();
        if (!over.isEmpty()) {
            return new Action.EndWaits(turnId, over);
        }
        List<Call> lapsed =
                working.calls(true, Call.Progress.HELD).stream()
                        .filter(call -> lapsesMillis(call) <= nowMillis)
                        .toList();
        if (!lapsed.isEmpty()) {
            return new Action.Lapse(turnId, lapsed);
        }
        List<Call> next = new ArrayList<>(working.calls(true, Call.Progress.APPROVED));
        next.addAll(working.calls(true, Call.Progress.ASKED));
        return next.isEmpty() ? rest(working) : new Action.UseTools(turnId, next);
    }

    private static Action rest(TurnState.Working working) {
        return Stream.concat(
                        working.calls(true, Call.Progress.HELD).stream()
                                .map(Decision::lapsesMillis),
                        working.calls(true, Call.Progress.WAITING).stream()
                                .flatMap(call -> untilMillis(call).stream()))
                .min(Long::compare)
                .map(Action.Rest::new)
                .orElse(Action.Rest.FOR_A_LETTER);
    }

    private static boolean isOver(TurnState.Working working, Call call, long nowMillis) {
        Call.Wait wait = call.awaits();
        return wait == null || working.session().family().isOver(wait, nowMillis);
    }

    private static Optional<Long> untilMillis(Call call) {
        Call.Wait wait = call.awaits();
        return wait == null ? Optional.empty() : Optional.ofNullable(wait.untilMillis());
    }

    private static long lapsesMillis(Call call) {
        Call.Held question = call.held();
        return question == null ? Long.MAX_VALUE : question.expiresMillis();
    }
}
