package entrepot.runtime.environments;

import entrepot.runtime.sandbox.Bounds;
import entrepot.runtime.sandbox.Command;
import entrepot.runtime.sandbox.Finished;
import entrepot.runtime.sandbox.SandboxFailed;
import entrepot.runtime.sandbox.Workspace;
import entrepot.runtime.vaults.Sealer;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Makes workspaces, fills them and runs what is set up in them. */
final class Setup {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int OUTPUT_BYTES_MAX = 4096;
    private static final int PROCESSES_MAX = 512;
    private static final long GIGABYTE = 1L << 30;

    private final Environments.Parts parts;

    Setup(Environments.Parts parts) {
        this.parts = parts;
    }

    Workspace workspace(String tenant, String id) {
        String room =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(tenant.getBytes(StandardCharsets.UTF_8));
        return new Workspace(parts.settings().folder().toAbsolutePath().resolve(room).resolve(id));
    }

    /** What a sealed row says. */
    Blueprint open(String tenant, String sealed) {
        try {
            return JSON.readValue(
                    parts.sealer().open(Environments.place(tenant), sealed), Blueprint.class);
        } catch (Sealer.CannotOpen e) {
            throw new IllegalStateException(
                    "An environment was sealed with a key that this node does not have.", e);
        }
    }

    /** What commands in it may use. */
    static Bounds bounds(Blueprint blueprint, long millis) {
        long bytes =
                Objects.requireNonNullElse(blueprint.size(), Blueprint.Size.MEDIUM).gigabytes()
                        * GIGABYTE;
        return new Bounds(bytes, PROCESSES_MAX, 2 * bytes, millis, Math.max(1, millis / 1000) * 4);
    }

    /**
     * @return what went wrong; null when it is ready
     */
    @Nullable String run(String tenant, String id, String sealed) throws InterruptedException {
        Blueprint blueprint = open(tenant, sealed);
        Workspace workspace = workspace(tenant, id);
        try {
            workspace.create();
            String problem = fill(tenant, workspace, blueprint);
            if (problem == null) {
                problem = commands(workspace, blueprint);
            }
            if (problem == null) {
                workspace.markReady();
            }
            return problem;
        } catch (IOException e) {
            return "The workspace could not be made on this node.";
        } catch (SandboxFailed e) {
            return e.getMessage();
        }
    }

    private @Nullable String fill(String tenant, Workspace workspace, Blueprint blueprint)
            throws InterruptedException, SandboxFailed {
        for (Blueprint.Given file :
                Objects.requireNonNullElse(blueprint.files(), List.<Blueprint.Given>of())) {
            Optional<byte[]> content = content(tenant, file);
            if (content.isEmpty()) {
                return "The file " + file.fileId() + " for " + file.path() + " is gone.";
            }
            Finished written =
                    parts.sandbox()
                            .run(
                                    workspace,
                                    WorkspaceFiles.write(
                                            file.path(), content.get(), bounds(blueprint, 60_000)));
            if (!written.isGood()) {
                return "The file " + file.path() + " could not be written.";
            }
        }
        return null;
    }

    private Optional<byte[]> content(String tenant, Blueprint.Given file) {
        String base64 = file.base64();
        if (base64 != null) {
            return Optional.of(Base64.getDecoder().decode(base64));
        }
        String fileId = file.fileId();
        return fileId == null ? Optional.empty() : parts.copies().read(tenant, fileId);
    }

    /** What the commands say stays with us, like the commands. */
    private @Nullable String commands(Workspace workspace, Blueprint blueprint)
            throws InterruptedException, SandboxFailed {
        List<Blueprint.Setup> all = Objects.requireNonNullElse(blueprint.setup(), List.of());
        for (int i = 0; i < all.size(); i++) {
            Finished finished =
                    parts.sandbox()
                            .run(
                                    workspace,
                                    Command.command(
                                            all.get(i).command(),
                                            all.get(i).folder(),
                                            variables(blueprint),
                                            Boolean.TRUE.equals(blueprint.network()),
                                            bounds(blueprint, parts.settings().setupMillisMax()),
                                            OUTPUT_BYTES_MAX));
            if (!finished.isGood()) {
                return "Setup command "
                        + (i + 1)
                        + " of "
                        + all.size()
                        + switch (finished.ending()) {
                            case EXITED -> " ended with exit code " + finished.exitCode() + ".";
                            case TIMED_OUT -> " took too long and was ended.";
                            case DISK_FULL -> " filled the disk and was ended.";
                        };
            }
        }
        return null;
    }

    static Map<String, String> variables(Blueprint blueprint) {
        return Objects.requireNonNullElse(blueprint.variables(), Map.of());
    }
}
