package entrepot.runtime.replay;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.replay.Rerun.Origin;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.ViewFold;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.Decision;
import entrepot.runtime.turn.Limits;
import entrepot.runtime.turn.Taking;
import entrepot.runtime.turn.TurnError;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Does as the driver does, over a journal instead of the world: at each fact it asks what comes
 * next, makes the facts that follow from it, and compares.
 */
final class Redriver {

    private static final String GIVEN_UP = "The turn was given up: ";

    private final List<Journal.Recorded> journal;
    private final Limits limits;
    private final Decision decision;
    private final ViewFold fold = new ViewFold();
    private final List<Rerun.Step> steps = new ArrayList<>();

    /** Calls of our tools that are under way, by id. */
    private final Set<String> running = new HashSet<>();

    /** Whether a model call is under way. */
    private boolean calling;

    private int at;

    Redriver(List<Journal.Recorded> journal, Limits limits) {
        this.journal = List.copyOf(journal);
        this.limits = limits;
        this.decision = new Decision(limits);
    }

    Rerun run() {
        try {
            while (at < journal.size()) {
                step(recorded(0));
            }
        } catch (Differs differs) {
            Rerun.Difference difference =
                    at < journal.size()
                            ? new Rerun.Difference(
                                    journal.get(at).seq(),
                                    differs.expected(),
                                    Words.whole(recorded(0)))
                            : new Rerun.Difference(
                                    journal.size() + 1L, differs.expected(), "the journal's end");
            return rerun(difference);
        }
        return rerun(null);
    }

    private Rerun rerun(Rerun.@Nullable Difference difference) {
        String next = calling ? "the model's answer" : Words.action(decide(Long.MIN_VALUE));
        return new Rerun(steps, fold.turns(), fold.items(), next, difference);
    }

    private TurnState state() {
        return fold.state();
    }

    private Fact recorded(int ahead) {
        return journal.get(at + ahead).fact();
    }

    private boolean has(int ahead) {
        return at + ahead < journal.size();
    }

    private Action decide(long nowMillis) {
        return decision.next(state(), List.of(), nowMillis);
    }

    private void step(Fact fact) {
        if (journal.get(at).seq() != at + 1L) {
            throw new Differs("fact number " + (at + 1));
        }
        Letter.Numbered letter = Letters.of(fact);
        if (fact instanceof Fact.Unknown) {
            accept(fact, Origin.KEPT);
        } else if (state() instanceof TurnState.Nothing) {
            begin(fact);
        } else if (letter != null) {
            take(fact, letter);
        } else if (!outcome(fact)) {
            forget();
            act(fact);
        }
    }

    private void begin(Fact fact) {
        if (!(fact instanceof Fact.SessionCreated)) {
            throw new Differs("the making of the session");
        }
        accept(fact, Origin.INPUT);
    }

    /** Adds a fact of the rerun's own, which must be the recorded one. */
    private void accept(Fact made, Origin origin) {
        if (!has(0) || !made.equals(recorded(0))) {
            throw new Differs(Words.whole(made));
        }
        Journal.Recorded place = journal.get(at);
        steps.add(new Rerun.Step(place.seq(), origin, Words.kind(made), Words.about(made)));
        fold.add(new Entry.Recorded(new Cursor(place.seq(), 0), place.atMillis(), made));
        at++;
    }

    private void acceptAll(List<Fact> made, Origin origin) {
        made.forEach(fact -> accept(fact, origin));
    }

    /** Whatever was under way is in nobody's hand any more. */
    private void forget() {
        calling = false;
        running.clear();
    }

    private void take(Fact fact, Letter.Numbered letter) {
        long next = state().inputSeen() + 1;
        if (letter.number() != next) {
            throw new Differs("input number " + next);
        }
        Action action = decision.next(state(), List.of(letter), Long.MIN_VALUE);
        if (!(action instanceof Action.Take)) {
            throw new Differs(Words.action(action));
        }
        String newTurnId =
                switch (fact) {
                    case Fact.TurnStarted started -> started.turnId();
                    case Fact.SubagentReported reported when reported.turnId() != null ->
                            reported.turnId();
                    case Fact other -> "turn_new";
                };
        forget();
        accept(Taking.letter(state(), letter, newTurnId), Origin.INPUT);
    }

    /** Takes what became of something that is under way. Returns whether it was that. */
    private boolean outcome(Fact fact) {
        if (fact instanceof Fact.ModelCallFailed failed
                && isCall(failed.turnId(), failed.step(), failed.attempt())) {
            return failed(failed);
        }
        if (isOfSomethingUnderWay(fact) || isOfAPlace(fact)) {
            accept(fact, Origin.OUTCOME);
            return true;
        }
        return endedFromOutside() || forked(fact);
    }

    private boolean isOfSomethingUnderWay(Fact fact) {
        if (fact instanceof Fact.ModelAnswered answered
                && isCall(answered.turnId(), answered.step(), answered.attempt())) {
            calling = false;
            return true;
        }
        if (fact instanceof Fact.OfSubagent about && isOfRunning(about)) {
            return true;
        }
        if (fact instanceof Fact.ToolReturned tool && isRunning(tool.turnId(), tool.callId())) {
            return running.remove(tool.callId());
        }
        return fact instanceof Fact.ToolOutcomeUnknown lost
                && isRunning(lost.turnId(), lost.callId())
                && !endsHere()
                && running.remove(lost.callId());
    }

    /** Whether it is what a coordinator's use of its tools came to. */
    private boolean isOfRunning(Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentCreated made -> isRunning(made.turnId(), made.callId());
            case Fact.SubagentInputSent sent -> isRunning(sent.turnId(), sent.callId());
            case Fact.SubagentInterrupted asked -> isRunning(asked.turnId(), asked.callId());
            case Fact.SubagentResumed resumed -> isRunning(resumed.turnId(), resumed.callId());
            case Fact.SubagentClosed closed -> {
                String callId = closed.callId();
                yield callId != null && isRunning(closed.turnId(), callId);
            }
            case Fact.SubagentsAwaited awaited -> isRunning(awaited.turnId(), awaited.callId());
            case Fact.SubagentReported _, Fact.SubagentAsked _, Fact.SubagentAnswered _ -> false;
        };
    }

    /** How the place where commands run stands is nothing that a state decides. */
    private static boolean isOfAPlace(Fact fact) {
        return fact instanceof Fact.EnvironmentChanged || fact instanceof Fact.EnvironmentReset;
    }

    /** Whether an end that no state decides comes next: it closes what is under way itself. */
    private boolean endsHere() {
        return endFromOutside() != null;
    }

    private boolean isCall(String turnId, int step, int attempt) {
        return calling
                && state() instanceof TurnState.Calling open
                && open.turn().id().equals(turnId)
                && open.turn().step() == step
                && open.turn().attempt() == attempt;
    }

    private boolean isRunning(String turnId, String callId) {
        return running.contains(callId)
                && state() instanceof TurnState.Working open
                && open.turn().id().equals(turnId)
                && open.calls(true, Call.Progress.STARTED).stream()
                        .anyMatch(call -> call.callId().equals(callId));
    }

    private boolean failed(Fact.ModelCallFailed failed) {
        if (endedFromOutside()) {
            return true;
        }
        if (decide(Long.MIN_VALUE) instanceof Action.LoseCall lost && lost(lost).equals(failed)) {
            return false;
        }
        int tries = failed.attempt() - lostAttempts();
        Fact made =
                new Fact.ModelCallFailed(
                        failed.turnId(),
                        failed.step(),
                        failed.attempt(),
                        failed.failure(),
                        limits.mayRetry(failed.failure(), tries));
        forget();
        accept(made, Origin.OUTCOME);
        return true;
    }

    private int lostAttempts() {
        return state() instanceof TurnState.Open open ? open.turn().lost() : 0;
    }

    /**
     * Ends of turns that no state decides: the turn kept taking its owners down, a tool server that
     * it must have was away, or it was open where a session was forked.
     */
    private boolean endedFromOutside() {
        Fact end = endFromOutside();
        if (end == null) {
            return false;
        }
        List<Fact> all = Taking.end(open(), end);
        forget();
        acceptAll(all, Origin.OUTCOME);
        return true;
    }

    private @Nullable Fact endFromOutside() {
        if (!(state() instanceof TurnState.Open open)) {
            return null;
        }
        String turnId = open.turn().id();
        Fact cancelled = new Fact.TurnCancelled(turnId, open.turn().usage());
        int facts = Taking.end(open, cancelled).size();
        if (!has(facts - 1)) {
            return null;
        }
        Fact end = recorded(facts - 1);
        if (end instanceof Fact.TurnFailed failed && isNobodys(open, failed)) {
            return new Fact.TurnFailed(
                    turnId, failed.code(), failed.message(), open.turn().usage());
        }
        boolean closedByFork =
                end instanceof Fact.TurnCancelled
                        && !open.turn().cancelAsked()
                        && has(facts)
                        && recorded(facts) instanceof Fact.SessionForked;
        return closedByFork ? cancelled : null;
    }

    private boolean isNobodys(TurnState.Open open, Fact.TurnFailed failed) {
        boolean away =
                (failed.code().equals(TurnError.TOOL_SERVER)
                                || failed.code().equals(TurnError.SESSION_BUDGET))
                        && open instanceof TurnState.Ready;
        return away
                || (failed.code().equals(TurnError.INTERNAL)
                        && failed.message().startsWith(GIVEN_UP));
    }

    private boolean forked(Fact fact) {
        if (fact instanceof Fact.SessionForked && state() instanceof TurnState.Idle) {
            accept(fact, Origin.OUTCOME);
            return true;
        }
        return false;
    }

    private void act(Fact fact) {
        Action action = decide(nowMillis(fact));
        switch (action) {
            case Action.Rest rest -> throw new Differs(Words.action(rest));
            case Action.Take take -> throw new Differs(Words.action(take));
            case Action.CallModel call -> {
                String orderId =
                        fact instanceof Fact.ModelCallStarted started ? started.orderId() : "";
                decided(
                        fact instanceof Fact.ModelCallStarted,
                        action,
                        new Fact.ModelCallStarted(
                                call.turnId(), call.step(), call.attempt(), orderId));
                calling = true;
            }
            case Action.PrepareEnvironment prepare -> throw new Differs(Words.action(prepare));
            case Action.LoseCall lost -> accept(lost(lost), Origin.DECIDED);
            case Action.UseTools use -> use.calls().forEach(call -> start(use.turnId(), call));
            case Action.RecoverTools recover -> recover(recover, fact);
            case Action.AwaitResults await ->
                    accept(
                            new Fact.ResultsAwaited(await.turnId(), await.callIds()),
                            Origin.DECIDED);
            case Action.EndWaits over ->
                    acceptAll(Taking.waited(open(), over.calls()), Origin.DECIDED);
            case Action.Lapse lapse -> lapse(lapse, fact);
            case Action.Finish finish -> {
                TurnState.Open open = open();
                end(open, new Fact.TurnCompleted(finish.turnId(), open.turn().usage()));
            }
            case Action.Fail fail -> {
                TurnState.Open open = open();
                end(
                        open,
                        new Fact.TurnFailed(
                                fail.turnId(), fail.code(), fail.message(), open.turn().usage()));
            }
            case Action.Cancel cancel -> {
                TurnState.Open open = open();
                end(open, new Fact.TurnCancelled(cancel.turnId(), open.turn().usage()));
            }
        }
    }

    private void decided(boolean isOfKind, Action action, Fact made) {
        if (!isOfKind) {
            throw new Differs(Words.action(action));
        }
        accept(made, Origin.DECIDED);
    }

    private static Fact lost(Action.LoseCall lost) {
        return new Fact.ModelCallFailed(
                lost.turnId(), lost.step(), lost.attempt(), lost.failure(), lost.willRetry());
    }

    private void end(TurnState.Open open, Fact terminal) {
        acceptAll(Taking.end(open, terminal), Origin.DECIDED);
    }

    private TurnState.Open open() {
        if (state() instanceof TurnState.Open open) {
            return open;
        }
        throw new Differs("an open turn");
    }

    /**
     * The time is an outcome too: a question has lapsed, and a wait is over, when that was recorded
     * and not before.
     *
     * @return in ms since 1970
     */
    private long nowMillis(Fact fact) {
        if (fact instanceof Fact.ApprovalAnswered lapsed
                && state() instanceof TurnState.Working working) {
            for (Call call : working.calls()) {
                Call.Held question = call.held();
                if (question != null && call.isHeldAs(lapsed.approvalId())) {
                    return question.expiresMillis();
                }
            }
        }
        if (fact instanceof Fact.ToolReturned returned
                && state() instanceof TurnState.Working working) {
            for (Call call : working.calls(true, Call.Progress.WAITING)) {
                Call.Wait wait = call.awaits();
                Long until = wait == null ? null : wait.untilMillis();
                if (until != null && call.callId().equals(returned.callId())) {
                    return until;
                }
            }
        }
        return Long.MIN_VALUE;
    }

    /** A tool is begun, or somebody is asked whether it may be. What the tool is called is told. */
    private void start(String turnId, Call call) {
        if (has(0)
                && recorded(0) instanceof Fact.ApprovalAsked asked
                && call.progress() == Call.Progress.ASKED) {
            accept(
                    new Fact.ApprovalAsked(
                            turnId,
                            call.callId(),
                            asked.approvalId(),
                            asked.server(),
                            asked.name(),
                            call.arguments(),
                            asked.digest(),
                            asked.reason(),
                            asked.expiresMillis()),
                    Origin.DECIDED);
            return;
        }
        if (!has(0) || !(recorded(0) instanceof Fact.ToolStarted started)) {
            throw new Differs("the use of " + call.name() + " (" + call.callId() + ")");
        }
        accept(
                new Fact.ToolStarted(
                        turnId,
                        call.callId(),
                        call.itemId(),
                        started.server(),
                        started.name(),
                        call.arguments(),
                        started.key()),
                Origin.DECIDED);
        running.add(call.callId());
        while (has(0) && isKnownAtOnce(call, recorded(0)) && outcome(recorded(0))) {
            // A refusal, and all that a coordinator does, stands before the next intent.
        }
    }

    private boolean isKnownAtOnce(Call call, Fact fact) {
        return (fact instanceof Fact.ToolReturned returned
                        && returned.callId().equals(call.callId()))
                || (fact instanceof Fact.OfSubagent about && isOfRunning(about));
    }

    /** What was under way when its owner died has an outcome, known or not. */
    private void recover(Action.RecoverTools recover, Fact fact) {
        recover.calls().forEach(call -> running.add(call.callId()));
        if (!outcome(fact)) {
            throw new Differs(Words.action(recover));
        }
    }

    private void lapse(Action.Lapse lapse, Fact fact) {
        if (!(fact instanceof Fact.ApprovalAnswered answered)) {
            throw new Differs(Words.action(lapse));
        }
        for (Call call : lapse.calls()) {
            Call.Held question = call.held();
            if (question != null && call.isHeldAs(answered.approvalId())) {
                accept(
                        new Fact.ApprovalAnswered(
                                lapse.turnId(),
                                call.callId(),
                                question.approvalId(),
                                Fact.Answer.LAPSED,
                                "",
                                null,
                                false,
                                state().inputSeen()),
                        Origin.DECIDED);
                return;
            }
        }
        throw new Differs(Words.action(lapse));
    }
}
