package entrepot.gateway.agents;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the tools that a request gives an agent. */
final class ToolRequests {

    private static final int TOOLS_BYTES_MAX = 3 * 1024 * 1024;
    private static final int TOOLS_MAX = 512;
    private static final int NAME_CHARS_MAX = 64;
    private static final String FOLDER = "entrepot:folder/";
    private static final String KNOWLEDGE = "entrepot:knowledge";
    private static final String SUPPORTED =
            "Supported tools: 'function', and 'mcp' with an http transport whose server_url is"
                    + " 'entrepot:folder/NAME', 'entrepot:knowledge' or"
                    + " 'entrepot:knowledge/SOURCE'.";

    private ToolRequests() {}

    /**
     * @param tools null for none
     */
    static List<ToolSpec> read(String path, @Nullable List<JsonNode> tools) {
        if (tools == null) {
            return List.of();
        }
        if (tools.size() > TOOLS_MAX) {
            throw Refusals.value(path, "it must have at most " + TOOLS_MAX + " tools.");
        }
        long bytes = 0;
        var specs = new ArrayList<ToolSpec>(tools.size());
        var names = new HashSet<String>();
        for (int i = 0; i < tools.size(); i++) {
            bytes += Json.write(tools.get(i)).length;
            if (bytes > TOOLS_BYTES_MAX) {
                throw Refusals.value(
                        path, "it must be at most " + TOOLS_BYTES_MAX + " bytes of compact JSON.");
            }
            specs.add(tool(Fields.of(path + "[" + i + "]", tools.get(i)), names));
        }
        return specs;
    }

    private static ToolSpec tool(Fields tool, Set<String> names) {
        String type = tool.requiredText("type");
        return switch (type) {
            case "function" -> function(tool, names);
            case "mcp" -> server(tool, names);
            case "tool_search",
                    "programmatic_tool_calling",
                    "web_search",
                    "computer_use",
                    "automations" ->
                    throw Refusals.unsupported(
                            tool.at("type"), "The tool '" + type + "'", SUPPORTED);
            default ->
                    throw Refusals.value(
                            tool.at("type"),
                            "there is no tool of type '" + type + "'. " + SUPPORTED);
        };
    }

    private static ToolSpec function(Fields tool, Set<String> names) {
        String name = tool.requiredText("name");
        if (!wellFormed(name)) {
            throw Refusals.value(
                    tool.at("name"),
                    "it must be 1 to 64 letters, digits, underscores and hyphens.");
        }
        if (!names.add("function " + name)) {
            throw Refusals.value(tool.at("name"), "there is already a function '" + name + "'.");
        }
        String description = tool.requiredText("description");
        JsonNode parameters = tool.requiredObject("parameters").json();
        if (Boolean.TRUE.equals(tool.flag("async"))) {
            throw Refusals.unsupported(
                    tool.at("async"), "An asynchronous function", "Send false, or leave it out.");
        }
        if (Boolean.TRUE.equals(tool.flag("defer_loading"))) {
            throw Refusals.unsupported(
                    tool.at("defer_loading"),
                    "Deferred loading of a function",
                    "Send false, or leave it out.");
        }
        tool.end();
        return new ToolSpec.Function(name, description, parameters);
    }

    private static ToolSpec server(Fields tool, Set<String> names) {
        String label = tool.requiredText("server_label");
        if (!wellFormed(label)) {
            throw Refusals.value(
                    tool.at("server_label"),
                    "it must be 1 to 64 letters, digits, underscores and hyphens.");
        }
        if (!names.add("server " + label)) {
            throw Refusals.value(
                    tool.at("server_label"), "there is already a server '" + label + "'.");
        }
        String url = address(tool.requiredObject("transport"));
        List<String> allowed = allowed(tool);
        refuse(
                tool,
                "environment".equals(tool.oneOf("connection_origin", "service", "environment")),
                "connection_origin",
                "A connection from an environment");
        refuse(tool, tool.text("credential_id") != null, "credential_id", "A vault credential");
        Fields metadata = tool.object("request_metadata");
        refuse(
                tool,
                metadata != null && !metadata.json().isEmpty(),
                "request_metadata",
                "Request metadata");
        refuse(
                tool,
                Boolean.TRUE.equals(tool.flag("required")),
                "required",
                "A server that must be there before the first turn");
        tool.end();
        return ToolSpec.Server.at(label, url, allowed);
    }

    private static String address(Fields transport) {
        String type = transport.requiredText("type");
        if (!type.equals("http")) {
            throw Refusals.unsupported(
                    transport.at("type"), "The MCP transport '" + type + "'", SUPPORTED);
        }
        String url = transport.requiredText("server_url");
        boolean ours =
                (url.startsWith(FOLDER) && url.length() > FOLDER.length())
                        || url.equals(KNOWLEDGE)
                        || url.startsWith(KNOWLEDGE + "/");
        if (!ours) {
            throw Refusals.unsupported(
                    transport.at("server_url"), "The MCP server '" + url + "'", SUPPORTED);
        }
        Fields headers = transport.object("headers");
        if (headers != null && !headers.json().isEmpty()) {
            throw Refusals.unsupported(
                    transport.at("headers"), "A header for an MCP server", "Leave it out.");
        }
        if (transport.text("authorization") != null) {
            throw Refusals.unsupported(
                    transport.at("authorization"),
                    "A credential for an MCP server",
                    "Leave it out.");
        }
        transport.end();
        return url;
    }

    private static @Nullable List<String> allowed(Fields tool) {
        List<JsonNode> given = tool.list("allowed_tools");
        if (given == null) {
            return null;
        }
        var allowed = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            allowed.add(Fields.text(tool.at("allowed_tools[" + i + "]"), given.get(i)));
        }
        return allowed;
    }

    private static void refuse(Fields tool, boolean given, String name, String what) {
        if (given) {
            throw Refusals.unsupported(tool.at(name), what, "Leave it out.");
        }
    }

    private static boolean wellFormed(String name) {
        return !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && name.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || c == '_'
                                        || c == '-');
    }
}
