package entrepot.runtime.replay;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Call;

import java.util.List;
import java.util.stream.Collectors;

/** Facts and actions, in words for people. */
final class Words {

    private static final int CHARS_MAX = 400;

    private Words() {}

    static String kind(Fact fact) {
        return fact instanceof Fact.Unknown unknown
                ? unknown.type()
                : fact.getClass().getSimpleName();
    }

    /** A fact whole, cut where it is long. */
    static String whole(Fact fact) {
        String text = fact.toString();
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX) + "…";
    }

    static String about(Fact fact) {
        return switch (fact) {
            case Fact.SessionCreated created -> "model " + created.agent().model();
            case Fact.SessionChanged changed -> "model " + changed.configuration().agent().model();
            case Fact.SessionForked forked ->
                    "from "
                            + forked.ancestor().sessionId()
                            + " at "
                            + forked.ancestor().seq()
                            + ", model "
                            + forked.configuration().agent().model();
            case Fact.TurnStarted started -> started.turnId();
            case Fact.InputSteered steered -> steered.turnId();
            case Fact.InputIgnored ignored -> ignored.reason();
            case Fact.ModelCallStarted call -> call(call.turnId(), call.step(), call.attempt());
            case Fact.ModelAnswered answer ->
                    call(answer.turnId(), answer.step(), answer.attempt());
            case Fact.ModelCallFailed failed ->
                    call(failed.turnId(), failed.step(), failed.attempt())
                            + ": "
                            + failed.failure().cause();
            case Fact.ToolStarted tool -> tool.turnId() + " " + tool.callId() + " " + tool.name();
            case Fact.ToolReturned tool -> tool.turnId() + " " + tool.callId();
            case Fact.ToolOutcomeUnknown tool -> tool.turnId() + " " + tool.callId();
            case Fact.EnvironmentChanged changed ->
                    changed.environmentId() + " " + changed.status();
            case Fact.EnvironmentReset reset -> reset.environmentId() + " " + reset.count();
            case Fact.ResultsAwaited awaited ->
                    awaited.turnId() + " " + String.join(", ", awaited.callIds());
            case Fact.ResultAccepted result -> result.turnId() + " " + result.callId();
            case Fact.ApprovalAsked asked -> asked.turnId() + " " + asked.callId();
            case Fact.ApprovalAnswered answered ->
                    answered.turnId() + " " + answered.callId() + " " + answered.answer();
            case Fact.SubagentCreated made -> made.turnId() + " " + made.subagentId();
            case Fact.SubagentInputSent sent -> sent.turnId() + " " + sent.subagentId();
            case Fact.SubagentInterrupted asked -> asked.turnId() + " " + asked.subagentId();
            case Fact.SubagentClosed closed -> closed.turnId() + " " + closed.subagentId();
            case Fact.SubagentResumed resumed -> resumed.turnId() + " " + resumed.subagentId();
            case Fact.SubagentsAwaited awaited ->
                    awaited.turnId() + " " + String.join(", ", awaited.subagentIds());
            case Fact.SubagentReported reported ->
                    reported.subagentId() + " " + reported.report().ending();
            case Fact.SubagentAsked asked -> String.join(" ", asked.path());
            case Fact.SubagentAnswered answered -> answered.subagentId() + " " + answered.answer();
            case Fact.CancelAsked asked -> asked.turnId() == null ? "no turn" : asked.turnId();
            case Fact.TurnCompleted end -> end.turnId();
            case Fact.TurnFailed end -> end.turnId() + " " + end.code();
            case Fact.TurnCancelled end -> end.turnId();
            case Fact.Unknown unknown -> "of a newer version";
        };
    }

    private static String call(String turnId, int step, int attempt) {
        return turnId + " step " + step + " attempt " + attempt;
    }

    static String action(Action action) {
        return switch (action) {
            case Action.Rest rest -> "nothing until input comes";
            case Action.Take take -> "to take in the " + take.letter().letter().kind();
            case Action.CallModel call ->
                    "a model call, " + call(call.turnId(), call.step(), call.attempt());
            case Action.LoseCall lost ->
                    "the end of a model call that was lost, "
                            + call(lost.turnId(), lost.step(), lost.attempt());
            case Action.PrepareEnvironment prepare -> "to prepare " + prepare.environmentId();
            case Action.UseTools use -> "the use of " + calls(use.calls());
            case Action.RecoverTools recover -> "the outcome of " + calls(recover.calls());
            case Action.AwaitResults await ->
                    "to wait for results of " + String.join(", ", await.callIds());
            case Action.EndWaits over -> "the end of " + calls(over.calls());
            case Action.Lapse lapse -> "the lapse of " + calls(lapse.calls());
            case Action.Finish finish -> "the end of " + finish.turnId();
            case Action.Fail fail -> "the failure of " + fail.turnId() + ": " + fail.code();
            case Action.Cancel cancel -> "the cancelled end of " + cancel.turnId();
        };
    }

    private static String calls(List<Call> calls) {
        return calls.stream()
                .map(call -> call.name() + " (" + call.callId() + ")")
                .collect(Collectors.joining(", "));
    }
}
