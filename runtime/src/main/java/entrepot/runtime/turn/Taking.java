package entrepot.runtime.turn;

import entrepot.conversation.Failure;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Letter;

import java.util.ArrayList;
import java.util.List;

/** What a letter, or the end of a turn, means in facts. */
public final class Taking {

    private Taking() {}

    /**
     * The fact a letter becomes.
     *
     * @param newTurnId used when the letter starts a turn
     */
    public static Fact letter(TurnState state, Letter.Numbered numbered, String newTurnId) {
        long number = numbered.number();
        return switch (numbered.letter()) {
            case Letter.Message message -> message(state, message, number, newTurnId);
            case Letter.Cancel cancel -> cancel(state, number);
            case Letter.Result result -> result(state, result, number);
            case Letter.Approval approval -> approval(state, approval, number);
            case Letter.Report report -> report(state, report, number, newTurnId);
            case Letter.Question question ->
                    new Fact.SubagentAsked(question.path(), question.question(), number);
            case Letter.Settled settled ->
                    new Fact.SubagentAnswered(
                            settled.subagentId(),
                            settled.approvalId(),
                            settled.answer(),
                            settled.by(),
                            number);
            case Letter.Change change -> new Fact.SessionChanged(change.configuration(), number);
        };
    }

    private static Fact message(
            TurnState state, Letter.Message message, long number, String newTurnId) {
        Turn turn = state.turnIf();
        List<Fact.UserItem> input = List.of(message.item());
        return turn == null
                ? new Fact.TurnStarted(newTurnId, input, number)
                : new Fact.InputSteered(turn.id(), input, number);
    }

    /** An idle coordinator is woken, unless it has closed the subagent. */
    private static Fact report(
            TurnState state, Letter.Report letter, long number, String newTurnId) {
        TurnState.Session session = state.sessionIf();
        Turn turn = state.turnIf();
        boolean starts =
                turn == null
                        && session != null
                        && session.family()
                                .find(letter.subagentId())
                                .filter(Family.Member::open)
                                .isPresent();
        String turnId = turn == null ? starts ? newTurnId : null : turn.id();
        return new Fact.SubagentReported(
                turnId, starts, letter.subagentId(), letter.report(), number);
    }

    private static Fact cancel(TurnState state, long number) {
        Turn turn = state.turnIf();
        return new Fact.CancelAsked(turn == null ? null : turn.id(), number);
    }

    private static Fact result(TurnState state, Letter.Result result, long number) {
        boolean awaited =
                state instanceof TurnState.Working working
                        && working.turn().id().equals(result.turnId())
                        && working.calls().stream()
                                .anyMatch(call ->
                                        call.callId().equals(result.callId())
                                                && !call.ours()
                                                && call.progress() != Call.Progress.DONE);
        if (!awaited) {
            return new Fact.InputIgnored(
                    "tool_result",
                    "Call " + result.callId() + " of " + result.turnId() + " was over.",
                    number);
        }
        return new Fact.ResultAccepted(
                result.turnId(),
                result.callId(),
                result.itemId(),
                result.output(),
                result.failed(),
                result.error(),
                number);
    }

    private static Fact approval(TurnState state, Letter.Approval approval, long number) {
        if (state instanceof TurnState.Working working) {
            for (Call call : working.calls()) {
                if (call.isHeldAs(approval.approvalId())) {
                    return new Fact.ApprovalAnswered(
                            working.turn().id(),
                            call.callId(),
                            approval.approvalId(),
                            approval.approved() ? Fact.Answer.APPROVED : Fact.Answer.DENIED,
                            approval.by(),
                            approval.note(),
                            approval.forSession(),
                            number);
                }
            }
        }
        return new Fact.InputIgnored(
                "approval", "Nobody asked for " + approval.approvalId() + " any more.", number);
    }

    /** The results of waits for subagents that are over. */
    public static List<Fact> waited(TurnState.Open open, List<Call> calls) {
        List<Fact> facts = new ArrayList<>();
        for (Call call : calls) {
            Call.Wait wait = call.awaits();
            if (wait != null) {
                facts.add(Coordination.waited(open, call, wait));
            }
        }
        return facts;
    }

    /**
     * Closes whatever a turn has open, then ends it: nothing follows the last fact. A turn that
     * does not come to its own end takes its subagents with it.
     */
    public static List<Fact> end(TurnState.Open open, Fact terminal) {
        List<Fact> facts = new ArrayList<>();
        Turn turn = open.turn();
        if (open instanceof TurnState.Calling) {
            facts.add(
                    new Fact.ModelCallFailed(
                            turn.id(),
                            turn.step(),
                            turn.attempt(),
                            Failure.of(
                                    Failure.Cause.CANCELLED,
                                    "The turn ended before the answer was recorded."),
                            false));
        }
        if (open instanceof TurnState.Working working) {
            for (Call call : working.calls(true, Call.Progress.STARTED)) {
                facts.add(
                        new Fact.ToolOutcomeUnknown(
                                turn.id(), call.callId(), "The turn ended while it ran."));
            }
            for (Call call : working.calls(true, Call.Progress.WAITING)) {
                facts.add(
                        new Fact.ToolOutcomeUnknown(
                                turn.id(), call.callId(), "The turn ended while it waited."));
            }
        }
        if (!(terminal instanceof Fact.TurnCompleted)) {
            for (Family.Member member : open.session().family().open()) {
                facts.add(new Fact.SubagentClosed(turn.id(), null, member.id()));
            }
        }
        facts.add(terminal);
        return facts;
    }
}
