package entrepot.gateway.agents;

import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a session's stream has told of its subagents so far. Not safe for several threads. */
final class Kinship {

    private final String sessionId;
    private final Map<String, Sessions.Subagent> known = new LinkedHashMap<>();
    private final Map<String, Asking> asking = new LinkedHashMap<>();

    Kinship(String sessionId) {
        this.sessionId = sessionId;
    }

    private record Asking(List<String> path, View.RequiredAction action) {}

    void take(Fact.OfSubagent fact, long atSeconds) {
        switch (fact) {
            case Fact.SubagentCreated made -> known.put(made.subagentId(), made(made, atSeconds));
            case Fact.SubagentResumed resumed ->
                    known.computeIfPresent(resumed.subagentId(), (id, old) -> closed(old, null));
            case Fact.SubagentClosed closed -> {
                known.computeIfPresent(closed.subagentId(), (id, old) -> closed(old, atSeconds));
                forget(closed.subagentId());
            }
            case Fact.SubagentReported reported -> forget(reported.subagentId());
            case Fact.SubagentAsked asked -> {
                Fact.ApprovalAsked question = asked.question();
                asking.put(
                        question.approvalId(),
                        new Asking(
                                asked.path(),
                                new View.RequiredAction(
                                        question.turnId(),
                                        question.callId(),
                                        question.name(),
                                        question.arguments(),
                                        View.Approval.of(question),
                                        asked.path())));
            }
            case Fact.SubagentAnswered answered -> asking.remove(answered.approvalId());
            case Fact.SubagentInputSent _, Fact.SubagentInterrupted _, Fact.SubagentsAwaited _ -> {}
        }
    }

    private void forget(String subagentId) {
        asking.values().removeIf(each -> each.path().contains(subagentId));
    }

    /** Questions for approval that subagents wait for. */
    List<View.RequiredAction> asking() {
        var actions = new ArrayList<View.RequiredAction>();
        asking.values().forEach(each -> actions.add(each.action()));
        return actions;
    }

    private Sessions.Subagent made(Fact.SubagentCreated made, long atSeconds) {
        return new Sessions.Subagent(
                made.subagentId(),
                new Fact.Parent(sessionId, sessionId, made.turnId(), made.callId(), 1, made.name()),
                made.input().parts(),
                atSeconds,
                null);
    }

    private static Sessions.Subagent closed(Sessions.Subagent old, @Nullable Long atSeconds) {
        return new Sessions.Subagent(
                old.id(), old.parent(), old.task(), old.openedSeconds(), atSeconds);
    }

    /** A subagent as it stands; null when the stream has not told of it. */
    Sessions.@Nullable Subagent find(String id) {
        return known.get(id);
    }
}
