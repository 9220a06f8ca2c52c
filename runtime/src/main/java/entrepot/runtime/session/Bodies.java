package entrepot.runtime.session;

import entrepot.runtime.agents.AgentJson;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.FactCodec;

import tools.jackson.databind.json.JsonMapper;

import java.util.List;

/** What makes a request with an idempotency key the same as another. */
final class Bodies {

    private static final JsonMapper JSON = FactCodec.words().build();

    private Bodies() {}

    /** The agent's id is left out: an inline agent gets a new one with each try. */
    static String of(Sessions.NewSession session) {
        AgentSnapshot agent = session.configuration().agent();
        AgentSnapshot nameless =
                new AgentSnapshot(
                        "",
                        agent.name(),
                        agent.model(),
                        agent.instructions(),
                        agent.tools(),
                        agent.settings());
        return AgentJson.write(nameless)
                + JSON.writeValueAsString(session.configuration().metadata())
                + JSON.writeValueAsString(session.configuration().settings())
                + JSON.writeValueAsString(session.input());
    }

    static String of(List<Sessions.Input> inputs) {
        var body = new StringBuilder();
        for (Sessions.Input input : inputs) {
            body.append(input.getClass().getSimpleName()).append(JSON.writeValueAsString(input));
        }
        return body.toString();
    }
}
