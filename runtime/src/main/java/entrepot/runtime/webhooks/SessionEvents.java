package entrepot.runtime.webhooks;

import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a session's journal is told: a pure fold, fact by fact. A child's changes are not told;
 * its parent's are.
 */
final class SessionEvents {

    private SessionEvents() {}

    /**
     * What is known of a session so far.
     *
     * @param waiting calls that somebody outside has to answer
     * @param last what was told last; null for nothing
     */
    record State(
            String team,
            boolean child,
            String environmentType,
            Set<String> waiting,
            @Nullable EventType last) {

        static final State START = new State("", false, "none", Set.of(), null);

        State {
            waiting = Set.copyOf(new TreeSet<>(waiting));
        }

        private State of(Set<String> now, EventType told) {
            return new State(team, child, environmentType, now, told);
        }
    }

    /**
     * @param actionType of what is required; null where nothing is
     */
    record Event(EventType type, @Nullable String actionType) {}

    /** A state and what is to be told on the way to it. */
    record Folded(State state, List<Event> events) {}

    static Folded fold(State state, Fact fact) {
        return switch (fact) {
            case Fact.SessionCreated created ->
                    told(
                            new State(
                                    created.team(),
                                    created.parent() != null,
                                    created.settings().environment().path("type").asString("none"),
                                    Set.of(),
                                    null),
                            Set.of(),
                            EventType.CREATED,
                            null);
            case Fact.SessionForked forked -> told(state, Set.of(), EventType.CREATED, null);
            case Fact.TurnStarted started -> told(state, Set.of(), EventType.IN_PROGRESS, null);
            case Fact.ResultsAwaited awaited ->
                    told(
                            state,
                            with(state.waiting(), awaited.callIds()),
                            EventType.ACTION_REQUIRED,
                            "function_call");
            case Fact.ApprovalAsked asked ->
                    told(
                            state,
                            with(state.waiting(), List.of(asked.callId())),
                            EventType.ACTION_REQUIRED,
                            "function_call");
            case Fact.SubagentAsked asked ->
                    told(
                            state,
                            with(state.waiting(), List.of(asked.question().approvalId())),
                            EventType.ACTION_REQUIRED,
                            "function_call");
            case Fact.SubagentAnswered answered -> answered(state, answered.approvalId());
            case Fact.SubagentReported reported ->
                    reported.starts()
                            ? told(state, Set.of(), EventType.IN_PROGRESS, null)
                            : new Folded(state, List.of());
            case Fact.ResultAccepted accepted -> answered(state, accepted.callId());
            case Fact.ApprovalAnswered answered -> answered(state, answered.callId());
            case Fact.TurnCompleted completed -> told(state, Set.of(), EventType.IDLE, null);
            case Fact.TurnFailed failed -> told(state, Set.of(), EventType.IDLE, null);
            case Fact.TurnCancelled cancelled -> told(state, Set.of(), EventType.IDLE, null);
            case Fact.OfSubagent other -> new Folded(state, List.of());
            case Fact.SessionChanged other -> new Folded(state, List.of());
            case Fact.InputSteered other -> new Folded(state, List.of());
            case Fact.EnvironmentChanged other -> new Folded(state, List.of());
            case Fact.EnvironmentReset other -> new Folded(state, List.of());
            case Fact.ModelCallStarted other -> new Folded(state, List.of());
            case Fact.ModelAnswered other -> new Folded(state, List.of());
            case Fact.ModelCallFailed other -> new Folded(state, List.of());
            case Fact.ToolStarted other -> new Folded(state, List.of());
            case Fact.ToolReturned other -> new Folded(state, List.of());
            case Fact.ToolOutcomeUnknown other -> new Folded(state, List.of());
            case Fact.CancelAsked other -> new Folded(state, List.of());
            case Fact.InputIgnored other -> new Folded(state, List.of());
            case Fact.Unknown other -> new Folded(state, List.of());
        };
    }

    /** Goes on only when nothing else is waited for. */
    private static Folded answered(State state, String callId) {
        Set<String> left = new TreeSet<>(state.waiting());
        boolean was = left.remove(callId);
        return was && left.isEmpty()
                ? told(state, left, EventType.IN_PROGRESS, null)
                : new Folded(
                        new State(
                                state.team(),
                                state.child(),
                                state.environmentType(),
                                left,
                                state.last()),
                        List.of());
    }

    private static Set<String> with(Set<String> waiting, List<String> more) {
        Set<String> all = new TreeSet<>(waiting);
        all.addAll(more);
        return all;
    }

    private static Folded told(
            State state, Set<String> waiting, EventType type, @Nullable String actionType) {
        State next = state.of(waiting, type);
        List<Event> events = new ArrayList<>();
        // Another call to answer is news even where one waits already.
        if (!state.child() && (type != state.last() || type == EventType.ACTION_REQUIRED)) {
            events.add(new Event(type, actionType));
        }
        return new Folded(next, List.copyOf(events));
    }
}
