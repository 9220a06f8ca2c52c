package entrepot.runtime.turn;

import entrepot.conversation.Failure;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
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
     * @param ancestor which session it was copied from; null when it was not
     * @param inputSeen number of the last letter that is in the journal
     * @param functions names of the tools that the caller's application runs
     * @param approved tools approved for the session, each as {@code server/tool}
     * @param family its subagents
     * @param error what the last turn failed of, until another starts
     * @param environment how its environment stands; null when it has none, or none was made ready
     * @param problem what is wrong with that
     */
    record Session(
            Configuration configuration,
            boolean changed,
            Fact.@Nullable Parent parent,
            Fact.@Nullable Ancestor ancestor,
            String team,
            String principal,
            String keyId,
            long inputSeen,
            Set<String> functions,
            Set<String> approved,
            Family family,
            Usage usage,
            @Nullable String error,
            @Nullable EnvironmentStatus environment,
            @Nullable String problem) {

        public Session {
            functions = Set.copyOf(functions);
            approved = Set.copyOf(approved);
        }

        static Session of(Fact.SessionCreated created) {
            return new Session(
                    created.configuration(),
                    false,
                    created.parent(),
                    null,
                    created.team(),
                    created.principal(),
                    created.keyId(),
                    0,
                    functions(created.agent()),
                    Set.of(),
                    Family.NONE,
                    Usage.NONE,
                    null,
                    null,
                    null);
        }

        private static Set<String> functions(AgentSnapshot agent) {
            Set<String> functions = new HashSet<>();
            for (ToolSpec tool : agent.tools()) {
                if (tool instanceof ToolSpec.Function function) {
                    functions.add(function.name());
                }
            }
            return functions;
        }

        Session told(Configuration now) {
            return new Session(
                    now,
                    true,
                    parent,
                    ancestor,
                    team,
                    principal,
                    keyId,
                    inputSeen,
                    functions(now.agent()),
                    approved,
                    family,
                    usage,
                    error,
                    environment,
                    problem);
        }

        Session placed(EnvironmentStatus status, @Nullable String why) {
            return new Session(
                    configuration,
                    changed,
                    parent,
                    ancestor,
                    team,
                    principal,
                    keyId,
                    inputSeen,
                    functions,
                    approved,
                    family,
                    usage,
                    error,
                    status,
                    why);
        }

        Session forked(Fact.SessionForked fork) {
            return new Session(
                    fork.configuration(),
                    true,
                    null,
                    fork.ancestor(),
                    team,
                    fork.principal(),
                    fork.keyId(),
                    inputSeen,
                    functions(fork.configuration().agent()),
                    Set.of(),
                    Family.NONE,
                    Usage.NONE,
                    null,
                    null,
                    null);
        }

        Session approving(String tool) {
            Set<String> tools = new HashSet<>(approved);
            tools.add(tool);
            return with(inputSeen, tools, family, usage, error);
        }

        Session seen(long inputNumber) {
            return with(Math.max(inputSeen, inputNumber), approved, family, usage, error);
        }

        Session used(Usage more) {
            return with(inputSeen, approved, family, Meters.sum(usage, more), error);
        }

        Session failing(@Nullable String why) {
            return with(inputSeen, approved, family, usage, why);
        }

        Session of(Fact.OfSubagent fact) {
            return with(inputSeen, approved, family.next(fact), usage, error);
        }

        private Session with(
                long inputNumber, Set<String> tools, Family kin, Usage sum, @Nullable String why) {
            return new Session(
                    configuration,
                    changed,
                    parent,
                    ancestor,
                    team,
                    principal,
                    keyId,
                    inputNumber,
                    functions,
                    tools,
                    kin,
                    sum,
                    why,
                    environment,
                    problem);
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
