package entrepot.app;

import entrepot.app.cli.Entrepot;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Where the program starts. */
public final class Main {

    /** Held, because a logger that nobody holds forgets its level. */
    private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");

    private Main() {}

    public static void main(String[] arguments) {
        // Its greetings would stand before the one line that says what is wrong.
        POOL.setLevel(Level.WARNING);
        System.exit(Entrepot.run(arguments));
    }
}
