package entrepot.runtime.turn;

import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentJson;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/**
 * What lists and admission need to know of a session without reading its journal. It is written
 * with each append, in the same statement, so that it never differs from the facts.
 *
 * @param turnId the open turn
 * @param waiting calls whose results the turn waits for
 * @param error what the last turn failed of
 * @param changed what the session is told, when that is not what it was made with
 * @param ancestor which session it was copied from; null when it was not
 */
public record Summary(
        @Nullable String turnId,
        List<Waiting> waiting,
        Usage usage,
        @Nullable String error,
        @Nullable Configuration changed,
        Fact.@Nullable Ancestor ancestor) {

    public static final Summary EMPTY = new Summary(null, List.of(), Usage.NONE, null, null, null);

    private static final JsonMapper MAPPER = AgentJson.words(JsonMapper.builder()).build();

    public Summary {
        waiting = List.copyOf(waiting);
    }

    /**
     * A call that somebody outside has to answer.
     *
     * @param name of the function, or of the tool that needs approval
     * @param approval null for a function call
     */
    public record Waiting(
            String turnId,
            String callId,
            String name,
            String arguments,
            Call.@Nullable Held approval) {}

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
                waiting(state),
                session.usage(),
                session.error(),
                session.changed() ? session.configuration() : null,
                session.ancestor());
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
                                        call.progress() == Call.Progress.HELD ? call.held() : null))
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
