package entrepot.app.books;

import entrepot.app.client.Api;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;

/** Where these commands run: what they print to, and how they reach a server. */
public interface Desk {

    /** Where results go. */
    PrintStream out();

    /** A line of progress or advice, apart from the result. */
    void say(String line);

    /** A line of the result. */
    void print(String line);

    /**
     * @param url the server; null for the usual one
     * @param key null for the usual one
     */
    Api connect(@Nullable String url, @Nullable String key);
}
