package entrepot.runtime.environments;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.conversation.Tool;
import entrepot.runtime.sandbox.Bounds;
import entrepot.runtime.sandbox.Command;
import entrepot.runtime.sandbox.Finished;
import entrepot.runtime.sandbox.SandboxFailed;
import entrepot.runtime.sandbox.Workspace;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Commands and files of one environment. */
final class EnvironmentServer implements ToolServer {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int OUTPUT_BYTES_MAX = 48 << 10;
    private static final int EDITED_BYTES_MAX = 1 << 20;
    private static final int LISTED_MAX = 1_000;
    private static final int LISTED_DEPTH = 4;
    private static final long FILE_MILLIS = 30_000;
    private static final long COMMAND_MILLIS = 120_000;
    private static final int COMMAND_CHARS_MAX = 100_000;

    private static final List<Offer> OFFERS =
            List.of(
                    offer(
                            ToolServers.RUN_COMMAND,
                            "Runs a shell command (bash) in the environment and gives its output"
                                    + " and exit code. Files are kept in /workspace. Processes end"
                                    + " with the command that started them.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"command\":{\"type\":\"string\"},"
                                    + "\"cwd\":{\"type\":\"string\",\"description\":\"folder to run"
                                    + " it in; /workspace if left out\"},"
                                    + "\"timeout_ms\":{\"type\":\"integer\",\"minimum\":1,"
                                    + "\"description\":\"120000 if left out; at most 600000\"}},"
                                    + "\"required\":[\"command\"],\"additionalProperties\":false}",
                            Effect.ONCE),
                    offer(
                            "write_file",
                            "Writes a file of the environment, in place of what it held.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"path\":{\"type\":\"string\"},"
                                    + "\"content\":{\"type\":\"string\"}},"
                                    + "\"required\":[\"path\",\"content\"],"
                                    + "\"additionalProperties\":false}",
                            Effect.ONCE),
                    offer(
                            "edit_file",
                            "Replaces a text in a file of the environment. The text must stand in"
                                    + " it exactly once.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"path\":{\"type\":\"string\"},"
                                    + "\"old_text\":{\"type\":\"string\"},"
                                    + "\"new_text\":{\"type\":\"string\"}},"
                                    + "\"required\":[\"path\",\"old_text\",\"new_text\"],"
                                    + "\"additionalProperties\":false}",
                            Effect.ONCE),
                    offer(
                            "read_file",
                            "Reads a file of the environment, up to 64 KiB at a time. A first line"
                                    + " in brackets says when it is not the whole file.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"path\":{\"type\":\"string\"},"
                                    + "\"offset\":{\"type\":\"integer\",\"minimum\":0,"
                                    + "\"description\":\"byte to begin at; 0 if left out\"}},"
                                    + "\"required\":[\"path\"],\"additionalProperties\":false}",
                            Effect.READ),
                    offer(
                            "list_files",
                            "Lists files of the environment: one line each, the path, a tab and the"
                                    + " size in bytes; folders end with a slash.",
                            "{\"type\":\"object\",\"properties\":{"
                                    + "\"path\":{\"type\":\"string\",\"description\":\"folder;"
                                    + " /workspace if left out\"}},"
                                    + "\"additionalProperties\":false}",
                            Effect.READ));

    private final Environments.Parts parts;
    private final EnvironmentTable table;
    private final Setup setup;
    private final String tenant;
    private final String id;

    EnvironmentServer(
            Environments.Parts parts,
            EnvironmentTable table,
            Setup setup,
            String tenant,
            String id) {
        this.parts = parts;
        this.table = table;
        this.setup = setup;
        this.tenant = tenant;
        this.id = id;
    }

    private static Offer offer(String name, String words, String schema, Effect effect) {
        return new Offer(
                new Tool.Function(name, words, JSON.readTree(schema), null, Extras.NONE), effect);
    }

    @Override
    public List<Offer> offers() {
        return OFFERS;
    }

    @Override
    public long useMillisMax() {
        return parts.settings().commandMillisMax();
    }

    @Override
    public Result use(Use use) throws InterruptedException {
        return use(use, text -> {});
    }

    @Override
    public Result use(Use use, Consumer<String> told) throws InterruptedException {
        Optional<EnvironmentTable.Kept> row = table.find(tenant, id);
        Workspace workspace = setup.workspace(tenant, id);
        if (row.isEmpty() || !workspace.isReady()) {
            return Result.failure("The environment is not there any more.");
        }
        Blueprint blueprint = setup.open(tenant, row.get().sealed());
        try {
            JsonNode arguments = JSON.readTree(use.arguments().isBlank() ? "{}" : use.arguments());
            return switch (use.name()) {
                case ToolServers.RUN_COMMAND -> command(workspace, blueprint, arguments, told);
                case "write_file" ->
                        write(workspace, blueprint, path(arguments), text(arguments, "content"));
                case "edit_file" -> edit(workspace, blueprint, arguments);
                case "read_file" -> read(workspace, blueprint, arguments);
                case "list_files" -> list(workspace, blueprint, arguments);
                default -> Result.failure("There is no tool " + use.name() + ".");
            };
        } catch (JacksonException e) {
            return Result.failure("The arguments are not JSON: " + e.getOriginalMessage());
        } catch (Wrong e) {
            return Result.failure(String.valueOf(e.getMessage()));
        } catch (SandboxFailed e) {
            return Result.failure(
                    e.getMessage() + (e.begun() ? " Its outcome is unknown." : " It was not run."));
        }
    }

    /** Arguments that cannot be used. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    private static String text(JsonNode arguments, String name) throws Wrong {
        JsonNode value = arguments.path(name);
        if (!value.isString()) {
            throw new Wrong("'" + name + "' is needed, and must be a string.");
        }
        return value.stringValue();
    }

    private static String path(JsonNode arguments) throws Wrong {
        String path = text(arguments, "path");
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new Wrong("'path' must name a file.");
        }
        return WorkspaceFiles.absolute(path);
    }

    private Result command(
            Workspace workspace, Blueprint blueprint, JsonNode arguments, Consumer<String> told)
            throws InterruptedException, SandboxFailed, Wrong {
        String command = text(arguments, "command");
        if (command.isBlank() || command.length() > COMMAND_CHARS_MAX) {
            throw new Wrong("'command' must have 1 to " + COMMAND_CHARS_MAX + " characters.");
        }
        String folder = arguments.path("cwd").asString("/workspace");
        if (command.indexOf('\0') >= 0 || folder.indexOf('\0') >= 0) {
            throw new Wrong("A command has no character 0.");
        }
        long millis =
                Math.clamp(
                        arguments.path("timeout_ms").asLong(COMMAND_MILLIS),
                        1,
                        parts.settings().commandMillisMax());
        Finished finished =
                parts.sandbox()
                        .run(
                                workspace,
                                Command.command(
                                                command,
                                                WorkspaceFiles.absolute(folder),
                                                Setup.variables(blueprint),
                                                Boolean.TRUE.equals(blueprint.network()),
                                                Setup.bounds(blueprint, millis),
                                                OUTPUT_BYTES_MAX)
                                        .telling(told));
        return result(finished, millis);
    }

    private static Result result(Finished finished, long millis) {
        String note =
                switch (finished.ending()) {
                    case EXITED -> "[exit code " + finished.exitCode() + "]";
                    case TIMED_OUT -> "[ended after " + millis + " ms: it took too long]";
                    case DISK_FULL -> "[ended: the workspace holds more than it may]";
                };
        return new Result(
                List.of(
                        new Part.Text(finished.output(), Extras.NONE),
                        new Part.Text(note, Extras.NONE)),
                !finished.isGood(),
                finished.ending() == Finished.Ending.EXITED ? (Integer) finished.exitCode() : null);
    }

    private Result write(Workspace workspace, Blueprint blueprint, String path, String content)
            throws InterruptedException, SandboxFailed {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Finished written =
                parts.sandbox()
                        .run(
                                workspace,
                                WorkspaceFiles.write(
                                        path, bytes, Setup.bounds(blueprint, FILE_MILLIS)));
        return written.isGood()
                ? Result.text("Wrote " + bytes.length + " bytes to " + path + ".")
                : Result.failure("The file was not written. " + written.output().strip());
    }

    private Result edit(Workspace workspace, Blueprint blueprint, JsonNode arguments)
            throws InterruptedException, SandboxFailed, Wrong {
        String path = path(arguments);
        String old = text(arguments, "old_text");
        Read read = window(workspace, blueprint, path, 0, EDITED_BYTES_MAX);
        if (read.size() > EDITED_BYTES_MAX) {
            throw new Wrong(
                    "The file has " + read.size() + " bytes: edit it with a command instead.");
        }
        String before = read.text();
        int at = old.isEmpty() ? -1 : before.indexOf(old);
        if (at < 0) {
            throw new Wrong("'old_text' does not stand in the file; nothing was changed.");
        }
        if (before.indexOf(old, at + 1) >= 0) {
            throw new Wrong(
                    "'old_text' stands in the file more than once: give more of what is around"
                            + " it. Nothing was changed.");
        }
        String after =
                before.substring(0, at)
                        + text(arguments, "new_text")
                        + before.substring(at + old.length());
        return write(workspace, blueprint, path, after);
    }

    private record Read(long size, String text) {}

    private Read window(
            Workspace workspace, Blueprint blueprint, String path, long offset, int bytesMax)
            throws InterruptedException, SandboxFailed, Wrong {
        Finished finished =
                parts.sandbox()
                        .run(
                                workspace,
                                WorkspaceFiles.read(
                                        path,
                                        offset,
                                        bytesMax,
                                        Setup.bounds(blueprint, FILE_MILLIS)));
        String all = new String(finished.bytes(), StandardCharsets.UTF_8);
        int line = all.indexOf('\n');
        if (!finished.isGood() || line < 0) {
            throw new Wrong("The file could not be read. " + all.strip());
        }
        return new Read(Long.parseLong(all.substring(0, line)), all.substring(line + 1));
    }

    private Result read(Workspace workspace, Blueprint blueprint, JsonNode arguments)
            throws InterruptedException, SandboxFailed, Wrong {
        long offset = Math.max(0, arguments.path("offset").asLong(0));
        Read read =
                window(workspace, blueprint, path(arguments), offset, WorkspaceFiles.READ_BYTES);
        boolean whole = offset == 0 && read.size() <= WorkspaceFiles.READ_BYTES;
        return Result.text(
                whole
                        ? read.text()
                        : "[bytes "
                                + offset
                                + " to "
                                + Math.min(read.size(), offset + WorkspaceFiles.READ_BYTES)
                                + " of "
                                + read.size()
                                + "]\n"
                                + read.text());
    }

    private Result list(Workspace workspace, Blueprint blueprint, JsonNode arguments)
            throws InterruptedException, SandboxFailed {
        String folder = WorkspaceFiles.absolute(arguments.path("path").asString("/workspace"));
        Bounds bounds = Setup.bounds(blueprint, FILE_MILLIS);
        Finished finished =
                parts.sandbox()
                        .run(
                                workspace,
                                WorkspaceFiles.list(folder, LISTED_DEPTH, LISTED_MAX, bounds));
        String listed = finished.output();
        if (!finished.isGood()) {
            return Result.failure("The folder could not be listed. " + listed.strip());
        }
        return Result.text(listed.isEmpty() ? "[no files]" : listed);
    }
}
