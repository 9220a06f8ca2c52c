package entrepot.runtime.agents;

import entrepot.identity.Caller;

import java.util.List;

/** Looks at an agent before it is saved or given a session. */
@FunctionalInterface
public interface AgentCheck {

    AgentCheck NONE = (caller, agent, vaultIds) -> {};

    /**
     * @param vaultIds of the session that is to be; empty for an agent that is saved
     * @throws entrepot.conversation.Failed when it names what there is not
     */
    void check(Caller caller, AgentSnapshot agent, List<String> vaultIds);
}
