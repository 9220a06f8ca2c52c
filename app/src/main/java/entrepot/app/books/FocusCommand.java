package entrepot.app.books;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.market.statements.focus.Dataset;
import entrepot.market.statements.focus.Finding;
import entrepot.market.statements.focus.Validator;
import entrepot.market.statements.sheet.Csv;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;

/** {@code entrepot focus}. */
@Command(
        name = "focus",
        description = "Exports and validates datasets of FOCUS 1.4.",
        synopsisSubcommandLabel = "(export | validate)")
public final class FocusCommand {

    private final Desk desk;

    public FocusCommand(Desk desk) {
        this.desk = desk;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "export",
            description = "Writes a dataset as CSV.")
    int export(
            @Mixin ServerFlags server,
            @Mixin SheetOutput output,
            @Option(
                            names = "--dataset",
                            required = true,
                            paramLabel = "NAME",
                            description =
                                    "cost-and-usage, contract-commitment, invoice-detail,"
                                            + " billing-period")
                    String dataset,
            @Mixin PeriodOptions period,
            @Option(
                            names = "--view",
                            defaultValue = "cost",
                            description = "cost: what suppliers bill; charge: what teams owe")
                    String view,
            @Option(
                            names = "--terms",
                            paramLabel = "FILE",
                            description = "JSON: {commitments: […]}")
                    @Nullable Path terms)
            throws ApiFailed, InterruptedException {
        Dataset known = dataset(dataset);
        try (Api api = server.connect(desk)) {
            JsonNode sheet =
                    api.post(
                            "/admin/v1/focus/"
                                    + known.word()
                                    + "?"
                                    + StatementsCommand.period(period.from, period.to)
                                    + "&view="
                                    + StatementsCommand.encoded(view),
                            StatementsCommand.body(terms));
            long unpriced = sheet.path("unpriced").asLong(0);
            if (unpriced > 0) {
                desk.say(
                        "%d requests are not in it: no price is known for what they used"
                                .formatted(unpriced));
            }
            output.csv = !output.json;
            output.print(desk, List.of(sheet));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "validate",
            description = "Checks a CSV file; exit code 1 when it does not conform to FOCUS 1.4.")
    int validate(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(
                            names = "--dataset",
                            paramLabel = "NAME",
                            description = "which it is (default: told by its columns)")
                    @Nullable String dataset,
            @Option(
                            names = "--excerpt",
                            description =
                                    "an example of an earlier version: what 1.4 changed is noted")
                    boolean excerpt) {
        Csv.Table table;
        try {
            table = Csv.read(SheetOutput.read(file));
        } catch (Csv.Malformed e) {
            throw new Unusable(file + ": " + e.getMessage());
        }
        Dataset which = dataset == null ? Dataset.guess(table.columns()) : dataset(dataset);
        List<Finding> findings = Validator.validate(which, table, excerpt);
        findings.forEach(finding -> desk.print(finding.toString()));
        long errors = findings.stream().filter(Finding::error).count();
        desk.say(
                "%s, %d rows: %s"
                        .formatted(
                                which.word(),
                                table.rows().size(),
                                errors == 0 ? "conforms to FOCUS 1.4" : errors + " errors"));
        return errors == 0 ? 0 : 1;
    }

    private static Dataset dataset(String word) {
        return Dataset.of(word)
                .orElseThrow(() ->
                        new Unusable(
                                "There is no dataset '" + word + "': " + Dataset.words() + "."));
    }
}
