package entrepot.runtime.session;

import entrepot.runtime.agents.AgentJson;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.FactCodec;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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
                + JSON.writeValueAsString(session.configuration().settings().withoutEnvironment())
                + without(session.configuration().settings().environment())
                + JSON.writeValueAsString(session.input());
    }

    static String of(List<Sessions.Input> inputs) {
        var body = new StringBuilder();
        for (Sessions.Input input : inputs) {
            body.append(input.getClass().getSimpleName()).append(JSON.writeValueAsString(input));
        }
        return body.toString();
    }

    /** A place made for this try has an id of its own, and so have its files. */
    private static String without(JsonNode environment) {
        JsonNode bare = environment.deepCopy();
        bare.forEach(member -> {
            if (member.isArray()) {
                member.forEach(each -> removeId(each));
            }
        });
        removeId(bare);
        return bare.toString();
    }

    private static void removeId(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove("id");
        }
    }
}
