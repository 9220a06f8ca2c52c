package entrepot.app.cli;

import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.reading.ContractsReader;
import entrepot.market.contracts.rendering.CheckReport;
import entrepot.market.contracts.rendering.Difference;
import entrepot.market.contracts.rendering.ShowReport;
import entrepot.market.contracts.rendering.Timeline;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

@Command(
        name = "contracts",
        description = {
            "Checks and shows a folder of contracts: who may carry what, from when, and why.",
            "whatif and evidence ask a server's ledger.",
            "Try: entrepot contracts timeline examples/openai-2026/contracts"
        },
        synopsisSubcommandLabel = "(check | show | timeline | diff | whatif | evidence | verify)")
final class ContractsCommand {

    private static final String DATE = "2026-04-27, or a time such as 2026-04-27T09:00:00Z";

    private final Terminal terminal;
    private final InstantSource clock;

    ContractsCommand(Terminal terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "check",
            description = "Says what is wrong with the contracts, with file, line and column.")
    int check(
            @Parameters(paramLabel = "FOLDER", description = "the folder of contracts")
                    String folder,
            @Option(names = "--json", description = "as JSON") boolean json) {
        CheckReport report;
        try {
            report = new CheckReport(ContractsReader.folder(Path.of(folder), folder), List.of());
        } catch (YamlInvalid e) {
            report = new CheckReport(null, e.problems());
        }
        print(json, report.text(), report.json());
        return report.book() == null ? 1 : 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "What is in force, its sources, and who may carry what.")
    int show(
            @Parameters(paramLabel = "FOLDER", description = "the folder of contracts")
                    String folder,
            @Option(names = "--at", paramLabel = "DATE", description = "when (default: now)")
                    @Nullable String at,
            @Option(
                            names = "--known",
                            paramLabel = "DATE",
                            description = "leaves out what was learned later")
                    @Nullable String known,
            @Option(names = "--json", description = "as JSON") boolean json) {
        var report = new ShowReport(book(folder), new AsOf(time(at), known(known)));
        print(json, report.text(), report.json());
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "timeline",
            description = "What changes on which date, for each kind of call and channel.")
    int timeline(
            @Parameters(paramLabel = "FOLDER", description = "the folder of contracts")
                    String folder,
            @Option(
                            names = "--known",
                            paramLabel = "DATE",
                            description = "leaves out what was learned later")
                    @Nullable String known,
            @Option(names = "--json", description = "as JSON") boolean json) {
        Timeline timeline = Timeline.of(book(folder), known(known));
        print(json, timeline.text(), timeline.json());
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "diff",
            description = {
                "What differs between two folders, or between two days of one:",
                "diff FOLDER FOLDER, or diff FOLDER DATE DATE. Exit code 1 when something does."
            })
    int diff(
            @Parameters(
                            arity = "2..3",
                            paramLabel = "WHAT",
                            description = "two folders, or a folder and two dates")
                    List<String> what,
            @Option(
                            names = "--at",
                            paramLabel = "DATE",
                            description = "when two folders are compared (default: now)")
                    @Nullable String at,
            @Option(
                            names = "--known",
                            paramLabel = "DATE",
                            description = "leaves out what was learned later")
                    @Nullable String known,
            @Option(names = "--json", description = "as JSON") boolean json) {
        ContractBook first = book(what.getFirst());
        Instant learned = known(known);
        Difference difference =
                what.size() == 2
                        ? Difference.ofBooks(
                                first, book(what.getLast()), new AsOf(time(at), learned))
                        : Difference.ofDays(
                                first,
                                new AsOf(time(what.get(1)), learned),
                                new AsOf(time(what.get(2)), learned));
        print(json, difference.text(), difference.json());
        return difference.isEmpty() ? 0 : 1;
    }

    private void print(boolean asJson, String text, ObjectNode json) {
        if (asJson) {
            terminal.print(json.toPrettyString());
        } else {
            text.lines().forEach(terminal::print);
        }
    }

    private static ContractBook book(String folder) {
        try {
            return ContractsReader.folder(Path.of(folder), folder);
        } catch (YamlInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private Instant known(@Nullable String text) {
        return text == null ? Instant.MAX : time(text);
    }

    private Instant time(@Nullable String text) {
        if (text == null) {
            return clock.instant();
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Refused("'" + text + "' is no date: give one such as " + DATE + ".");
        }
    }
}
