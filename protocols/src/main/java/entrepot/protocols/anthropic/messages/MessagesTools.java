package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What the model may call, and whether it must. */
final class MessagesTools {

    /** What Anthropic takes for a name (openapi, Tool.name). */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");

    private static final Set<String> TYPES = Set.of("auto", "any", "none", "tool");

    private MessagesTools() {}

    static List<Tool> read(Members body) {
        ArrayNode list = body.list("tools");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            body.keep("tools", list);
            return List.of();
        }
        var tools = new ArrayList<Tool>(list.size());
        for (int i = 0; i < list.size(); i++) {
            read(list.get(i), "tools[" + i + "]", tools);
        }
        return tools;
    }

    private static void read(JsonNode node, String path, List<Tool> tools) {
        Members tool = Members.strict(node, path);
        JsonNode type = tool.peek("type");
        if (!type.isMissingNode() && !type.isNull() && !type.asString("").equals("custom")) {
            // Tools that run at the supplier's, or that only Anthropic's models know.
            tools.add(new Tool.Unknown(DIALECT, node));
            return;
        }
        String name = tool.requiredText("name");
        if (name.isEmpty()) {
            throw tool.wrong("name", "a tool needs a name.");
        }
        String description = tool.text("description");
        JsonNode schema = tool.tree("input_schema");
        Boolean strict = tool.flag("strict");
        CacheMarks.Mark mark = CacheMarks.take(tool);
        tools.add(new Tool.Function(name, description, schema, strict, tool.extras(DIALECT)));
        if (mark != null) {
            tools.add(new Tool.CachePoint(mark.ttl()));
        }
    }

    static void write(Request request, ObjectNode body) {
        ArrayNode list = Json.object().arrayNode();
        List<Tool> tools = request.tools();
        for (int i = 0; i < tools.size(); i++) {
            switch (tools.get(i)) {
                case Tool.Function function -> list.add(function(function, i));
                case Tool.CachePoint point -> CacheMarks.put(list, point.ttl());
                case Tool.Unknown unknown -> {
                    if (unknown.dialect().equals(DIALECT)) {
                        list.add(unknown.raw());
                    }
                }
            }
        }
        if (!list.isEmpty()) {
            body.set("tools", list);
        }
        JsonNode choice = choice(request, !list.isEmpty());
        if (choice != null) {
            body.set("tool_choice", choice);
        }
    }

    private static ObjectNode function(Tool.Function tool, int index) {
        if (!NAME.matcher(tool.name()).matches() && tool.extras().isEmpty()) {
            String path = "tools[" + index + "].name";
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "Invalid value for '"
                                    + path
                                    + "': this model's supplier takes 1 to 128 letters, digits,"
                                    + " hyphens and underscores.",
                            path));
        }
        ObjectNode node = Json.object().put("name", tool.name());
        if (tool.description() != null) {
            node.put("description", tool.description());
        }
        if (tool.parameters() != null) {
            node.set("input_schema", tool.parameters());
        } else if (tool.extras().isEmpty()) {
            node.putObject("input_schema").put("type", "object").putObject("properties");
        }
        if (tool.strict() != null) {
            node.put("strict", tool.strict());
        }
        return Residue.fill(node, tool.extras(), DIALECT);
    }

    static ToolChoice choice(Members body) {
        JsonNode raw = body.peek("tool_choice");
        if (raw.isMissingNode() || raw.isNull()) {
            return ToolChoice.AUTO;
        }
        Members choice = Members.strict(raw, "tool_choice");
        String type = choice.requiredText("type");
        return switch (type) {
            case "auto" -> ToolChoice.AUTO;
            case "any" -> new ToolChoice.Required();
            case "none" -> new ToolChoice.None();
            case "tool" -> new ToolChoice.Named(choice.requiredText("name"));
            default -> new ToolChoice.Unknown(DIALECT, raw);
        };
    }

    /**
     * Takes the choice, and what it says about calls at a time. It stays among the extras where it
     * says what holds anyway, or more than the record can.
     */
    static @Nullable Boolean parallel(Members body, boolean tools) {
        JsonNode raw = body.peek("tool_choice");
        JsonNode disable = raw.path("disable_parallel_tool_use");
        Boolean parallel = disable.isBoolean() ? !disable.booleanValue() : null;
        String type = raw.path("type").asString("");
        if (raw.isObject() && !TYPES.contains(type)) {
            body.take("tool_choice");
            return null;
        }
        int carried = (type.equals("tool") ? 2 : 1) + (parallel == null ? 0 : 1);
        boolean whole = raw.size() == carried;
        boolean written =
                switch (type) {
                    case "auto" -> tools && parallel != null;
                    case "none" -> parallel == null;
                    default -> true;
                };
        if (whole && written) {
            body.take("tool_choice");
        }
        return parallel;
    }

    /** Null for what is not to be written; without tools Anthropic takes no choice. */
    private static @Nullable JsonNode choice(Request request, boolean tools) {
        Boolean parallel = request.sampling().parallelToolCalls();
        if (request.toolChoice() instanceof ToolChoice.Unknown unknown) {
            return unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        }
        ObjectNode node = Json.object();
        switch (request.toolChoice()) {
            case ToolChoice.Auto _ -> {
                if (parallel == null || !tools) {
                    return null;
                }
                node.put("type", "auto");
            }
            case ToolChoice.None _ -> {
                return node.put("type", "none");
            }
            case ToolChoice.Required _ -> node.put("type", "any");
            case ToolChoice.Named named -> node.put("type", "tool").put("name", named.name());
            case ToolChoice.Unknown _ -> {}
        }
        if (parallel != null) {
            node.put("disable_parallel_tool_use", !parallel);
        }
        return node;
    }
}
