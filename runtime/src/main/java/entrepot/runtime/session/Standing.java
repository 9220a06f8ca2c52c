package entrepot.runtime.session;

import entrepot.runtime.facts.Configuration;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.Summary;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * How a session stands, its unread letters counted in: a caller who has posted sees at once that
 * the session is at work, and is not asked again for a result that it has given.
 */
record Standing(
        View.Status status,
        List<View.RequiredAction> requiredActions,
        @Nullable Configuration changed) {

    static Standing of(Summary summary, List<Letter.Numbered> unread) {
        Configuration changed = summary.changed();
        List<Summary.Waiting> waiting = new ArrayList<>(summary.waiting());
        boolean work = summary.turnId() != null;
        for (Letter.Numbered numbered : unread) {
            switch (numbered.letter()) {
                case Letter.Message message -> work = true;
                case Letter.Cancel cancel -> waiting.clear();
                case Letter.Result result -> waiting.removeIf(call -> answers(result, call));
                case Letter.Approval approval ->
                        waiting.removeIf(call -> isAskedAs(approval.approvalId(), call));
                case Letter.Question question ->
                        waiting.add(Summary.Waiting.of(question.path(), question.question()));
                case Letter.Settled settled ->
                        waiting.removeIf(call -> isAskedAs(settled.approvalId(), call));
                case Letter.Report report -> {
                    waiting.removeIf(call -> call.path().contains(report.subagentId()));
                    work |= summary.subagents().contains(report.subagentId());
                }
                case Letter.Change change -> changed = change.configuration();
            }
        }
        List<View.RequiredAction> actions =
                waiting.stream()
                        .map(call ->
                                new View.RequiredAction(
                                        call.turnId(),
                                        call.callId(),
                                        call.name(),
                                        call.arguments(),
                                        approval(call.approval()),
                                        call.path()))
                        .toList();
        View.Status status =
                !actions.isEmpty()
                        ? View.Status.REQUIRES_ACTION
                        : work ? View.Status.IN_PROGRESS : View.Status.IDLE;
        return new Standing(status, actions, changed);
    }

    private static boolean isAskedAs(String approvalId, Summary.Waiting call) {
        Call.Held question = call.approval();
        return question != null && question.approvalId().equals(approvalId);
    }

    private static View.@Nullable Approval approval(Call.@Nullable Held question) {
        return question == null
                ? null
                : new View.Approval(
                        question.approvalId(),
                        question.server(),
                        question.tool(),
                        question.digest(),
                        question.reason(),
                        question.expiresMillis() / 1000);
    }

    private static boolean answers(Letter.Result result, Summary.Waiting call) {
        return call.turnId().equals(result.turnId()) && call.callId().equals(result.callId());
    }
}
