package entrepot.app;

import entrepot.app.cli.Entrepot;

/** Where the program starts. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Entrepot.run(arguments));
    }
}
