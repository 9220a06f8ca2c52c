package entrepot.protocols.openai.responses.items;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.Map;

/**
 * The names of a caller's tools, as every dialect can say them.
 *
 * <p>Elsewhere a tool of a namespace is a function {@code namespace__name}, and a custom tool,
 * which takes a text, is a function with that text as its one argument {@code input}. A call that
 * comes back under such a name is told to the caller as what it was.
 */
public final class ToolNames {

    public static final ToolNames NONE = new ToolNames(Map.of());

    private static final String SEPARATOR = "__";

    private final Map<String, Tool> tools;

    private ToolNames(Map<String, Tool> tools) {
        this.tools = tools;
    }

    /**
     * What a caller calls a tool.
     *
     * @param namespace null for a tool that stands alone
     */
    public record Tool(String name, @Nullable String namespace, boolean custom) {}

    /** The names in the {@code tools} of a request. */
    public static ToolNames of(JsonNode list) {
        var names = new HashMap<String, Tool>();
        for (JsonNode tool : list) {
            String name = tool.path("name").asString("");
            if (tool.path("type").asString("").equals("namespace")) {
                for (JsonNode inner : tool.path("tools")) {
                    String innerName = inner.path("name").asString("");
                    names.putIfAbsent(
                            flat(name, innerName), new Tool(innerName, name, custom(inner)));
                }
            } else if (!name.isEmpty()) {
                names.put(name, new Tool(name, null, custom(tool)));
            }
        }
        return new ToolNames(names);
    }

    private static boolean custom(JsonNode tool) {
        return tool.path("type").asString("").equals("custom");
    }

    public Tool tool(String flatName) {
        Tool tool = tools.get(flatName);
        return tool == null ? new Tool(flatName, null, false) : tool;
    }

    /** A tool that was searched for comes back in a namespace of its own name. */
    public static String flat(@Nullable String namespace, String name) {
        return namespace == null || namespace.equals(name) ? name : namespace + SEPARATOR + name;
    }

    /** The name without its namespace. */
    public static String inner(@Nullable String namespace, String flatName) {
        return namespace != null && flatName.startsWith(namespace + SEPARATOR)
                ? flatName.substring(namespace.length() + SEPARATOR.length())
                : flatName;
    }
}
