package entrepot.app.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command runs: what it prints to, reads from, and finds in the environment.
 *
 * @param live whether {@code err} is a terminal on which a line may be written over
 */
record Terminal(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean live,
        Map<String, String> environment) {

    /** A line of progress or advice, apart from the result. */
    void say(String line) {
        err.println(line);
    }

    /** A line of the result. */
    void print(String line) {
        out.println(line);
    }

    /** The same, printing results where progress goes. */
    Terminal onError() {
        return new Terminal(err, err, in, live, environment);
    }
}
