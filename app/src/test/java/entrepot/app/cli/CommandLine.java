package entrepot.app.cli;

import entrepot.app.server.Server;

import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, with a data folder of their own, and keeps what they say. */
abstract class CommandLine {

    @TempDir Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    final Map<String, String> environment() {
        return Map.of("HOME", "/nowhere", "ENTREPOT_DATA", folder.toString());
    }

    /**
     * Runs a command against a server.
     *
     * @return the exit code
     */
    final int run(Server server, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.add("--url");
        all.add(server.url());
        return run(all.toArray(String[]::new));
    }

    /**
     * @return the exit code
     */
    final int run(String... arguments) {
        var terminal =
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(new byte[0]),
                        false,
                        environment());
        return Entrepot.run(terminal, arguments);
    }

    /** What was printed since {@link #told} was last asked. */
    final String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    /** What was complained of since {@link #told} was last asked. */
    final String complained() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** Everything that was said since the last time, complaints last. */
    final String told() {
        String told = printed() + complained();
        out.reset();
        err.reset();
        return told;
    }
}
