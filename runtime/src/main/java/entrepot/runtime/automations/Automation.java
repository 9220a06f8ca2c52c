package entrepot.runtime.automations;

import entrepot.identity.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * A schedule and where it delivers to.
 *
 * @param nextMillis when it falls due next, in ms since 1970; null when paused or done
 */
public record Automation(
        String id,
        String name,
        Map<String, String> metadata,
        Schedule schedule,
        Target target,
        Status status,
        @Nullable Creator creator,
        Owner owner,
        @Nullable Long nextMillis,
        long createdMillis) {

    public Automation {
        metadata = Map.copyOf(metadata);
    }

    /** Whether it delivers. Completed: its one time has come. */
    public enum Status {
        ACTIVE,
        PAUSED,
        COMPLETED
    }

    /** The agent that made it, by a call of a tool; a caller's have none. */
    public record Creator(String sessionId, String callId) {}

    /** For whom it delivers: who made it. */
    public record Owner(String tenant, String team, String principal, String keyId) {

        static Owner of(Caller caller) {
            return new Owner(caller.tenant(), caller.team(), caller.principal(), caller.keyId());
        }

        Caller caller() {
            return new Caller(
                    tenant,
                    team,
                    principal,
                    keyId,
                    Set.of(Caller.Scope.AGENTS, Caller.Scope.MODELS));
        }
    }
}
