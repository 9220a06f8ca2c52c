package entrepot.runtime.sandbox;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Runs commands with bubblewrap: they see the node's programs, unchangeable, and one workspace; no
 * other file, no process but their own, and no network unless it is given. Whatever a command has
 * started ends with it, and all end with this process, however it ends.
 *
 * <p>As root the command gets a user id of its own and no capability; otherwise it runs in a user
 * namespace as this process's user. Without bubblewrap nothing is run.
 */
public final class Sandbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
    private static final long LOOK_MILLIS = 2_000;
    private static final long KILL_MILLIS = 5_000;
    private static final int TEMPORARY_BYTES = 256 << 20;
    private static final long PROBE_MILLIS = 10_000;

    /** Sets the limits that hold for each process, then becomes what follows. */
    private static final String LIMITED =
            "ulimit -c 0; ulimit -n 1024; ulimit -u \"$1\"; ulimit -d \"$2\"; ulimit -f \"$3\";"
                    + " ulimit -t \"$4\"; shift 4; exec \"$@\"";

    private final SandboxSettings settings;
    private final Semaphore room;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private final ReentrantLock probing = new ReentrantLock();

    /**
     * Processes are told to end when the thread that started them does, so that thread lives as
     * long as this.
     */
    private final ExecutorService starter =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("sandbox-starter").daemon().factory());

    private @Nullable String refusal;
    private boolean probed;

    public Sandbox(SandboxSettings settings) {
        this.settings = settings;
        this.room = new Semaphore(settings.runsMax());
    }

    public boolean networkAllowed() {
        return settings.networkAllowed();
    }

    /** Why nothing can be run here, and what would help; null when commands can be run. */
    public @Nullable String refusal() {
        probing.lock();
        try {
            if (!probed) {
                refusal = probe();
                probed = true;
            }
            return refusal;
        } finally {
            probing.unlock();
        }
    }

    private @Nullable String probe() {
        String program = settings.program();
        if (program == null) {
            return "The operator of this server has switched sandboxes off.";
        }
        try {
            Path place = Files.createTempDirectory("entrepot-probe");
            var workspace = new Workspace(place.resolve("probe"));
            try {
                workspace.create();
                Process process = start(line(workspace, false, List.of("/bin/true")));
                process.getOutputStream().close();
                String said =
                        new String(
                                process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8);
                if (!process.waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    return "bubblewrap does not end on this node.";
                }
                return process.exitValue() == 0
                        ? null
                        : "bubblewrap cannot make a sandbox on this node: " + said.strip();
            } finally {
                workspace.delete();
                Files.delete(place);
            }
        } catch (IOException e) {
            return "There is no program '"
                    + program
                    + "' on this node: install bubblewrap (apt-get install bubblewrap), or name it"
                    + " with ENTREPOT_SANDBOX.";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "The sandbox is not ready yet.";
        }
    }

    /**
     * Runs a command to its end. When interrupted, or when its bounds are reached, it and all that
     * it started are killed.
     *
     * @throws SandboxFailed when it was not run
     */
    public Finished run(Workspace workspace, Command command)
            throws InterruptedException, SandboxFailed {
        String why = refusal();
        if (why != null) {
            throw new SandboxFailed(why, false);
        }
        room.acquire();
        try {
            return runHere(workspace, command);
        } finally {
            room.release();
        }
    }

    private Finished runHere(Workspace workspace, Command command)
            throws InterruptedException, SandboxFailed {
        long startNanos = System.nanoTime();
        Process process;
        try {
            process = start(line(workspace, command.network(), limited(command)));
        } catch (IOException e) {
            throw new SandboxFailed("The sandbox could not be started.", false);
        }
        running.add(process);
        var captured = new Captured(command.captureBytesMax(), command.headOnly());
        Thread reader = reading(process, captured, command.told());
        Thread writer = writing(process, command.input());
        try {
            Finished.Ending ending = await(process, workspace, command.bounds(), startNanos);
            if (ending != Finished.Ending.EXITED) {
                kill(process);
            }
            reader.join(KILL_MILLIS);
            writer.join(KILL_MILLIS);
            if (reader.isAlive() || !process.waitFor(KILL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new SandboxFailed("The command could not be ended.", true);
            }
            return new Finished(
                    ending,
                    process.exitValue(),
                    captured.text(),
                    captured.bytes(),
                    captured.omitted(),
                    millisSince(startNanos));
        } finally {
            kill(process);
            running.remove(process);
        }
    }

    private static Finished.Ending await(
            Process process, Workspace workspace, Bounds bounds, long startNanos)
            throws InterruptedException {
        while (true) {
            long left = bounds.millis() - millisSince(startNanos);
            if (process.waitFor(Math.min(LOOK_MILLIS, Math.max(1, left)), TimeUnit.MILLISECONDS)) {
                return Finished.Ending.EXITED;
            }
            if (millisSince(startNanos) >= bounds.millis()) {
                return Finished.Ending.TIMED_OUT;
            }
            if (workspace.bytes() > bounds.diskBytes()) {
                return Finished.Ending.DISK_FULL;
            }
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static List<String> limited(Command command) {
        Bounds bounds = command.bounds();
        var line = new ArrayList<>(List.of("/bin/bash", "--norc", "-c", LIMITED, "bash"));
        line.add(String.valueOf(bounds.processesMax()));
        line.add(String.valueOf(bounds.memoryBytes() >> 10));
        line.add(String.valueOf(Math.max(1, bounds.diskBytes() >> 10)));
        line.add(String.valueOf(Math.max(1, bounds.cpuSeconds())));
        line.addAll(command.program());
        return line;
    }

    /** The whole command line. Nothing of a caller stands in it but paths and scripts of ours. */
    private List<String> line(Workspace workspace, boolean network, List<String> program)
            throws IOException {
        var line = new ArrayList<String>();
        line.add(String.valueOf(settings.program()));
        line.addAll(List.of("--unshare-pid", "--unshare-ipc", "--unshare-uts"));
        line.addAll(List.of("--unshare-cgroup-try", "--die-with-parent", "--new-session"));
        line.addAll(List.of("--hostname", "sandbox", "--cap-drop", "ALL"));
        boolean root = Workspace.isRoot();
        if (root) {
            for (String needed : List.of("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")) {
                line.addAll(List.of("--cap-add", needed));
            }
        } else {
            line.addAll(List.of("--unshare-user", "--disable-userns"));
            line.addAll(List.of("--uid", "1000", "--gid", "1000"));
        }
        if (!network) {
            line.add("--unshare-net");
        }
        view(line, workspace, network);
        line.add("--");
        if (root) {
            String user = String.valueOf(workspace.user());
            line.addAll(List.of("/usr/bin/setpriv", "--reuid", user, "--regid", user));
            line.addAll(List.of("--clear-groups", "--inh-caps=-all", "--bounding-set=-all"));
            line.addAll(List.of("--no-new-privs", "--"));
        }
        line.addAll(program);
        return line;
    }

    private static void view(List<String> line, Workspace workspace, boolean network) {
        line.addAll(List.of("--clearenv", "--setenv", "HOME", Workspace.ROOT));
        line.addAll(List.of("--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin"));
        line.addAll(List.of("--setenv", "LANG", "C.UTF-8", "--setenv", "USER", "agent"));
        line.addAll(List.of("--ro-bind", "/usr", "/usr", "--perms", "0755", "--dir", "/etc"));
        for (String folder : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/" + folder))) {
                line.addAll(List.of("--symlink", "usr/" + folder, "/" + folder));
            } else {
                line.addAll(List.of("--ro-bind-try", "/" + folder, "/" + folder));
            }
        }
        var shown = new ArrayList<>(List.of("alternatives", "ld.so.cache", "localtime"));
        if (network) {
            shown.addAll(List.of("resolv.conf", "hosts", "nsswitch.conf", "ssl/certs"));
        }
        for (String file : shown) {
            line.addAll(List.of("--ro-bind-try", "/etc/" + file, "/etc/" + file));
        }
        line.addAll(List.of("--ro-bind", workspace.people().toString(), "/etc/passwd"));
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--perms", "1777"));
        line.addAll(List.of("--size", String.valueOf(TEMPORARY_BYTES), "--tmpfs", "/tmp"));
        line.addAll(List.of("--bind", workspace.files().toString(), Workspace.ROOT));
        line.addAll(List.of("--chdir", Workspace.ROOT));
    }

    private Process start(List<String> line) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        Map<String, String> variables = builder.environment();
        variables.keySet().retainAll(Set.of("PATH"));
        try {
            return starter.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private static Thread reading(Process process, Captured captured, Consumer<String> told) {
        return Thread.ofPlatform()
                .name("sandbox-output")
                .daemon()
                .start(() -> {
                    var decoder = new Decoding();
                    byte[] buffer = new byte[8192];
                    try (InputStream output = process.getInputStream()) {
                        for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                            captured.add(buffer, n);
                            String text = decoder.text(buffer, n);
                            if (!text.isEmpty()) {
                                told.accept(text);
                            }
                        }
                    } catch (IOException e) {
                        LOG.debug("a sandbox's output ended early", e);
                    }
                });
    }

    private static Thread writing(Process process, byte[] input) {
        return Thread.ofPlatform()
                .name("sandbox-input")
                .daemon()
                .start(() -> {
                    try (OutputStream to = process.getOutputStream()) {
                        to.write(input);
                    } catch (IOException e) {
                        LOG.debug("a sandbox did not read all of its input", e);
                    }
                });
    }

    /** Letters whose bytes come in two pieces are told whole. */
    private static final class Decoding {
        private final CharsetDecoder decoder =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private final ByteBuffer kept = ByteBuffer.allocate(8192 + 8);

        String text(byte[] bytes, int count) {
            kept.put(bytes, 0, count).flip();
            CharBuffer letters = CharBuffer.allocate(kept.remaining() + 1);
            decoder.decode(kept, letters, false);
            kept.compact();
            return letters.flip().toString();
        }
    }

    /** The first process takes all others of its namespace with it. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** Kills what runs. */
    @Override
    public void close() {
        running.forEach(Sandbox::kill);
        starter.shutdown();
    }
}
