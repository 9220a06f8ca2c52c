package entrepot.protocols.openai.responses.items;

import static entrepot.protocols.openai.responses.items.Form.DIALECT;

import entrepot.conversation.Extras;
import entrepot.conversation.Request;
import entrepot.conversation.Tool;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes tools; the way back of {@link ToolReader}. */
public final class ToolWriter {

    private static final String CHAT = "openai.chat";

    private ToolWriter() {}

    public static void write(Request request, ObjectNode body) {
        ArrayNode list = Json.object().arrayNode();
        JsonNode open = null;
        for (Tool tool : request.tools()) {
            JsonNode namespace = namespace(tool);
            if (namespace == null) {
                JsonNode node = tool(tool, null);
                if (node != null) {
                    list.add(node);
                }
            } else {
                if (!namespace.equals(open)) {
                    list.add(((ObjectNode) namespace).deepCopy().put("type", "namespace"));
                }
                ObjectNode last = (ObjectNode) list.get(list.size() - 1);
                JsonNode node = tool(tool, namespace.path("name").asString(""));
                if (node != null) {
                    last.withArray("tools").add(node);
                }
            }
            open = namespace;
        }
        JsonNode hosted = Residue.of(request.extras(), DIALECT, Form.HOSTED_TOOLS);
        if (hosted != null) {
            for (JsonNode kept : hosted) {
                list.insert(Math.min(kept.path("at").asInt(0), list.size()), kept.path("tool"));
            }
        }
        if (!list.isEmpty()) {
            body.set("tools", list);
        }
    }

    private static @Nullable JsonNode namespace(Tool tool) {
        return tool instanceof Tool.Function function
                ? Residue.of(function.extras(), DIALECT, "namespace")
                : null;
    }

    /** Null for what is not to be written. */
    private static @Nullable JsonNode tool(Tool tool, @Nullable String namespace) {
        return switch (tool) {
            case Tool.Function function -> function(function, namespace);
            // OpenAI's caches need no marks.
            case Tool.CachePoint _ -> null;
            case Tool.Unknown unknown -> unknown.dialect().equals(DIALECT) ? unknown.raw() : null;
        };
    }

    private static ObjectNode function(Tool.Function tool, @Nullable String namespace) {
        boolean custom = isCustom(tool);
        ObjectNode node = Json.object();
        node.put("type", custom ? "custom" : "function");
        node.put("name", ToolNames.inner(namespace, tool.name()));
        if (tool.description() != null) {
            node.put("description", tool.description());
        }
        JsonNode format = custom ? format(tool.extras()) : null;
        if (!custom) {
            parameters(tool, node);
        } else if (format != null) {
            node.set("format", format);
        }
        Form.fill(node, tool.extras());
        if (namespace != null) {
            node.remove("namespace");
        }
        return node;
    }

    /** Here a function that does not say so is strict, in chat it is not: it is said (R40). */
    private static void parameters(Tool.Function tool, ObjectNode node) {
        if (tool.parameters() != null) {
            node.set("parameters", tool.parameters());
        } else if (!Form.has(tool.extras(), Form.NO_PARAMETERS)
                && !Contents.has(tool.extras(), "parameters")) {
            node.putObject("parameters").put("type", "object").putObject("properties");
        }
        if (tool.strict() != null) {
            node.put("strict", tool.strict());
        } else if (!Form.has(tool.extras(), Form.NO_STRICT)
                && !Contents.has(tool.extras(), "strict")) {
            node.put("strict", false);
        }
    }

    public static boolean isCustom(Tool.Function tool) {
        return isCustom(tool.extras(), "custom");
    }

    /** Whether this was something of a custom tool's, here or in chat. */
    static boolean isCustom(Extras extras, String type) {
        JsonNode ofChat = Residue.of(extras, CHAT, "type");
        return type.equals(Form.text(extras, "type"))
                || (ofChat != null && ofChat.asString("").equals("custom"));
    }

    /** What a custom tool of chat takes, as it is said here; null when nothing was said. */
    public static @Nullable JsonNode format(Extras extras) {
        JsonNode custom = Residue.of(extras, CHAT, "custom");
        JsonNode format = custom == null ? null : custom.get("format");
        if (format == null || !(format.path("grammar") instanceof ObjectNode grammar)) {
            return format;
        }
        ObjectNode flat = Json.object().put("type", "grammar");
        return flat.setAll(grammar);
    }
}
