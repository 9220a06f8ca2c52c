package entrepot.gateway.agents;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.http.Headers;
import entrepot.protocols.json.Json;
import entrepot.runtime.agents.AgentSnapshot.Origin;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.tools.automations.AutomationTools;
import entrepot.runtime.tools.skills.SkillTools;
import entrepot.runtime.tools.web.WebTools;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the tools that a request gives an agent. */
final class ToolRequests {

    private static final int TOOLS_BYTES_MAX = 3 * 1024 * 1024;
    private static final int TOOLS_MAX = 512;
    private static final int NAME_CHARS_MAX = 64;
    private static final int PAIRS_MAX = 64;
    private static final int PAIRS_CHARS_MAX = 16 * 1024;
    private static final int METADATA_BYTES_MAX = 16 * 1024;
    private static final String SUPPORTED =
            "Supported tools: 'function', 'mcp', 'web_search', 'automations' and" + " 'skills'.";

    private static final Pattern DOMAIN =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+");

    /** Said by the protocol or by HTTP itself. */
    private static final Set<String> RESERVED =
            Set.of(
                    "host",
                    "connection",
                    "content-length",
                    "content-type",
                    "transfer-encoding",
                    "upgrade",
                    "te",
                    "trailer",
                    "keep-alive",
                    "expect",
                    "accept",
                    "last-event-id");

    private static final Set<String> SECRET =
            Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key");

    private final @Nullable Seal seal;

    /** Hides what only the tool's server may see. */
    @FunctionalInterface
    interface Seal {
        @Nullable String seal(Map<String, String> pairs);

        /** Keeps a skill that is brought along; its id. */
        default String keepSkill(byte[] zip) {
            throw Refusals.value("tools", "skills are not kept here.");
        }
    }

    /**
     * @param seal null for an agent that is saved, which takes no secrets
     */
    ToolRequests(@Nullable Seal seal) {
        this.seal = seal;
    }

    /**
     * @param tools null for none
     */
    List<ToolSpec> read(String path, @Nullable List<JsonNode> tools) {
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

    private ToolSpec tool(Fields tool, Set<String> names) {
        String type = tool.requiredText("type");
        return switch (type) {
            case "function" -> function(tool, names);
            case "mcp" -> server(tool, names);
            case "automations" -> automations(tool, names);
            case "web_search" -> webSearch(tool, names);
            case "skills" -> skills(tool, names);
            case "tool_search", "programmatic_tool_calling", "computer_use" ->
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

    private static ToolSpec webSearch(Fields tool, Set<String> names) {
        String mode = tool.oneOf("mode", "live", "cached", "disabled");
        String size = tool.oneOf("context_size", "low", "medium", "high");
        List<String> domains = texts(tool, "allowed_domains");
        Fields location = tool.object("location");
        tool.end();
        if ("cached".equals(mode)) {
            throw Refusals.unsupported(
                    tool.at("mode"), "The mode 'cached'", "Send 'live' or 'disabled'.");
        }
        if (location != null) {
            throw Refusals.unsupported(
                    tool.at("location"), "A location", "Send null, or leave it out.");
        }
        List<String> allowed = domains == null ? List.of() : domains;
        boolean fit = allowed.size() <= 100 && allowed.stream().allMatch(DOMAIN.asMatchPredicate());
        if (!fit) {
            throw Refusals.value(
                    tool.at("allowed_domains"),
                    "it must be at most 100 hosts, such as example.com, without scheme and path.");
        }
        if (!names.add("server " + WebTools.LABEL)) {
            throw Refusals.value(tool.at("type"), "there is already a tool 'web_search'.");
        }
        return new WebTools.Settings(
                        mode == null ? "live" : mode, size == null ? "medium" : size, allowed)
                .spec();
    }

    private ToolSpec skills(Fields tool, Set<String> names) {
        List<JsonNode> given = tool.requiredList("skills");
        tool.end();
        if (!names.add("server skills")) {
            throw Refusals.value(tool.at("type"), "there is already a tool 'skills'.");
        }
        var named = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            named.add(skill(Fields.of(tool.at("skills[" + i + "]"), given.get(i))));
        }
        String url = SkillTools.URL_PREFIX + String.join(",", named);
        if (SkillTools.parse(url) == null) {
            throw Refusals.value(
                    tool.at("skills"),
                    "it must be 1 to 50 skills, each with its id and a version that is a number or"
                            + " 'latest'.");
        }
        return ToolSpec.Server.at("skills", url, null);
    }

    private String skill(Fields skill) {
        String type = skill.requiredText("type");
        if (type.equals("skill_reference")) {
            String id = skill.requiredText("skill_id");
            String version = skill.text("version");
            skill.end();
            return new SkillTools.Named(id, version).text();
        }
        if (!type.equals("inline")) {
            throw Refusals.value(skill.at("type"), "it must be one of skill_reference, inline.");
        }
        if (seal == null) {
            throw Refusals.value(
                    skill.at("type"),
                    "a saved agent names its skills: make it first (POST /v1/skills).");
        }
        skill.text("name");
        skill.text("description");
        Fields source = skill.requiredObject("source");
        source.required("type");
        source.oneOf("type", "base64");
        source.oneOf("media_type", "application/zip");
        String data = source.requiredText("data");
        source.end();
        skill.end();
        try {
            return seal.keepSkill(Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException e) {
            throw Refusals.value(source.at("data"), "it must be base64.");
        }
    }

    private static ToolSpec automations(Fields tool, Set<String> names) {
        tool.end();
        if (!names.add("server automations")) {
            throw Refusals.value(tool.at("type"), "there is already a tool 'automations'.");
        }
        return ToolSpec.Server.at("automations", AutomationTools.URL, null);
    }

    private ToolSpec server(Fields tool, Set<String> names) {
        String label = tool.requiredText("server_label");
        if (!wellFormed(label)) {
            throw Refusals.value(
                    tool.at("server_label"),
                    "it must be 1 to 64 letters, digits, underscores and hyphens.");
        }
        if (label.equals(WebTools.LABEL)) {
            throw Refusals.value(tool.at("server_label"), "this name is web search's own.");
        }
        if (!names.add("server " + label)) {
            throw Refusals.value(
                    tool.at("server_label"), "there is already a server '" + label + "'.");
        }
        Transport transport = transport(tool.requiredObject("transport"));
        List<String> allowed = texts(tool, "allowed_tools");
        String origin = tool.oneOf("connection_origin", "service", "environment");
        String credentialId = tool.text("credential_id");
        Map<String, JsonNode> metadata = metadata(tool.object("request_metadata"));
        boolean required = Boolean.TRUE.equals(tool.flag("required"));
        tool.end();
        boolean inEnvironment =
                "environment".equals(origin) || transport instanceof Transport.Stdio;
        return new ToolSpec.Server(
                label,
                transport,
                allowed,
                inEnvironment ? Origin.ENVIRONMENT : Origin.SERVICE,
                credentialId,
                metadata,
                required);
    }

    private static Map<String, JsonNode> metadata(@Nullable Fields given) {
        var metadata = new HashMap<String, JsonNode>();
        if (given != null) {
            if (Json.write(given.json()).length > METADATA_BYTES_MAX) {
                throw Refusals.value(
                        "request_metadata", "it must be at most " + METADATA_BYTES_MAX + " bytes.");
            }
            given.json().forEachEntry(metadata::put);
        }
        return metadata;
    }

    private Transport transport(Fields transport) {
        String type = transport.requiredText("type");
        return switch (type) {
            case "http" -> http(transport);
            case "stdio" -> stdio(transport);
            default -> throw Refusals.value(transport.at("type"), "it must be one of http, stdio.");
        };
    }

    private Transport http(Fields transport) {
        String url = transport.requiredText("server_url");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        transport
                .texts("headers")
                .forEach((name, value) -> {
                    checkHeader(transport.at("headers." + name), name, value);
                    headers.put(name, value);
                });
        checkSize(transport.at("headers"), headers);
        String authorization = transport.text("authorization");
        transport.end();
        if (seal == null) {
            headers.keySet().stream()
                    .filter(name -> SECRET.contains(name.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .ifPresent(name -> {
                        throw noSecrets(transport.at("headers." + name));
                    });
            if (authorization != null) {
                throw noSecrets(transport.at("authorization"));
            }
            return new Transport.Http(url, headers, null);
        }
        if (authorization != null) {
            checkHeader(transport.at("authorization"), "authorization", authorization);
            headers.put("authorization", bearer(authorization));
        }
        return new Transport.Http(url, Map.of(), seal.seal(headers));
    }

    /** A bare token is a bearer's; anything with a scheme is sent as it is. */
    private static String bearer(String authorization) {
        return authorization.strip().contains(" ") ? authorization : "Bearer " + authorization;
    }

    private static Failed noSecrets(String param) {
        return Refusals.value(
                param,
                "a saved agent keeps no secrets. Put the credential into a vault and give the"
                        + " session its vault_ids, or give the tool with the session.");
    }

    private static void checkHeader(String param, String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (RESERVED.contains(lower) || lower.startsWith("mcp-")) {
            throw Refusals.value(param, "this header is not yours to set.");
        }
        try {
            Headers.of(name, value);
        } catch (IllegalArgumentException notAHeader) {
            throw Refusals.value(param, "it is not a header that HTTP can carry.");
        }
    }

    private static void checkSize(String param, Map<String, String> pairs) {
        int chars = pairs.entrySet().stream().mapToInt(ToolRequests::chars).sum();
        if (pairs.size() > PAIRS_MAX || chars > PAIRS_CHARS_MAX) {
            throw Refusals.value(
                    param,
                    "it must have at most "
                            + PAIRS_MAX
                            + " pairs and "
                            + PAIRS_CHARS_MAX
                            + " characters.");
        }
    }

    private static int chars(Map.Entry<String, String> pair) {
        return pair.getKey().length() + pair.getValue().length();
    }

    private Transport stdio(Fields transport) {
        String command = transport.requiredText("command");
        String cwd = transport.requiredText("cwd");
        List<String> args = texts(transport, "args");
        List<String> names = texts(transport, "env_vars");
        Map<String, String> variables = transport.texts("env");
        checkSize(transport.at("env"), variables);
        transport.end();
        if (seal == null && !variables.isEmpty()) {
            throw noSecrets(transport.at("env"));
        }
        return new Transport.Stdio(
                command,
                args == null ? List.of() : args,
                cwd,
                names == null ? List.of() : names,
                seal == null ? null : seal.seal(variables));
    }

    private static @Nullable List<String> texts(Fields tool, String name) {
        List<JsonNode> given = tool.list(name);
        if (given == null) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (int i = 0; i < given.size(); i++) {
            texts.add(Fields.text(tool.at(name + "[" + i + "]"), given.get(i)));
        }
        return texts;
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
