package entrepot.gateway.agents;

import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.runtime.tools.skills.SkillTools;
import entrepot.runtime.tools.web.WebTools;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Agents as the API shows them: the saved object, and the snapshot inside a session. */
public final class AgentJson {

    private AgentJson() {}

    static ObjectNode saved(Agents.Agent agent) {
        ObjectNode json = Json.object().put("id", agent.snapshot().id()).put("object", "agent");
        json.put("created_at", agent.createdSeconds()).put("updated_at", agent.updatedSeconds());
        describe(json, agent.snapshot(), true);
        json.set("metadata", metadata(agent.metadata()));
        return json;
    }

    public static ObjectNode snapshot(AgentSnapshot agent) {
        ObjectNode json = Json.object().put("id", agent.id());
        describe(json, agent, false);
        return json;
    }

    public static ObjectNode metadata(Map<String, String> metadata) {
        ObjectNode json = Json.object();
        metadata.forEach(json::put);
        return json;
    }

    private static void describe(ObjectNode json, AgentSnapshot agent, boolean persisted) {
        json.put("name", agent.name())
                .put("model", agent.model())
                .put("instructions", agent.instructions());
        json.set("tools", tools(agent.tools(), persisted));
        // Settings were resolved when the agent was read; older snapshots may lack newer members.
        json.setAll(AgentSettings.DEFAULTS.deepCopy());
        if (agent.settings() instanceof ObjectNode settings) {
            json.setAll(settings);
        }
    }

    private static ArrayNode tools(List<ToolSpec> tools, boolean persisted) {
        ArrayNode json = Json.object().arrayNode();
        for (ToolSpec tool : tools) {
            json.add(
                    switch (tool) {
                        case ToolSpec.Function function -> function(function);
                        case ToolSpec.Server server -> server(server, persisted);
                    });
        }
        return json;
    }

    private static ObjectNode function(ToolSpec.Function function) {
        ObjectNode json = Json.object().put("type", "function").put("name", function.name());
        json.put("description", function.description() == null ? "" : function.description());
        json.set(
                "parameters",
                function.parameters() == null ? Json.object() : function.parameters());
        return json.put("async", false).put("defer_loading", false);
    }

    private static ObjectNode webSearch(WebTools.Settings settings) {
        ObjectNode json =
                Json.object()
                        .put("type", "web_search")
                        .put("mode", settings.mode())
                        .put("context_size", settings.contextSize());
        ArrayNode domains = json.putArray("allowed_domains");
        settings.allowedDomains().forEach(domains::add);
        return json.putNull("location");
    }

    private static ObjectNode skills(List<SkillTools.Named> named) {
        ObjectNode json = Json.object().put("type", "skills");
        ArrayNode skills = json.putArray("skills");
        for (SkillTools.Named each : named) {
            skills.addObject()
                    .put("type", "skill_reference")
                    .put("skill_id", each.skillId())
                    .put("version", each.version());
        }
        return json;
    }

    private static ObjectNode server(ToolSpec.Server server, boolean persisted) {
        if (server.address().equals(AutomationTools.URL)) {
            return Json.object().put("type", "automations");
        }
        if (server.address().equals(WebTools.URL)) {
            return webSearch(WebTools.Settings.of(server));
        }
        List<SkillTools.Named> skills = SkillTools.parse(server.address());
        if (skills != null) {
            return skills(skills);
        }
        ObjectNode json = Json.object().put("type", "mcp").put("server_label", server.label());
        json.set("transport", transport(server.transport(), persisted));
        if (server.allowedTools() == null) {
            json.putNull("allowed_tools");
        } else {
            ArrayNode allowed = json.putArray("allowed_tools");
            server.allowedTools().forEach(allowed::add);
        }
        json.put("connection_origin", server.origin().name().toLowerCase(Locale.ROOT))
                .put("credential_id", server.credentialId());
        ObjectNode metadata = json.putObject("request_metadata");
        server.requestMetadata().forEach(metadata::set);
        return json.put("required", server.required());
    }

    /** What is sealed is never shown, nor are the headers of a session's tool. */
    private static ObjectNode transport(Transport transport, boolean persisted) {
        ObjectNode json = Json.object();
        switch (transport) {
            case Transport.Http http -> {
                json.put("type", "http").put("server_url", http.url());
                if (persisted) {
                    http.headers().forEach(json.putObject("headers")::put);
                }
            }
            case Transport.Stdio stdio -> {
                json.put("type", "stdio").put("command", stdio.command());
                stdio.args().forEach(json.putArray("args")::add);
                json.put("cwd", stdio.cwd());
                stdio.envVars().forEach(json.putArray("env_vars")::add);
            }
        }
        return json;
    }
}
