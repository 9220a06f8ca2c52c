package entrepot.runtime.turn;

import entrepot.conversation.Failure;
import entrepot.conversation.StopReason;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/** Where a session stands. Made by {@link Replay} from facts and by nothing else. */
public sealed interface TurnState {

    /** No fact yet. */
    record Nothing() implements TurnState {}

    /** No turn is open. */
    record Idle(Session session) implements TurnState {}

    /** A model call comes next. */
    record Ready(Session session, Turn turn) implements Open {}

    /** A model call was begun and nothing is known of its end. */
    record Calling(Session session, Turn turn) implements Open {}

    /** The model call failed for the last time. */
    record Broken(Session session, Turn turn, Failure failure) implements Open {}

    /** The model has said its last word. */
    record Answered(Session session, Turn turn, StopReason stopReason) implements Open {}

    /** The model has asked for tools, and not every call is done. */
    record Working(Session session, Turn turn, List<Call> calls) implements Open {
        public Working {
            calls = List.copyOf(calls);
        }

        public List<Call> calls(boolean ours, Call.Progress progress) {
            return calls.stream()
                    .filter(call -> call.ours() == ours && call.progress() == progress)
                    .toList();
        }
    }

    /** A turn is open. */
    sealed interface Open extends TurnState {
        Session session();

        Turn turn();
    }

    /**
     * What holds over all turns.
     *
     * @param changed whether that is not what it was made with
     * @param parent null for a session that a caller made
     * @param inputSeen number of the last letter that is in the journal
     * @param functions names of the tools that the caller's application runs
     * @param error what the last turn failed of, until another starts
     */
    record Session(
            Configuration configuration,
            boolean changed,
            Fact.@Nullable Parent parent,
            String team,
            String principal,
            String keyId,
            long inputSeen,
            Set<String> functions,
            entrepot.conversation.Usage usage,
            @Nullable String error) {

        public Session {
            functions = Set.copyOf(functions);
        }

        public AgentSnapshot agent() {
            return configuration.agent();
        }
    }

    /** The session, once there is one. */
    default @Nullable Session sessionIf() {
        return switch (this) {
            case Nothing nothing -> null;
            case Idle idle -> idle.session();
            case Open open -> open.session();
        };
    }

    /** The open turn, if there is one. */
    default @Nullable Turn turnIf() {
        return switch (this) {
            case Nothing nothing -> null;
            case Idle idle -> null;
            case Open open -> open.turn();
        };
    }

    default long inputSeen() {
        Session session = sessionIf();
        return session == null ? 0 : session.inputSeen();
    }
}
