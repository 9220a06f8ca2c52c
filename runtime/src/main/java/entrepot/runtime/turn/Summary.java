package entrepot.runtime.turn;

import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentJson;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.ArrayList;
import java.util.List;

/**
 * What lists and admission need to know of a session without reading its journal. It is written
 * with each append, in the same statement, so that it never differs from the facts.
 *
 * @param turnId the open turn
 * @param waiting calls whose results the turn waits for
 * @param error what the last turn failed of
 * @param changed what the session is told, when that is not what it was made with
 * @param subagents those that are open
 * @param ancestor which session it was copied from; null when it was not
 */
public record Summary(
        @Nullable String turnId,
        List<Waiting> waiting,
        Usage usage,
        @Nullable String error,
        @Nullable Configuration changed,
        Fact.@Nullable Ancestor ancestor,
        List<String> subagents) {

    public static final Summary EMPTY =
            new Summary(null, List.of(), Usage.NONE, null, null, null, List.of());

    private static final JsonMapper MAPPER = AgentJson.words(JsonMapper.builder()).build();

    /** Rows of older versions name no subagents. */
    @SuppressWarnings("RedundantNullCheck")
    public Summary {
        waiting = List.copyOf(waiting);
        subagents = subagents == null ? List.of() : List.copyOf(subagents);
    }

    /**
     * A call that somebody outside has to answer.
     *
     * @param name of the function, or of the tool that needs approval
     * @param approval null for a function call
     * @param path the subagents down to the one that asks; empty for the session itself
     */
    public record Waiting(
            String turnId,
            String callId,
            String name,
            String arguments,
            Call.@Nullable Held approval,
            List<String> path) {

        /** Rows of older versions have no path. */
        @SuppressWarnings("RedundantNullCheck")
        public Waiting {
            path = path == null ? List.of() : List.copyOf(path);
        }

        /** A question of a subagent. */
        public static Waiting of(List<String> path, Fact.ApprovalAsked asked) {
            return new Waiting(
                    asked.turnId(),
                    asked.callId(),
                    asked.name(),
                    asked.arguments(),
                    new Call.Held(
                            asked.approvalId(),
                            asked.server(),
                            asked.name(),
                            asked.digest(),
                            asked.reason(),
                            asked.expiresMillis()),
                    path);
        }
    }

    /** How many calls wait for approval. */
    public long approvals() {
        return waiting.stream().filter(each -> each.approval() != null).count();
    }

    public static Summary of(TurnState state) {
        TurnState.Session session = state.sessionIf();
        if (session == null) {
            return EMPTY;
        }
        Turn turn = state.turnIf();
        return new Summary(
                turn == null ? null : turn.id(),
                waiting(state, session.family()),
                session.usage(),
                session.error(),
                session.changed() ? session.configuration() : null,
                session.ancestor(),
                session.family().open().stream().map(Family.Member::id).toList());
    }

    private static List<Waiting> waiting(TurnState state, Family family) {
        List<Waiting> all = new ArrayList<>(waiting(state));
        for (Family.Asking asking : family.asking()) {
            all.add(Waiting.of(asking.path(), asking.question()));
        }
        return all;
    }

    private static List<Waiting> waiting(TurnState state) {
        return state instanceof TurnState.Working working
                ? working.calls().stream()
                        .filter(call ->
                                call.progress() == Call.Progress.AWAITED
                                        || call.progress() == Call.Progress.HELD)
                        .map(call ->
                                new Waiting(
                                        working.turn().id(),
                                        call.callId(),
                                        call.name(),
                                        call.arguments(),
                                        call.progress() == Call.Progress.HELD ? call.held() : null,
                                        List.of()))
                        .toList()
                : List.of();
    }

    public String written() {
        return MAPPER.writeValueAsString(this);
    }

    public static Summary read(String written) {
        return MAPPER.readValue(written, Summary.class);
    }
}
