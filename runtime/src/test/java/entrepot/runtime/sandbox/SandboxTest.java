package entrepot.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** What a command sees, may use and leaves behind. */
class SandboxTest {

    private static final Bounds BOUNDS = new Bounds(1L << 30, 256, 64 << 20, 60_000, 60);

    @TempDir Path folder;
    private final Sandbox sandbox = new Sandbox(SandboxSettings.DEFAULT);
    private @Nullable Workspace made;

    @BeforeEach
    void make() throws Exception {
        String refusal = sandbox.refusal();
        Assumptions.assumeTrue(refusal == null, "bubblewrap does not run here: " + refusal);
        made = new Workspace(folder.resolve("one"));
        made.create();
    }

    @AfterEach
    void end() throws Exception {
        sandbox.close();
        if (made != null) {
            made.delete();
        }
    }

    private Workspace workspace() {
        return Objects.requireNonNull(made);
    }

    private Finished run(String command) throws Exception {
        return run(command, BOUNDS);
    }

    private Finished run(String command, Bounds bounds) throws Exception {
        return sandbox.run(
                workspace(),
                Command.command(
                        command,
                        "/workspace",
                        Map.of("GREETING", "good\nday", "LD_PRELOAD", ""),
                        false,
                        bounds,
                        8192));
    }

    @Test
    void givesOutputAndExitCode() throws Exception {
        Finished finished = run("echo \"$GREETING\"; echo bad >&2; exit 3");
        assertThat(finished.output()).isEqualTo("good\nday\nbad\n");
        assertThat(finished.exitCode()).isEqualTo(3);
        assertThat(finished.ending()).isEqualTo(Finished.Ending.EXITED);
    }

    @Test
    void keepsTheWorkspaceAndNothingElse() throws Exception {
        run("mkdir -p /workspace/a /tmp/b && echo kept > /workspace/a/file");
        assertThat(run("cat a/file; ls /tmp").output()).isEqualTo("kept\n");
    }

    @Test
    void seesNoFileAndNoProcessOfTheNode() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hidden");
        assertThat(run("cat " + secret).exitCode()).isNotZero();
        assertThat(run("cat /etc/shadow").exitCode()).isNotZero();
        assertThat(run("ls /proc | grep -c '^[0-9]*$'").output().strip().length()).isOne();
        assertThat(run("touch /usr/here; echo x > /proc/sys/kernel/core_pattern").exitCode())
                .isNotZero();
        assertThat(run("id -u").output().strip()).isNotEqualTo("0");
        assertThat(run("grep CapBnd /proc/self/status").output()).contains("0000000000000000");
        assertThat(run("env").output()).doesNotContain("JAVA").doesNotContain("MAVEN");
    }

    @Test
    void hasNoNetwork() throws Exception {
        assertThat(run("cat /proc/net/dev").output()).contains("lo:").doesNotContain("eth");
        assertThat(run("exec 3<>/dev/tcp/127.0.0.1/22").exitCode()).isNotZero();
    }

    @Test
    void aLinkLeadsNowhereOutside() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hidden");
        run("ln -s " + secret + " /workspace/link; ln -s /etc/shadow /workspace/shadow");
        Command read =
                Command.script("cat \"$1\"", List.of("/workspace/link"), new byte[0], BOUNDS, 99);
        assertThat(sandbox.run(workspace(), read).output()).doesNotContain("hidden");
        workspace().delete();
        assertThat(secret).hasContent("hidden");
    }

    /** E59, E63: what a command has started ends with it. */
    @Test
    void nothingOutlivesItsCommand() throws Exception {
        Finished finished = run("sleep 4000 & disown; (setsid sleep 4001 &) ; echo begun");
        assertThat(finished.output()).isEqualTo("begun\n");
        assertThat(processes("sleep 400")).isZero();
    }

    /** E63: a command that is given up is killed with all its children. */
    @Test
    void aCommandThatTakesTooLongIsKilled() throws Exception {
        Finished finished = run("sleep 4002 & sleep 4003", BOUNDS.withMillis(1_000));
        assertThat(finished.ending()).isEqualTo(Finished.Ending.TIMED_OUT);
        assertThat(processes("sleep 400")).isZero();
    }

    /** E59: so is one whose thread is told to stop. */
    @Test
    void aCommandThatIsInterruptedIsKilled() throws Exception {
        var begun = new CountDownLatch(1);
        var thrown = new AtomicReference<Throwable>();
        Thread runner =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                sandbox.run(
                                        workspace(),
                                        Command.command(
                                                        "echo on; sleep 4004",
                                                        "/workspace",
                                                        Map.of(),
                                                        false,
                                                        BOUNDS,
                                                        99)
                                                .telling(text -> begun.countDown()));
                            } catch (Exception e) {
                                thrown.set(e);
                            }
                        });
        begun.await();
        runner.interrupt();
        runner.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        while (processes("sleep 4004") > 0) {
            Thread.onSpinWait();
        }
    }

    /** Counts processes of this machine by their command lines. */
    private static long processes(String words) {
        return ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(each -> each.info().commandLine().orElse("").contains(words))
                .filter(each -> !each.info().commandLine().orElse("").contains("bwrap"))
                .count();
    }

    @Test
    void isBounded() throws Exception {
        Bounds little = new Bounds(64 << 20, 24, 4 << 20, 60_000, 2);
        assertThat(run("head -c 20000000 /dev/zero > big", little).exitCode()).isNotZero();
        assertThat(run("rm -f big; for i in $(seq 60); do sleep 1 & done; wait", little).output())
                .contains("Resource temporarily unavailable");
        assertThat(
                        run("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x}", little)
                                .isGood())
                .isFalse();
        assertThat(run("while :; do :; done", little).exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void aWorkspaceThatHoldsTooMuchEndsTheCommand() throws Exception {
        Bounds little = new Bounds(1L << 30, 64, 1 << 20, 60_000, 60);
        Finished finished =
                run("for i in 1 2 3; do head -c 900000 /dev/zero > f$i; done; sleep 50", little);
        assertThat(finished.ending()).isEqualTo(Finished.Ending.DISK_FULL);
    }

    @Test
    void cutsLongOutputInTheMiddle() throws Exception {
        Finished finished = run("echo first; seq 100000; echo last");
        assertThat(finished.output()).startsWith("first\n1\n").endsWith("100000\nlast\n");
        assertThat(finished.output()).contains("bytes left out").hasSizeLessThan(9000);
        assertThat(finished.omittedBytes()).isGreaterThan(500_000);
    }

    @Test
    void saysWhatIsMissing() {
        try (var none = new Sandbox(new SandboxSettings("no-such-bwrap", false, 1))) {
            assertThat(none.refusal()).contains("no-such-bwrap").contains("install bubblewrap");
            assertThatThrownBy(() ->
                            none.run(
                                    new Workspace(folder.resolve("two")),
                                    Command.script("true", List.of(), new byte[0], BOUNDS, 9)))
                    .isInstanceOf(SandboxFailed.class)
                    .hasMessageContaining("install bubblewrap");
        }
    }
}
