package entrepot.protocols.openai.chat;

import static entrepot.protocols.openai.chat.ChatRequests.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;
import entrepot.protocols.openai.CustomTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

import java.util.ArrayList;
import java.util.List;

/** Tools, the choice among them, and the format of the answer. */
final class ChatTools {

    private ChatTools() {}

    static List<Tool> read(Members body) {
        JsonNode functions = body.peek(ChatForms.FUNCTIONS);
        if (ChatForms.areFunctions(body.peek("tools"), functions)) {
            return functions(body, (ArrayNode) functions);
        }
        if (functions.isObject()) {
            throw Members.wrongType(ChatForms.FUNCTIONS, "an array of objects", functions);
        }
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
            JsonNode node = list.get(i);
            Members tool = Members.strict(node, "tools[" + i + "]");
            if (isFunction(tool)) {
                tools.add(function(tool));
            } else {
                tools.add(isCustom(node) ? custom(tool, node) : new Tool.Unknown(DIALECT, node));
            }
        }
        return tools;
    }

    /** Deprecated; an empty object stays where they were, as the form of all tools. */
    private static List<Tool> functions(Members body, ArrayNode list) {
        var tools = new ArrayList<Tool>(list.size());
        for (int i = 0; i < list.size(); i++) {
            Members function = Members.strict(list.get(i), "functions[" + i + "]");
            tools.add(
                    new Tool.Function(
                            name(function),
                            function.text("description"),
                            function.tree("parameters"),
                            null,
                            function.extras(DIALECT)));
        }
        body.keep(ChatForms.FUNCTIONS, Json.object());
        return tools;
    }

    /** Whether the tools that were read are in the older form. */
    static boolean areFunctions(Members body) {
        return body.peek(ChatForms.FUNCTIONS).isObject();
    }

    /** Whether the tools of a request are in the older form. */
    static boolean areFunctions(Extras extras) {
        JsonNode form = Residue.of(extras, DIALECT, ChatForms.FUNCTIONS);
        return form != null && form.isObject();
    }

    private static boolean isCustom(JsonNode tool) {
        return tool.path("type").asString("").equals(ChatForms.CUSTOM)
                && tool.path(ChatForms.CUSTOM).isObject();
    }

    /** For all others it is a function with one argument; its type stays among the extras. */
    private static Tool custom(Members tool, JsonNode raw) {
        tool.keep("type", raw.path("type"));
        Members custom = tool.requiredObject(ChatForms.CUSTOM);
        String name = name(custom);
        return new Tool.Function(
                name,
                custom.text("description"),
                CustomTools.parameters(raw.path(ChatForms.CUSTOM).path("format").path("grammar")),
                null,
                tool.extras(DIALECT));
    }

    private static String name(Members function) {
        String name = function.requiredText("name");
        if (name.isEmpty()) {
            throw function.wrong("name", "a function needs a name.");
        }
        return name;
    }

    /** Mistral's clients leave the type of a function out; it is written again. */
    private static boolean isFunction(Members tool) {
        boolean untyped = tool.peek("type").isMissingNode() && tool.peek("function").isObject();
        return untyped || tool.requiredText("type").equals("function");
    }

    private static Tool function(Members tool) {
        tool.take("type");
        Members function = tool.requiredObject("function");
        String name = name(function);
        String description = function.text("description");
        JsonNode parameters = function.tree("parameters");
        Boolean strict = function.flag("strict");
        return new Tool.Function(name, description, parameters, strict, tool.extras(DIALECT));
    }

    static void write(Request request, ObjectNode body) {
        boolean functions = areFunctions(request.extras());
        ArrayNode list = Json.object().arrayNode();
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function ->
                        list.add(functions ? older(function) : function(function));
                case Tool.CachePoint _ -> {
                    // OpenAI's caches need no marks.
                }
                case Tool.Unknown unknown -> {
                    if (unknown.dialect().equals(DIALECT)) {
                        list.add(unknown.raw());
                    }
                }
            }
        }
        if (!list.isEmpty()) {
            body.set(functions ? ChatForms.FUNCTIONS : "tools", list);
        }
    }

    private static ObjectNode older(Tool.Function tool) {
        ObjectNode node = Json.object();
        described(tool, node);
        return Residue.fill(node, tool.extras(), DIALECT);
    }

    private static ObjectNode function(Tool.Function tool) {
        ObjectNode node = Json.object();
        if (ChatForms.isCustom(tool.extras())) {
            node.put("type", ChatForms.CUSTOM);
            ObjectNode custom = node.putObject(ChatForms.CUSTOM).put("name", tool.name());
            if (tool.description() != null) {
                custom.put("description", tool.description());
            }
        } else {
            described(tool, node.put("type", "function").putObject("function"));
        }
        return Residue.fill(node, tool.extras(), DIALECT);
    }

    private static void described(Tool.Function tool, ObjectNode function) {
        function.put("name", tool.name());
        if (tool.description() != null) {
            function.put("description", tool.description());
        }
        if (tool.parameters() != null) {
            function.set("parameters", tool.parameters());
        }
        if (tool.strict() != null) {
            function.put("strict", tool.strict());
        }
    }

    static ToolChoice choice(Members body, List<Tool> tools) {
        if (areFunctions(body) && !tools.isEmpty()) {
            return functionCall(body);
        }
        JsonNode node = body.peek("tool_choice");
        if (node.isMissingNode() || node.isNull()) {
            return ToolChoice.AUTO;
        }
        if (node.isString()) {
            switch (node.stringValue()) {
                case "auto" -> {
                    // Stays among the extras: said, though it changes nothing.
                    return ToolChoice.AUTO;
                }
                case "none" -> {
                    body.take("tool_choice");
                    return new ToolChoice.None();
                }
                case "required" -> {
                    body.take("tool_choice");
                    return new ToolChoice.Required();
                }
                default -> {}
            }
        } else if (!node.isObject()) {
            throw Members.wrongType("tool_choice", "a string or an object", node);
        }
        body.take("tool_choice");
        var named = new ToolChoice.Named(node.path("function").path("name").asString(""));
        if (node instanceof ObjectNode untyped && !untyped.has("type")) {
            JsonNode typed = Json.object().put("type", "function").setAll(untyped);
            if (typed.equals(choice(named))) {
                body.keep("tool_choice", node);
                return named;
            }
        }
        if (node.equals(choice(named))) {
            return named;
        }
        var custom = new ToolChoice.Named(node.path(ChatForms.CUSTOM).path("name").asString(""));
        return isCustom(custom, tools) && node.equals(customChoice(custom))
                ? custom
                : new ToolChoice.Unknown(DIALECT, node);
    }

    /** The choice among functions of the older form. */
    private static ToolChoice functionCall(Members body) {
        JsonNode node = body.peek(ChatForms.FUNCTION_CALL);
        if (node.isString() && node.stringValue().equals("none")) {
            body.take(ChatForms.FUNCTION_CALL);
            return new ToolChoice.None();
        }
        if (node.isObject() && node.size() == 1 && node.path("name").isString()) {
            body.take(ChatForms.FUNCTION_CALL);
            return new ToolChoice.Named(node.path("name").stringValue());
        }
        return ToolChoice.AUTO; // said or not, it stays among the extras
    }

    private static boolean isCustom(ToolChoice.Named named, List<Tool> tools) {
        return tools.stream()
                .anyMatch(tool ->
                        tool instanceof Tool.Function function
                                && function.name().equals(named.name())
                                && ChatForms.isCustom(function.extras()));
    }

    private static ObjectNode customChoice(ToolChoice.Named named) {
        ObjectNode node = Json.object().put("type", ChatForms.CUSTOM);
        node.putObject(ChatForms.CUSTOM).put("name", named.name());
        return node;
    }

    /** Writes the choice of a request, in the form of its tools. */
    static void choice(Request request, ObjectNode body) {
        boolean functions = areFunctions(request.extras());
        JsonNode node =
                request.toolChoice() instanceof ToolChoice.Named named && functions
                        ? Json.object().put("name", named.name())
                        : choice(request);
        if (node != null) {
            body.set(functions ? ChatForms.FUNCTION_CALL : "tool_choice", node);
        }
    }

    /** The choice of a request, without its type where the caller left it out. */
    private static @Nullable JsonNode choice(Request request) {
        if (request.toolChoice() instanceof ToolChoice.Named named
                && isCustom(named, request.tools())) {
            return customChoice(named);
        }
        JsonNode node = choice(request.toolChoice());
        JsonNode form = Residue.of(request.extras(), DIALECT, "tool_choice");
        boolean untyped =
                request.toolChoice() instanceof ToolChoice.Named
                        && form instanceof ObjectNode object
                        && !object.has("type");
        return untyped ? form : node;
    }

    /** Null for what is not to be written. */
    static @Nullable JsonNode choice(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> null;
            case ToolChoice.None _ -> StringNode.valueOf("none");
            case ToolChoice.Required _ -> StringNode.valueOf("required");
            case ToolChoice.Named named -> {
                ObjectNode node = Json.object().put("type", "function");
                node.putObject("function").put("name", named.name());
                yield node;
            }
            case ToolChoice.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }

    static OutputFormat format(Members body) {
        JsonNode raw = body.peek("response_format");
        if (raw.isMissingNode() || raw.isNull()) {
            return OutputFormat.TEXT;
        }
        Members format = Members.strict(raw, "response_format");
        String type = format.requiredText("type");
        if (type.equals("json_schema")) {
            return schema(body.requiredObject("response_format"));
        }
        if (type.equals("text")) {
            // Stays among the extras: said, though it changes nothing.
            return OutputFormat.TEXT;
        }
        body.take("response_format");
        return type.equals("json_object") && raw.size() == 1
                ? new OutputFormat.JsonObject()
                : new OutputFormat.Unknown(DIALECT, raw);
    }

    private static OutputFormat schema(Members format) {
        format.take("type");
        Members schema = format.requiredObject("json_schema");
        String name = schema.requiredText("name");
        return new OutputFormat.JsonSchema(
                name, schema.text("description"), schema.tree("schema"), schema.flag("strict"));
    }

    /** Null for what is not to be written. */
    static @Nullable JsonNode format(OutputFormat format) {
        return switch (format) {
            case OutputFormat.Text _ -> null;
            case OutputFormat.JsonObject _ -> Json.object().put("type", "json_object");
            case OutputFormat.JsonSchema schema -> {
                ObjectNode node = Json.object().put("type", "json_schema");
                ObjectNode body = node.putObject("json_schema").put("name", schema.name());
                if (schema.description() != null) {
                    body.put("description", schema.description());
                }
                if (schema.schema() != null) {
                    body.set("schema", schema.schema());
                }
                if (schema.strict() != null) {
                    body.put("strict", schema.strict());
                }
                yield node;
            }
            case OutputFormat.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }
}
