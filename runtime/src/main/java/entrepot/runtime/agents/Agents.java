package entrepot.runtime.agents;

import entrepot.identity.Caller;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Optional;

/** Saved agents of a tenant. */
public interface Agents {

    /**
     * Saves an agent. Its snapshot's id is ignored: a new one is given.
     *
     * @param idempotencyKey the same key and agent give the first one again; null for none
     */
    Agent create(
            Caller caller,
            AgentSnapshot agent,
            Map<String, String> metadata,
            @Nullable String idempotencyKey);

    Optional<Agent> find(Caller caller, String agentId);

    /**
     * Puts a snapshot in the place of the saved one. Sessions keep what they were made with.
     *
     * @throws entrepot.conversation.Failed with NOT_FOUND when there is none with its id
     */
    Agent update(Caller caller, AgentSnapshot agent, Map<String, String> metadata);

    /** Deletes a saved agent. Its sessions go on; its id still works as a place in a list. */
    void delete(Caller caller, String agentId);

    Page<Agent> list(Caller caller, Page.Query query);

    record Agent(
            AgentSnapshot snapshot,
            Map<String, String> metadata,
            long createdSeconds,
            long updatedSeconds) {
        public Agent {
            metadata = Map.copyOf(metadata);
        }
    }
}
