package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Tool;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.openai.CustomTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads tools (openapi.yaml, Tool). Functions stay what they are; a custom tool becomes a function
 * with one text, and a namespace its functions, as {@link ToolNames} says: the extras tell the way
 * back. What a supplier does by itself is unknown to others, unless an answer can do without.
 */
public final class ToolReader {

    private final List<Tool> tools = new ArrayList<>();
    private final ArrayNode hosted = Json.object().arrayNode();
    private final Set<String> names = new HashSet<>();

    private ToolReader() {}

    public static List<Tool> read(Members body) {
        ArrayNode list = body.list("tools");
        if (list == null) {
            return List.of();
        }
        if (list.isEmpty()) {
            body.keep("tools", list);
            return List.of();
        }
        var reader = new ToolReader();
        for (JsonNode tool : list) {
            if (!tool.path("type").asString("").equals("namespace")) {
                reader.names.add(tool.path("name").asString(""));
            }
        }
        for (int i = 0; i < list.size(); i++) {
            reader.tool(list.get(i), "tools[" + i + "]", i);
        }
        if (!reader.hosted.isEmpty()) {
            body.keep(Form.HOSTED_TOOLS, reader.hosted);
        }
        return reader.tools;
    }

    private void tool(JsonNode node, String path, int position) {
        Members tool = Members.strict(node, path);
        String type = tool.requiredText("type");
        switch (type) {
            case "function" -> tools.add(function(tool, null));
            case "custom" -> tools.add(custom(tool, node, null));
            case "namespace" -> namespace(tool, node);
            default -> {
                if (isSpare(type, node)) {
                    hosted.addObject().put("at", position).set("tool", node);
                } else {
                    tools.add(new Tool.Unknown(DIALECT, node));
                }
            }
        }
    }

    /**
     * Whether an answer means the same without it. A search that says whether it may leave the
     * supplier's cache is what Codex offers to every model, whether it can search or not; and where
     * all tools are shown, none has to be searched for.
     */
    private static boolean isSpare(String type, JsonNode tool) {
        boolean offered =
                type.startsWith("web_search") && tool.path("external_web_access").isBoolean();
        boolean search =
                type.equals("tool_search")
                        && !tool.path("execution").asString("server").equals("client");
        return offered || search;
    }

    private void namespace(Members namespace, JsonNode raw) {
        String name = namespace.requiredText("name");
        ArrayNode list = namespace.list("tools");
        if (list == null) {
            throw namespace.missing("tools");
        }
        ObjectNode head = Json.object().put("name", name);
        head.setAll(namespace.rest());
        var inner = new ArrayList<Tool>();
        for (int i = 0; i < list.size(); i++) {
            JsonNode node = list.get(i);
            Members tool = Members.strict(node, namespace.path("tools[" + i + "]"));
            String type = tool.requiredText("type");
            boolean known = type.equals("function") || type.equals("custom");
            String flat = ToolNames.flat(name, node.path("name").asString(""));
            if (!known || !names.add(flat)) {
                // Two tools of one name could not be told apart in an answer.
                tools.add(new Tool.Unknown(DIALECT, raw));
                return;
            }
            inner.add(type.equals("function") ? function(tool, head) : custom(tool, node, head));
        }
        if (inner.isEmpty()) {
            tools.add(new Tool.Unknown(DIALECT, raw));
        }
        tools.addAll(inner);
    }

    private static Tool function(Members tool, @Nullable ObjectNode namespace) {
        String name = name(tool);
        String description = tool.text("description");
        JsonNode said = tool.peek("parameters");
        JsonNode parameters = tool.tree("parameters");
        boolean strictSaid = !tool.peek("strict").isMissingNode();
        Boolean strict = tool.flag("strict");
        ObjectNode form = Json.object();
        if (said.isMissingNode()) {
            form.put(Form.NO_PARAMETERS, true);
        }
        if (!strictSaid) {
            form.put(Form.NO_STRICT, true);
        }
        return new Tool.Function(
                flat(namespace, name),
                description,
                parameters,
                strict,
                extras(tool, namespace, form));
    }

    private static Tool custom(Members tool, JsonNode raw, @Nullable ObjectNode namespace) {
        // Marks what it was; takes the place that Members left when it was read.
        tool.keep("type", raw.path("type"));
        String name = name(tool);
        return new Tool.Function(
                flat(namespace, name),
                tool.text("description"),
                CustomTools.parameters(raw.path("format")),
                null,
                extras(tool, namespace, Json.object()));
    }

    private static String name(Members tool) {
        String name = tool.requiredText("name");
        if (name.isEmpty()) {
            throw tool.wrong("name", "a tool needs a name.");
        }
        return name;
    }

    private static String flat(@Nullable ObjectNode namespace, String name) {
        return ToolNames.flat(
                namespace == null ? null : namespace.path("name").stringValue(), name);
    }

    private static Extras extras(Members tool, @Nullable ObjectNode namespace, ObjectNode form) {
        Map<String, JsonNode> rest = tool.rest();
        if (namespace != null) {
            rest.put("namespace", namespace);
        }
        if (!form.isEmpty()) {
            rest.put(Form.FORM, form);
        }
        return rest.isEmpty() ? Extras.NONE : new Extras(DIALECT, rest);
    }
}
