package entrepot.app.cli;

import entrepot.app.books.Desk;
import entrepot.app.client.Api;

import org.jspecify.annotations.Nullable;

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
        Map<String, String> environment)
        implements Desk {

    @Override
    public void say(String line) {
        err.println(line);
    }

    @Override
    public void print(String line) {
        out.println(line);
    }

    @Override
    public Api connect(@Nullable String url, @Nullable String key) {
        var server = new ServerOptions();
        server.url = url;
        server.key = key;
        return server.connect(environment);
    }

    /** The same, printing results where progress goes. */
    Terminal onError() {
        return new Terminal(err, err, in, live, environment);
    }
}
