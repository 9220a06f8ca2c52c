package entrepot.gateway.agents;

import entrepot.gateway.environments.EnvironmentJson;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.tools.web.WebTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Locale;

/** Sessions, turns and items, as the API shows them. */
public final class SessionJson {

    private SessionJson() {}

    /** A session as every answer shows it. */
    public static ObjectNode session(Sessions.Session session) {
        return session(session, null);
    }

    /**
     * @param consumedCents what it has spent; null where that is not known
     */
    static ObjectNode session(Sessions.Session session, @Nullable Long consumedCents) {
        ObjectNode json = Json.object().put("id", session.id()).put("object", "agent.session");
        json.set("agent", AgentJson.snapshot(session.agent()));
        json.put("created_at", session.createdSeconds())
                .put("last_active_at", session.lastActiveSeconds());
        json.set(
                "environment",
                EnvironmentJson.ofSession(session.configuration().settings().environment()));
        json.put("error", session.error());
        json.set("metadata", AgentJson.metadata(session.metadata()));
        ArrayNode actions = json.putArray("required_actions");
        for (View.RequiredAction action : session.requiredActions()) {
            View.Approval approval = action.approval();
            ObjectNode call =
                    actions.addObject()
                            .put("type", "function_call")
                            .put("turn_id", action.turnId());
            if (!action.path().isEmpty()) {
                ArrayNode path = call.putArray("subagent_path");
                action.path().forEach(path::add);
            }
            if (approval == null) {
                call.put("call_id", action.callId()).put("name", action.name());
                call.set("arguments", ContentJson.arguments(action.arguments()));
            } else {
                call.put("call_id", approval.id()).put("name", ApprovalJson.FUNCTION);
                call.set("arguments", ApprovalJson.arguments(approval, action.arguments()));
            }
        }
        json.put("status", word(session.status()));
        json.set("usage", ContentJson.usage(session.usage()));
        ArrayNode vaults = json.putArray("vault_ids");
        session.configuration().settings().vaultIds().forEach(vaults::add);
        Long limit = session.configuration().settings().spendCentsMax();
        if (limit != null) {
            json.putObject("spend_control").put("limit", limit).put("consumed", consumedCents);
        }
        descent(json, session.ancestor());
        return json;
    }

    /** What no other server tells stands in a member of our own, and only where it is so. */
    private static void descent(ObjectNode json, Fact.@Nullable Ancestor ancestor) {
        if (ancestor != null) {
            json.putObject("entrepot")
                    .putObject(ancestor.imported() ? "imported_from" : "forked_from")
                    .put("session_id", ancestor.sessionId())
                    .put("at", ancestor.seq());
        }
    }

    /**
     * @param subagentId null for a turn of the root agent
     */
    static ObjectNode turn(
            String sessionId, String agentId, @Nullable String subagentId, View.Turn turn) {
        ObjectNode json =
                Json.object()
                        .put("id", turn.id())
                        .put("object", "agent.session.turn")
                        .put("session_id", sessionId)
                        .put("agent_id", agentId)
                        .put("subagent_id", subagentId)
                        .put("status", word(turn.status()))
                        .put("created_at", turn.createdSeconds())
                        .put("started_at", turn.startedSeconds())
                        .put("completed_at", turn.completedSeconds());
        if (turn.errorCode() == null) {
            json.putNull("error");
        } else {
            json.putObject("error")
                    .put("code", turn.errorCode())
                    .put("message", turn.errorMessage() == null ? "" : turn.errorMessage());
        }
        json.set("usage", ContentJson.usage(turn.usage()));
        return json;
    }

    /** An item as lists, streams and bundles show it. */
    public static ObjectNode item(View.Item item) {
        return switch (item) {
            case View.Item.UserMessage message -> {
                ObjectNode json = head(item, "message").put("role", "user").putNull("phase");
                json.set("content", ContentJson.input(message.parts()));
                yield status(json, message.status());
            }
            case View.Item.AssistantMessage message -> {
                ObjectNode json =
                        head(item, "message")
                                .put("role", "assistant")
                                .put("phase", phase(message.last(), message.status()));
                json.set("content", ContentJson.output(message.parts()));
                yield status(json, message.status());
            }
            case View.Item.Reasoning reasoning -> {
                ObjectNode json = head(item, "reasoning");
                ArrayNode summary = json.putArray("summary");
                if (!reasoning.text().isEmpty()) {
                    summary.add(ContentJson.summaryText(reasoning.text()));
                }
                yield status(json, reasoning.status());
            }
            case View.Item.FunctionCall call -> {
                ObjectNode json =
                        head(item, "function_call")
                                .put("call_id", call.callId())
                                .put("name", call.name());
                json.set("arguments", ContentJson.arguments(call.arguments()));
                yield status(json, call.status());
            }
            case View.Item.FunctionCallOutput output -> {
                ObjectNode json =
                        head(item, "function_call_output").put("call_id", output.callId());
                json.set("output", ContentJson.functionOutput(output.output()));
                yield status(json.put("error", output.error()), output.status());
            }
            case View.Item.ApprovalRequest request -> question(request);
            case View.Item.AgentMessage message -> SubagentJson.message(message);
            case View.Item.SubagentCall call -> SubagentJson.call(call);
            case View.Item.Command command -> command(command);
            case View.Item.ToolUse use when use.server().equals(WebTools.LABEL) ->
                    webSearch(item, use);
            case View.Item.ToolUse use -> {
                ObjectNode json =
                        head(item, "mcp_call")
                                .put("server_label", use.server())
                                .put("name", use.name());
                json.set("arguments", ContentJson.arguments(use.arguments()));
                yield status(
                        json.put("output", use.output()).put("error", use.error()), use.status());
            }
        };
    }

    private static ObjectNode question(View.Item.ApprovalRequest request) {
        ObjectNode json =
                head(request, "function_call")
                        .put("call_id", request.id())
                        .put("name", ApprovalJson.FUNCTION);
        json.set("arguments", ApprovalJson.arguments(request.approval(), request.arguments()));
        return status(json, request.status());
    }

    private static ObjectNode command(View.Item.Command command) {
        ObjectNode json =
                head(command, "command_execution")
                        .put("command", command.command())
                        .put("cwd", command.folder())
                        .put("exit_code", command.exitCode())
                        .put("output", command.output())
                        .put("duration_ms", command.millis());
        return status(json, command.status());
    }

    /** A search, or a page that was opened; what was found is for the model alone. */
    private static ObjectNode webSearch(View.Item item, View.Item.ToolUse use) {
        ObjectNode json = head(item, "web_search_call");
        JsonNode arguments = ContentJson.arguments(use.arguments());
        ObjectNode action = json.putObject("action");
        if (use.name().equals("open_page")) {
            action.put("type", "open_page").put("url", arguments.path("url").asString(""));
        } else {
            action.put("type", "search").put("query", arguments.path("query").asString(""));
        }
        return status(
                json,
                use.status() == View.ItemStatus.FAILED ? View.ItemStatus.INCOMPLETE : use.status());
    }

    static ObjectNode head(View.Item item, String type) {
        return Json.object().put("id", item.id()).put("type", type).put("turn_id", item.turnId());
    }

    static ObjectNode status(ObjectNode json, View.ItemStatus status) {
        return json.put("status", word(status));
    }

    /** Known only of a message that is complete: until then the model may yet ask for tools. */
    private static @Nullable String phase(boolean last, View.ItemStatus status) {
        if (status != View.ItemStatus.COMPLETED) {
            return null;
        }
        return last ? "final_answer" : "commentary";
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
