package entrepot.app.books;

import picocli.CommandLine.Option;

/** From when to when: months, dates or instants. */
final class PeriodOptions {

    @Option(names = "--from", required = true, paramLabel = "DATE", description = "first moment")
    String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DATE",
            description = "first moment no longer wanted")
    String to = "";
}
