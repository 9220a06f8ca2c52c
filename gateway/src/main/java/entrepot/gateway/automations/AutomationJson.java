package entrepot.gateway.automations;

import entrepot.gateway.agents.AgentJson;
import entrepot.gateway.agents.ContentJson;
import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.automations.Automation;
import entrepot.runtime.automations.Invocation;
import entrepot.runtime.automations.Schedule;
import entrepot.runtime.automations.Target;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** Automations and invocations as the API shows them. */
final class AutomationJson {

    private AutomationJson() {}

    static ObjectNode automation(Automation automation) {
        ObjectNode json =
                Json.object()
                        .put("id", automation.id())
                        .put("object", "agent.automation")
                        .put("name", automation.name())
                        .put("status", automation.status().name().toLowerCase(Locale.ROOT))
                        .put("created_at", automation.createdMillis() / 1000);
        switch (automation.schedule()) {
            case Schedule.Periodic periodic ->
                    json.put("type", "periodic")
                            .put("expression", periodic.expression())
                            .put("timezone", periodic.timezone());
            case Schedule.Once once -> json.put("type", "once").put("run_at", once.runAtSeconds());
        }
        json.set("target", target(automation.target()));
        json.set("metadata", AgentJson.metadata(automation.metadata()));
        Automation.Creator creator = automation.creator();
        ObjectNode by = json.putObject("created_by");
        if (creator == null) {
            by.put("type", "developer");
        } else {
            by.put("type", "agent")
                    .put("session_id", creator.sessionId())
                    .put("tool_call_id", creator.callId());
        }
        return json;
    }

    private static ObjectNode target(Target target) {
        ObjectNode json = Json.object();
        return switch (target) {
            case Target.ExistingSession there ->
                    json.put("type", "existing_session")
                            .put("session_id", there.sessionId())
                            .put("instructions", there.instructions());
            case Target.NewSession made -> {
                json.put("type", "new_session").put("agent_id", made.agentId());
                AgentSnapshot agent = made.agent();
                if (agent == null) {
                    json.putNull("agent");
                } else {
                    ObjectNode inline = AgentJson.snapshot(agent);
                    inline.remove("id");
                    inline.remove("name");
                    json.set("agent", inline);
                }
                json.set("environment", made.settings().environment());
                ArrayNode input = json.putArray("input");
                made.input()
                        .forEach(parts ->
                                input.addObject()
                                        .put("type", "message")
                                        .put("role", "user")
                                        .set("content", ContentJson.input(parts)));
                json.set("metadata", AgentJson.metadata(made.metadata()));
                ArrayNode vaults = json.putArray("vault_ids");
                made.settings().vaultIds().forEach(vaults::add);
                yield json;
            }
        };
    }

    static ObjectNode invocation(Invocation invocation) {
        Long scheduled = invocation.scheduledMillis();
        ObjectNode json =
                Json.object()
                        .put("id", invocation.id())
                        .put("object", "agent.automation.invocation")
                        .put("automation_id", invocation.automationId())
                        .put("created_at", invocation.createdMillis() / 1000)
                        .put("status", invocation.status().name().toLowerCase(Locale.ROOT))
                        .put("scheduled_at", scheduled == null ? null : (Long) (scheduled / 1000))
                        .put("session_id", invocation.sessionId())
                        .put(
                                "skip_reason",
                                invocation.status() == Invocation.Status.SKIPPED
                                        ? "pending_delivery"
                                        : null);
        ObjectNode source = json.putObject("source");
        Automation snapshot = invocation.snapshot();
        if (snapshot == null) {
            source.put("type", "manual");
        } else {
            source.put("type", "automation").set("automation", automation(snapshot));
        }
        Invocation.Failure error = invocation.error();
        if (error == null) {
            json.putNull("error");
        } else {
            json.putObject("error").put("code", error.code()).put("message", error.message());
        }
        return json;
    }
}
