package entrepot.protocols.google.gemini;

import static entrepot.protocols.google.gemini.GeminiRequests.DIALECT;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Tool;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.google.wire.GeminiSchema;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code tools} and {@code toolConfig} (content.proto, Tool and ToolConfig). */
final class GeminiTools {

    private static final String DECLARATIONS = "functionDeclarations";
    private static final String CHOICE = "functionCallingConfig";

    /** Marks a function that begins another list than the one before it. */
    private static final String APART = "~apart";

    /** Marks tools that stood beside the functions before them. */
    private static final String BESIDE = "~beside";

    /** Google's own rule for names (content.proto, FunctionDeclaration.name). */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,127}");

    private GeminiTools() {}

    static List<Tool> read(Members body) {
        ArrayNode list = body.list("tools");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            body.keep("tools", list);
        }
        var tools = new ArrayList<Tool>();
        for (int i = 0; i < list.size(); i++) {
            tool(Members.strict(list.get(i), "tools[" + i + "]"), list.get(i), tools);
        }
        return tools;
    }

    private static void tool(Members tool, JsonNode raw, List<Tool> tools) {
        if (!tool.peek(DECLARATIONS).isArray() || tool.peek(DECLARATIONS).isEmpty()) {
            tools.add(new Tool.Unknown(DIALECT, raw));
            return;
        }
        ArrayNode list = (ArrayNode) raw.path(DECLARATIONS);
        tool.take(DECLARATIONS);
        boolean apart = !tools.isEmpty() && tools.getLast() instanceof Tool.Function;
        for (int i = 0; i < list.size(); i++) {
            String path = tool.path(DECLARATIONS + "[" + i + "]");
            Members function = Members.strict(list.get(i), path);
            if (i == 0 && apart) {
                function.keep(APART, BooleanNode.TRUE);
            }
            tools.add(function(function));
        }
        Map<String, JsonNode> beside = tool.rest();
        if (!beside.isEmpty()) {
            ObjectNode rest = Json.object().put(BESIDE, true);
            tools.add(new Tool.Unknown(DIALECT, rest.setAll(beside)));
        }
    }

    private static Tool function(Members function) {
        String name = function.requiredText("name");
        String description = function.text("description");
        JsonNode schema = function.peek("parametersJsonSchema");
        JsonNode old = function.peek("parameters");
        JsonNode parameters = null;
        if (schema.isObject() && !old.isObject()) {
            parameters = function.take("parametersJsonSchema");
        } else if (old.isObject()) {
            // Stays among the extras, as it was said.
            parameters = GeminiSchema.toJsonSchema(old);
        }
        return new Tool.Function(name, description, parameters, null, function.extras(DIALECT));
    }

    static void write(List<Tool> tools, ObjectNode body) {
        ArrayNode list = Json.object().arrayNode();
        ArrayNode functions = null;
        for (int i = 0; i < tools.size(); i++) {
            switch (tools.get(i)) {
                case Tool.Function function -> {
                    if (functions == null
                            || Residue.of(function.extras(), DIALECT, APART) != null) {
                        functions = list.addObject().putArray(DECLARATIONS);
                    }
                    functions.add(function(function, "tools[" + i + "].name"));
                }
                case Tool.CachePoint _ -> {
                    // Google's caches need no marks.
                }
                case Tool.Unknown unknown -> {
                    if (unknown.dialect().equals(DIALECT)
                            && unknown.raw() instanceof ObjectNode raw) {
                        boolean beside = raw.has(BESIDE) && functions != null;
                        ObjectNode node = beside ? (ObjectNode) list.get(list.size() - 1) : null;
                        (node == null ? list.addObject() : node).setAll(raw);
                        functions = null;
                    }
                }
            }
        }
        if (!list.isEmpty()) {
            body.set("tools", list);
        }
    }

    private static ObjectNode function(Tool.Function tool, String path) {
        if (!NAME.matcher(tool.name()).matches()) {
            throw new Failed(
                    Failure.at(
                            Cause.INVALID_REQUEST,
                            "Gemini takes no function of this name: it must begin with a letter or"
                                    + " an underscore, and go on with letters, digits, '_', '.',"
                                    + " ':' or '-', 128 in all.",
                            path));
        }
        ObjectNode node = Json.object().put("name", tool.name());
        if (tool.description() != null) {
            node.put("description", tool.description());
        }
        JsonNode old = Residue.of(tool.extras(), DIALECT, "parameters");
        boolean same =
                old != null
                        && tool.parameters() != null
                        && GeminiSchema.toJsonSchema(old).equals(tool.parameters());
        if (tool.parameters() != null && !same) {
            node.set("parametersJsonSchema", tool.parameters());
        }
        Residue.fill(node, tool.extras(), DIALECT);
        if (node.path("parameters").isObject() && !same) {
            // No longer what is meant (R43).
            node.remove("parameters");
        }
        return node;
    }

    static ToolChoice choice(Members body) {
        Members config = body.peek("toolConfig").isEmpty() ? null : body.object("toolConfig");
        JsonNode raw = config == null ? null : config.peek(CHOICE);
        if (config == null || raw == null || raw.isMissingNode() || raw.isNull()) {
            return ToolChoice.AUTO;
        }
        ToolChoice choice = choice(raw);
        if (!(choice instanceof ToolChoice.Auto)) {
            // Otherwise it stays among the extras: said, though it changes nothing.
            config.take(CHOICE);
        }
        return choice;
    }

    private static ToolChoice choice(JsonNode raw) {
        String mode = raw.path("mode").asString("");
        JsonNode names = raw.path("allowedFunctionNames");
        boolean free = mode.equals("AUTO") || mode.equals("VALIDATED");
        if (names.isEmpty() && (free || raw.isEmpty())) {
            return ToolChoice.AUTO;
        }
        ToolChoice choice =
                switch (mode) {
                    case "NONE" -> new ToolChoice.None();
                    case "ANY" ->
                            names.isEmpty()
                                    ? new ToolChoice.Required()
                                    : new ToolChoice.Named(names.get(0).asString(""));
                    default -> new ToolChoice.Unknown(DIALECT, raw);
                };
        return raw.equals(choice(choice)) ? choice : new ToolChoice.Unknown(DIALECT, raw);
    }

    static void write(ToolChoice choice, ObjectNode body) {
        ObjectNode node = choice(choice);
        if (node != null) {
            body.putObject("toolConfig").set(CHOICE, node);
        }
    }

    /** Null for what is not to be written. */
    private static @Nullable ObjectNode choice(ToolChoice choice) {
        return switch (choice) {
            case ToolChoice.Auto _ -> null;
            case ToolChoice.None _ -> Json.object().put("mode", "NONE");
            case ToolChoice.Required _ -> Json.object().put("mode", "ANY");
            case ToolChoice.Named named -> {
                ObjectNode node = Json.object().put("mode", "ANY");
                node.putArray("allowedFunctionNames").add(named.name());
                yield node;
            }
            case ToolChoice.Unknown unknown ->
                    unknown.dialect().equals(DIALECT) && unknown.raw() instanceof ObjectNode raw
                            ? raw
                            : null;
        };
    }
}
