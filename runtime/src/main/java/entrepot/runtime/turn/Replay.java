package entrepot.runtime.turn;

import entrepot.conversation.Part;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.turn.TurnState.Open;
import entrepot.runtime.turn.TurnState.Session;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Folds facts into a state. Total: a fact that does not fit (of a turn that is over, or of a newer
 * version) changes nothing.
 */
public final class Replay {

    private Replay() {}

    public static TurnState of(List<Fact> facts) {
        TurnState state = new TurnState.Nothing();
        for (Fact fact : facts) {
            state = next(state, fact);
        }
        return state;
    }

    public static TurnState next(TurnState state, Fact fact) {
        return switch (fact) {
            case Fact.SessionCreated created -> created(state, created);
            case Fact.SessionChanged changed -> changed(state, changed);
            case Fact.SessionForked forked -> forked(state, forked);
            case Fact.TurnStarted started -> started(state, started);
            case Fact.InputSteered steered -> steered(state, steered);
            case Fact.InputIgnored ignored -> seen(state, ignored.inputSeen());
            case Fact.CancelAsked asked -> cancelAsked(state, asked);
            case Fact.ModelCallStarted started -> callStarted(state, started);
            case Fact.ModelAnswered answered -> answered(state, answered);
            case Fact.ModelCallFailed failed -> callFailed(state, failed);
            case Fact.ToolStarted tool ->
                    progress(state, tool.turnId(), tool.callId(), Call.Progress.STARTED);
            case Fact.ToolReturned tool ->
                    progress(state, tool.turnId(), tool.callId(), Call.Progress.DONE);
            case Fact.ToolOutcomeUnknown tool ->
                    progress(state, tool.turnId(), tool.callId(), Call.Progress.DONE);
            case Fact.EnvironmentChanged changed ->
                    placed(state, changed.status(), changed.message());
            case Fact.EnvironmentReset reset -> placed(state, EnvironmentStatus.PENDING, null);
            case Fact.ResultsAwaited awaited -> awaited(state, awaited);
            case Fact.ResultAccepted result ->
                    progress(
                            seen(state, result.inputSeen()),
                            result.turnId(),
                            result.callId(),
                            Call.Progress.DONE);
            case Fact.ApprovalAsked asked -> held(state, asked);
            case Fact.ApprovalAnswered answered -> answered(state, answered);
            case Fact.TurnCompleted end -> ended(state, end.turnId(), null);
            case Fact.TurnFailed end -> ended(state, end.turnId(), end.message());
            case Fact.TurnCancelled end -> ended(state, end.turnId(), null);
            case Fact.OfSubagent fromOrTo -> ofSubagent(state, fromOrTo);
            case Fact.Unknown unknown -> state;
        };
    }

    private static TurnState created(TurnState state, Fact.SessionCreated created) {
        if (state.sessionIf() != null) {
            return state;
        }
        return new TurnState.Idle(Session.of(created));
    }

    private static TurnState changed(TurnState state, Fact.SessionChanged changed) {
        TurnState seen = seen(state, changed.inputSeen());
        return switch (seen) {
            case TurnState.Nothing nothing -> nothing;
            case TurnState.Idle idle ->
                    new TurnState.Idle(idle.session().told(changed.configuration()));
            case Open open -> with(open, open.session().told(changed.configuration()), open.turn());
        };
    }

    private static TurnState forked(TurnState state, Fact.SessionForked forked) {
        return switch (state) {
            case TurnState.Nothing nothing -> nothing;
            case TurnState.Idle idle -> new TurnState.Idle(idle.session().forked(forked));
            case Open open -> with(open, open.session().forked(forked), open.turn());
        };
    }

    private static TurnState placed(
            TurnState state, EnvironmentStatus status, @Nullable String problem) {
        return switch (state) {
            case TurnState.Nothing nothing -> nothing;
            case TurnState.Idle idle -> new TurnState.Idle(idle.session().placed(status, problem));
            case Open open -> with(open, open.session().placed(status, problem), open.turn());
        };
    }

    private static TurnState started(TurnState state, Fact.TurnStarted started) {
        if (!(state instanceof TurnState.Idle idle)) {
            return state;
        }
        Session session = idle.session();
        return new TurnState.Ready(
                session.seen(started.inputSeen()).failing(null), Turn.started(started.turnId()));
    }

    private static TurnState steered(TurnState state, Fact.InputSteered steered) {
        TurnState seen = seen(state, steered.inputSeen());
        // Words after the last word: the model shall answer them too.
        return seen instanceof TurnState.Answered answered
                        && answered.turn().id().equals(steered.turnId())
                ? ready(answered.session(), answered.turn())
                : seen;
    }

    private static TurnState cancelAsked(TurnState state, Fact.CancelAsked asked) {
        TurnState seen = seen(state, asked.inputSeen());
        return seen instanceof Open open && open.turn().id().equals(asked.turnId())
                ? with(open, open.session(), open.turn().withCancelAsked())
                : seen;
    }

    private static TurnState callStarted(TurnState state, Fact.ModelCallStarted started) {
        return state instanceof Open open && open.turn().id().equals(started.turnId())
                ? new TurnState.Calling(
                        open.session(), open.turn().at(started.step(), started.attempt()))
                : state;
    }

    private static TurnState callFailed(TurnState state, Fact.ModelCallFailed failed) {
        if (!(state instanceof Open open) || !open.turn().id().equals(failed.turnId())) {
            return state;
        }
        Turn turn = Loss.is(failed.failure()) ? open.turn().withLoss() : open.turn();
        return failed.willRetry()
                ? new TurnState.Ready(open.session(), turn.at(failed.step(), failed.attempt() + 1))
                : new TurnState.Broken(open.session(), turn, failed.failure());
    }

    private static TurnState answered(TurnState state, Fact.ModelAnswered answered) {
        if (!(state instanceof Open open) || !open.turn().id().equals(answered.turnId())) {
            return state;
        }
        Session before = open.session();
        List<Call> calls = new ArrayList<>();
        Set<String> callIds = new HashSet<>(open.turn().callIds());
        long bytes = 0;
        for (Fact.AnswerItem item : answered.items()) {
            bytes += bytes(item.part());
            if (item.part() instanceof Part.ToolCall call) {
                calls.add(asked(before, item.itemId(), call));
                callIds.add(call.callId());
            }
        }
        Turn turn = open.turn().answered(bytes, answered.usage(), callIds);
        Session session = before.used(answered.usage());
        return calls.isEmpty()
                ? new TurnState.Answered(session, turn, answered.stopReason())
                : new TurnState.Working(session, turn, calls);
    }

    private static Call asked(Session session, String itemId, Part.ToolCall call) {
        return new Call(
                call.callId(),
                itemId,
                call.name(),
                call.arguments(),
                !session.functions().contains(call.name()),
                Call.Progress.ASKED,
                null,
                null);
    }

    private static TurnState ofSubagent(TurnState state, Fact.OfSubagent fact) {
        TurnState next =
                switch (state) {
                    case TurnState.Nothing nothing -> nothing;
                    case TurnState.Idle idle -> new TurnState.Idle(idle.session().of(fact));
                    case Open open -> with(open, open.session().of(fact), open.turn());
                };
        return switch (fact) {
            case Fact.SubagentsAwaited awaited -> waiting(next, awaited);
            case Fact.SubagentReported reported ->
                    reported(seen(next, reported.inputSeen()), reported);
            case Fact.SubagentAsked asked -> seen(next, asked.inputSeen());
            case Fact.SubagentAnswered answered -> seen(next, answered.inputSeen());
            case Fact.SubagentCreated _,
                    Fact.SubagentInputSent _,
                    Fact.SubagentInterrupted _,
                    Fact.SubagentResumed _,
                    Fact.SubagentClosed _ ->
                    next;
        };
    }

    private static TurnState waiting(TurnState state, Fact.SubagentsAwaited awaited) {
        Call.Wait wait = new Call.Wait(awaited.subagentIds(), awaited.any(), awaited.untilMillis());
        return change(
                state,
                awaited.turnId(),
                call ->
                        call.callId().equals(awaited.callId())
                                && call.progress() == Call.Progress.STARTED,
                call -> call.await(wait));
    }

    private static TurnState reported(TurnState state, Fact.SubagentReported reported) {
        String turnId = reported.turnId();
        if (reported.starts() && turnId != null && state instanceof TurnState.Idle idle) {
            return new TurnState.Ready(idle.session().failing(null), Turn.started(turnId));
        }
        return state instanceof TurnState.Answered answered && answered.turn().id().equals(turnId)
                ? ready(answered.session(), answered.turn())
                : state;
    }

    private static TurnState awaited(TurnState state, Fact.ResultsAwaited awaited) {
        TurnState next = state;
        for (String callId : awaited.callIds()) {
            next = progress(next, awaited.turnId(), callId, Call.Progress.AWAITED);
        }
        return next;
    }

    private static TurnState held(TurnState state, Fact.ApprovalAsked asked) {
        Call.Held question =
                new Call.Held(
                        asked.approvalId(),
                        asked.server(),
                        asked.name(),
                        asked.digest(),
                        asked.reason(),
                        asked.expiresMillis());
        return change(
                state,
                asked.turnId(),
                call ->
                        call.callId().equals(asked.callId())
                                && call.progress() == Call.Progress.ASKED,
                call -> call.hold(question));
    }

    private static TurnState answered(TurnState state, Fact.ApprovalAnswered answered) {
        TurnState seen = seen(state, answered.inputSeen());
        boolean approved = answered.answer() == Fact.Answer.APPROVED;
        if (approved && answered.forSession() && seen instanceof TurnState.Working working) {
            seen = approving(working, answered.approvalId());
        }
        return change(
                seen,
                answered.turnId(),
                call -> call.isHeldAs(answered.approvalId()),
                call -> call.to(approved ? Call.Progress.APPROVED : Call.Progress.DONE));
    }

    private static TurnState approving(TurnState.Working working, String approvalId) {
        Session session = working.session();
        for (Call call : working.calls()) {
            Call.Held question = call.held();
            if (question != null && call.isHeldAs(approvalId)) {
                session = session.approving(question.server() + "/" + question.tool());
            }
        }
        return new TurnState.Working(session, working.turn(), working.calls());
    }

    private static TurnState progress(
            TurnState state, String turnId, String callId, Call.Progress progress) {
        return change(
                state,
                turnId,
                call -> call.callId().equals(callId) && call.progress() != Call.Progress.DONE,
                call -> call.to(progress));
    }

    /** Changes calls of the turn; when all are done the model is asked again. */
    private static TurnState change(
            TurnState state, String turnId, Predicate<Call> which, UnaryOperator<Call> change) {
        if (!(state instanceof TurnState.Working working) || !working.turn().id().equals(turnId)) {
            return state;
        }
        List<Call> calls =
                working.calls().stream()
                        .map(call -> which.test(call) ? change.apply(call) : call)
                        .toList();
        return calls.stream().allMatch(call -> call.progress() == Call.Progress.DONE)
                ? ready(working.session(), working.turn())
                : new TurnState.Working(working.session(), working.turn(), calls);
    }

    private static TurnState ready(Session session, Turn turn) {
        return new TurnState.Ready(session, turn.at(turn.step() + 1, 1));
    }

    private static TurnState ended(TurnState state, String turnId, @Nullable String error) {
        if (!(state instanceof Open open) || !open.turn().id().equals(turnId)) {
            return state;
        }
        return new TurnState.Idle(open.session().failing(error));
    }

    private static TurnState seen(TurnState state, long inputSeen) {
        return switch (state) {
            case TurnState.Nothing nothing -> nothing;
            case TurnState.Idle idle -> new TurnState.Idle(idle.session().seen(inputSeen));
            case Open open -> with(open, open.session().seen(inputSeen), open.turn());
        };
    }

    private static Open with(Open open, Session session, Turn turn) {
        return switch (open) {
            case TurnState.Ready ready -> new TurnState.Ready(session, turn);
            case TurnState.Calling calling -> new TurnState.Calling(session, turn);
            case TurnState.Broken broken -> new TurnState.Broken(session, turn, broken.failure());
            case TurnState.Answered answered ->
                    new TurnState.Answered(session, turn, answered.stopReason());
            case TurnState.Working working -> new TurnState.Working(session, turn, working.calls());
        };
    }

    private static long bytes(Part part) {
        return switch (part) {
            case Part.Text text -> length(text.text());
            case Part.Refusal refusal -> length(refusal.text());
            case Part.Reasoning reasoning -> length(reasoning.text());
            case Part.ToolCall call -> length(call.arguments());
            case Part.Image image -> length(image.base64());
            case Part.File file -> length(file.base64());
            case Part.Audio audio -> length(audio.base64());
            case Part.CachePoint point -> 0;
            case Part.ToolResult result -> 0;
            case Part.Unknown unknown -> length(unknown.raw().toString());
        };
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
