package entrepot.runtime.replay;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Letter;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The letters that facts were made of, as far as facts tell. */
final class Letters {

    /** As {@code Taking} writes it. */
    private static final Pattern RESULT = Pattern.compile("Call (.*) of (\\S+) was over\\.");

    private static final Pattern APPROVAL = Pattern.compile("Nobody asked for (\\S+) any more\\.");

    private Letters() {}

    /** The letter that a fact took in; null when it took in none, or one nobody can tell. */
    static Letter.@Nullable Numbered of(Fact fact) {
        return switch (fact) {
            case Fact.TurnStarted started ->
                    started.input().isEmpty()
                            ? null
                            : numbered(
                                    started.inputSeen(),
                                    new Letter.Message(started.input().getFirst()));
            case Fact.InputSteered steered ->
                    steered.input().isEmpty()
                            ? null
                            : numbered(
                                    steered.inputSeen(),
                                    new Letter.Message(steered.input().getFirst()));
            case Fact.SessionChanged changed ->
                    numbered(changed.inputSeen(), new Letter.Change(changed.configuration()));
            case Fact.CancelAsked asked -> numbered(asked.inputSeen(), new Letter.Cancel());
            case Fact.ResultAccepted result ->
                    numbered(
                            result.inputSeen(),
                            new Letter.Result(
                                    result.turnId(),
                                    result.callId(),
                                    result.itemId(),
                                    result.output(),
                                    result.failed(),
                                    result.error()));
            case Fact.ApprovalAnswered answered ->
                    answered.answer() == Fact.Answer.LAPSED ? null : approval(answered);
            case Fact.InputIgnored ignored -> ignored(ignored);
            case Fact.OfSubagent about -> ofSubagent(about);
            case Fact.SessionCreated _,
                    Fact.SessionForked _,
                    Fact.ModelCallStarted _,
                    Fact.ModelAnswered _,
                    Fact.ModelCallFailed _,
                    Fact.ToolStarted _,
                    Fact.ToolReturned _,
                    Fact.ToolOutcomeUnknown _,
                    Fact.EnvironmentChanged _,
                    Fact.EnvironmentReset _,
                    Fact.ResultsAwaited _,
                    Fact.ApprovalAsked _,
                    Fact.TurnCompleted _,
                    Fact.TurnFailed _,
                    Fact.TurnCancelled _,
                    Fact.Unknown _ ->
                    null;
        };
    }

    private static Letter.@Nullable Numbered ofSubagent(Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentReported reported ->
                    numbered(
                            reported.inputSeen(),
                            new Letter.Report(reported.subagentId(), reported.report()));
            case Fact.SubagentAsked asked ->
                    numbered(
                            asked.inputSeen(), new Letter.Question(asked.path(), asked.question()));
            case Fact.SubagentAnswered answered ->
                    numbered(
                            answered.inputSeen(),
                            new Letter.Settled(
                                    answered.subagentId(),
                                    answered.approvalId(),
                                    answered.answer(),
                                    answered.by()));
            case Fact.SubagentCreated _,
                    Fact.SubagentInputSent _,
                    Fact.SubagentInterrupted _,
                    Fact.SubagentResumed _,
                    Fact.SubagentClosed _,
                    Fact.SubagentsAwaited _ ->
                    null;
        };
    }

    private static Letter.Numbered approval(Fact.ApprovalAnswered answered) {
        return numbered(
                answered.inputSeen(),
                new Letter.Approval(
                        answered.approvalId(),
                        answered.answer() == Fact.Answer.APPROVED,
                        answered.by(),
                        answered.note(),
                        answered.forSession()));
    }

    private static Letter.@Nullable Numbered ignored(Fact.InputIgnored ignored) {
        Matcher result = RESULT.matcher(ignored.reason());
        if (result.matches()) {
            return numbered(
                    ignored.inputSeen(),
                    new Letter.Result(
                            result.group(2), result.group(1), "", List.of(), false, null));
        }
        Matcher approval = APPROVAL.matcher(ignored.reason());
        return approval.matches()
                ? numbered(
                        ignored.inputSeen(),
                        new Letter.Approval(approval.group(1), false, "", null, false))
                : null;
    }

    private static Letter.Numbered numbered(long number, Letter letter) {
        return new Letter.Numbered(number, letter);
    }
}
