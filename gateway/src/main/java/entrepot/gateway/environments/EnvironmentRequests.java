package entrepot.gateway.environments;

import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.runtime.environments.Blueprint;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;

/** Reads what callers want an environment to be made of. What this server cannot do is refused. */
public final class EnvironmentRequests {

    static final int FILES_MAX = 50;
    static final int INLINE_BYTES_MAX = 5 << 20;
    static final int INLINE_BYTES_MAX_TOTAL = 10 << 20;
    static final int COPY_BYTES_MAX = 50 << 20;
    private static final int SETUP_MAX = 16;
    private static final int COMMAND_CHARS_MAX = 65_536;
    private static final int VARIABLES_MAX = 1_024;
    private static final int VARIABLE_NAME_CHARS_MAX = 256;
    private static final int VARIABLES_BYTES_MAX = 1 << 20;
    private static final int PATH_CHARS_MAX = 1_024;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> RESERVED =
            Set.of("PATH", "OPENAI_API_KEY", "UID", "EUID", "PPID", "BASHOPTS", "SHELLOPTS");

    private EnvironmentRequests() {}

    /** The environment of a new session. */
    public sealed interface Wanted {

        /** A conversation only. */
        record None() implements Wanted {}

        /** One that was made before. */
        record Prewarmed(String id) implements Wanted {}

        /**
         * @param templateId what it is made from where the blueprint says nothing
         */
        record Hosted(@Nullable String templateId, Blueprint blueprint) implements Wanted {}
    }

    /** What a session says of its environment. */
    public static Wanted session(Fields given) {
        String type = given.requiredText("type");
        return switch (type) {
            case "none" -> {
                given.end();
                yield new Wanted.None();
            }
            case EnvironmentJson.HOSTED -> hosted(given);
            case "self_hosted" ->
                    throw Refusals.unsupported(
                            given.at("type"),
                            "The environment 'self_hosted'",
                            "Send 'openai_hosted' for a sandbox on this server, or 'none'.");
            default ->
                    throw Refusals.value(given.at("type"), "it must be 'none' or 'openai_hosted'.");
        };
    }

    private static Wanted hosted(Fields given) {
        String id = given.text("environment_id");
        if (id != null) {
            given.end();
            return new Wanted.Prewarmed(id);
        }
        return inline(given);
    }

    /** What is said when one is made before its session. */
    static Wanted.Hosted prewarm(Fields given) {
        if (!given.requiredText("type").equals(EnvironmentJson.HOSTED)) {
            throw Refusals.value(given.at("type"), "it must be 'openai_hosted'.");
        }
        return inline(given);
    }

    private static Wanted.Hosted inline(Fields given) {
        String templateId = given.text("environment_template_id");
        String size = given.oneOf("container_size", "small", "medium", "large");
        Blueprint blueprint = blueprint(given, size);
        given.end();
        return new Wanted.Hosted(templateId, blueprint);
    }

    /** The members that environments and templates share. */
    static Blueprint blueprint(Fields given, @Nullable String size) {
        Boolean network = network(given.object("network"));
        Fields packages = given.object("packages");
        if (packages != null) {
            for (String kind : List.of("npm", "python", "system")) {
                refuse(
                        packages,
                        kind,
                        "Installing packages",
                        "Install them on the server, or by a setup command with the network.");
            }
            packages.end();
        }
        refuse(given, "skills", "A skill", "Send its files instead.");
        refuse(given, "plugins", "A plugin", "Send its files instead.");
        refuse(given, "capability_directories", "A capability directory", "Leave it out.");
        desktop(given.object("desktop"));
        return new Blueprint(
                size == null ? null : Blueprint.Size.valueOf(size.toUpperCase(Locale.ROOT)),
                network,
                files(given),
                setup(given),
                variables(given));
    }

    private static void refuse(Fields given, String name, String what, String instead) {
        List<JsonNode> list = given.list(name);
        if (list != null && !list.isEmpty()) {
            throw Refusals.unsupported(given.at(name), what, instead);
        }
    }

    private static void desktop(@Nullable Fields given) {
        if (given != null) {
            boolean enabled = given.requiredFlag("enabled");
            given.end();
            if (enabled) {
                throw Refusals.unsupported(
                        given.at("enabled"), "A desktop", "Send false, or leave it out.");
            }
        }
    }

    private static @Nullable Boolean network(@Nullable Fields given) {
        if (given == null) {
            return null;
        }
        given.required("access");
        String access = given.oneOf("access", "enabled", "disabled", "restricted");
        if ("restricted".equals(access)) {
            throw Refusals.unsupported(
                    given.at("access"),
                    "Access to some domains only",
                    "Send 'disabled', or 'enabled' where the operator allows it.");
        }
        refuse(given, "allowed_domains", "A list of domains", "It needs 'restricted'.");
        refuse(given, "blocked_domains", "A list of domains", "It needs 'restricted'.");
        given.end();
        return "enabled".equals(access);
    }

    private static @Nullable List<Blueprint.Given> files(Fields given) {
        List<JsonNode> list = given.list("files");
        if (list == null) {
            return null;
        }
        if (list.size() > FILES_MAX) {
            throw Refusals.value(given.at("files"), "it must have at most " + FILES_MAX + ".");
        }
        var files = new ArrayList<Blueprint.Given>();
        var paths = new ArrayList<String>();
        long total = 0;
        for (int i = 0; i < list.size(); i++) {
            Blueprint.Given file = file(Fields.of(given.at("files[" + i + "]"), list.get(i)));
            for (String other : paths) {
                if (other.equals(file.path())
                        || other.startsWith(file.path() + "/")
                        || file.path().startsWith(other + "/")) {
                    throw Refusals.value(
                            given.at("files[" + i + "].path"),
                            "it must not be or contain the path of another file.");
                }
            }
            paths.add(file.path());
            total += file.base64() == null ? 0 : file.bytes();
            files.add(file);
        }
        if (total > INLINE_BYTES_MAX_TOTAL) {
            throw Refusals.value(
                    given.at("files"),
                    "inline files must have at most "
                            + INLINE_BYTES_MAX_TOTAL
                            + " bytes together.");
        }
        return files;
    }

    /** A file to put in: its id is given later, and so is the size of a copy. */
    static Blueprint.Given file(Fields given) {
        given.required("type");
        String type = given.oneOf("type", "inline", "file_id");
        String path = path(given.at("path"), given.requiredText("path"));
        if ("file_id".equals(type)) {
            String fileId = given.requiredText("file_id");
            given.end();
            return new Blueprint.Given("", path, 0, fileId, null);
        }
        String data = given.requiredText("data");
        given.end();
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw Refusals.value(given.at("data"), "it must be standard base64.");
        }
        if (bytes.length > INLINE_BYTES_MAX) {
            throw Refusals.value(
                    given.at("data"), "it must have at most " + INLINE_BYTES_MAX + " bytes.");
        }
        return new Blueprint.Given("", path, bytes.length, null, data);
    }

    /** A path of a file within the workspace that is nobody else's. */
    static String path(String param, String path) {
        String[] names = path.split("/", -1);
        boolean good =
                path.startsWith("/workspace/")
                        && path.length() <= PATH_CHARS_MAX
                        && path.indexOf('\\') < 0
                        && path.chars().noneMatch(Character::isISOControl)
                        && !path.equals("/workspace/outputs");
        for (int i = 1; i < names.length && good; i++) {
            good = !names[i].isEmpty() && !names[i].equals(".") && !names[i].equals("..");
        }
        if (!good
                || names[2].equals(".codex")
                || names[2].equals(".managed-agents")
                || names[2].startsWith(".managed-agents-")) {
            throw Refusals.value(
                    param,
                    "it must be an absolute path of a file inside /workspace, without . and ..,"
                            + " and none that is reserved.");
        }
        return path;
    }

    private static @Nullable List<Blueprint.Setup> setup(Fields given) {
        List<JsonNode> list = given.list("setup_commands");
        if (list == null) {
            return null;
        }
        if (list.size() > SETUP_MAX) {
            throw Refusals.value(
                    given.at("setup_commands"), "it must have at most " + SETUP_MAX + ".");
        }
        var commands = new ArrayList<Blueprint.Setup>();
        for (int i = 0; i < list.size(); i++) {
            Fields each = Fields.of(given.at("setup_commands[" + i + "]"), list.get(i));
            String command = each.requiredText("command");
            String folder = each.text("cwd");
            each.end();
            if (command.isBlank()
                    || command.length() > COMMAND_CHARS_MAX
                    || command.indexOf('\0') >= 0) {
                throw Refusals.value(
                        each.at("command"),
                        "it must have 1 to " + COMMAND_CHARS_MAX + " characters.");
            }
            if (folder != null && (!folder.startsWith("/") || folder.indexOf('\0') >= 0)) {
                throw Refusals.value(each.at("cwd"), "it must be an absolute path.");
            }
            commands.add(new Blueprint.Setup(command, folder == null ? "/workspace" : folder));
        }
        return commands;
    }

    private static @Nullable Map<String, String> variables(Fields given) {
        if (given.get("env") == null) {
            return null;
        }
        Map<String, String> variables = given.texts("env");
        if (variables.size() > VARIABLES_MAX) {
            throw Refusals.value(given.at("env"), "it must have at most " + VARIABLES_MAX + ".");
        }
        ToLongFunction<String> bytes = text -> text.getBytes(StandardCharsets.UTF_8).length;
        long total = 0;
        for (Map.Entry<String, String> each : variables.entrySet()) {
            String name = each.getKey();
            String at = given.at("env." + name);
            if (name.length() > VARIABLE_NAME_CHARS_MAX || !VARIABLE.matcher(name).matches()) {
                throw Refusals.value(
                        at,
                        "a variable's name is 1 to 256 letters, digits and underscores, and begins"
                                + " with no digit.");
            }
            if (RESERVED.contains(name) || name.startsWith("CODEX_")) {
                throw Refusals.value(at, "this name is reserved.");
            }
            if (each.getValue().indexOf('\0') >= 0) {
                throw Refusals.value(at, "a value has no character 0.");
            }
            total += bytes.applyAsLong(name) + bytes.applyAsLong(each.getValue());
        }
        if (total > VARIABLES_BYTES_MAX) {
            throw Refusals.value(
                    given.at("env"), "it must have at most " + VARIABLES_BYTES_MAX + " bytes.");
        }
        return variables;
    }
}
