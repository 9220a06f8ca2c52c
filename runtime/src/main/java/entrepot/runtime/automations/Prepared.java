package entrepot.runtime.automations;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.identity.Caller;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.Agents;

/** Targets with everything in them that a delivery needs, so that each try delivers the same. */
final class Prepared {

    private Prepared() {}

    /**
     * @throws Failed when a saved agent is not there any more
     */
    static Target of(Target target, Agents agents, Caller caller) {
        return switch (target) {
            case Target.ExistingSession there -> there;
            case Target.NewSession made -> {
                String agentId = made.agentId();
                if (agentId == null) {
                    yield made;
                }
                AgentSnapshot agent =
                        agents.find(caller, agentId)
                                .orElseThrow(() ->
                                        new Failed(
                                                Failure.of(
                                                        Failure.Cause.NOT_FOUND,
                                                        "There is no agent "
                                                                + agentId
                                                                + " any more.")))
                                .snapshot();
                yield new Target.NewSession(
                        null, agent, made.settings(), made.metadata(), made.input());
            }
        };
    }

    static AgentSnapshot withId(AgentSnapshot agent, String id) {
        return new AgentSnapshot(
                id,
                agent.name(),
                agent.model(),
                agent.instructions(),
                agent.tools(),
                agent.settings());
    }
}
