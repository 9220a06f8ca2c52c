package entrepot.app.cli;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.app.client.Outcome;
import entrepot.app.server.Server;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

@Command(
        name = "demo",
        description = {
            "Starts everything, lets an agent write a cited briefing, leaves nothing behind.",
            "The agent reads a folder of press notes with tools; receipts show what it cost."
        })
final class DemoCommand implements Callable<Integer> {

    static final String QUESTION =
            "How is the relationship between the companies changing, and why?";

    private final Terminal terminal;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "port to listen on (default: any free one)")
    String port = "";

    @Option(names = "--stay", description = "keep the server and its console until interrupted")
    boolean stay;

    @Option(
            names = {"-q", "--quiet"},
            description = "only the briefing")
    boolean quiet;

    @Parameters(arity = "0..1", paramLabel = "QUESTION", description = "what the briefing is about")
    String question = QUESTION;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        var began = System.nanoTime();
        var settings =
                SettingsReader.read(Map.of(Setting.PORT, port), terminal.environment())
                        .withFolder("newsroom", newsroom(terminal.environment()));
        try (var here = TemporaryServer.start(settings, terminal.environment());
                var api = here.api()) {
            say("An agent reads examples/newsroom and writes a cited briefing, through the Agents");
            say("API, the market and the durable journal. Its model, entrepot/extract-1, extracts");
            say("and does not generate; nothing here needs a key or an account.");
            say("");
            say("Question: %s".formatted(question));
            say("  ready in %s ms at %s".formatted(millisSince(began), here.server().url()));
            var outcome = ask(api);
            terminal.print(outcome.text());
            say("");
            receipts(here.server(), outcome);
            say("");
            if (stay) {
                stay(here);
            } else {
                say("Console: " + here.server().url() + "/console   (--stay keeps it running)");
            }
            return 0;
        }
    }

    private Outcome ask(Api api) throws ApiFailed, InterruptedException {
        var session = AgentTurn.readerOf("newsroom", "entrepot/extract-1", question);
        var outcome = BriefCommand.ask(terminal, api, session, quiet);
        say("");
        if (!outcome.completed()) {
            throw new Refused("The turn ended as '" + outcome.status() + "'. " + outcome.error());
        }
        return outcome;
    }

    private void receipts(Server server, Outcome outcome) {
        if (quiet) {
            return;
        }
        say("Receipts: one ledger row per model call");
        var table = new Table("RECEIPT", "MODEL", "OUTCOME", "IN", "OUT", "COST", "TOOK");
        var receipts = server.receipts(outcome.sessionId());
        var total = BigDecimal.ZERO;
        var currency = "";
        for (var receipt : receipts) {
            var cost = receipt.cost();
            if (cost != null) {
                total = total.add(cost.amount());
                currency = cost.currency();
            }
            table.row(
                    receipt.id(),
                    receipt.model(),
                    receipt.outcome().name().toLowerCase(java.util.Locale.ROOT),
                    Long.toString(receipt.usage().inputTokens()),
                    Long.toString(receipt.usage().outputTokens()),
                    cost == null ? "unknown" : cost.toString(),
                    Duration.between(receipt.startedAt(), receipt.endedAt()).toMillis() + " ms");
        }
        table.printTo(terminal.onError());
        say(
                "  %d calls, %d tool uses, %s %s"
                        .formatted(
                                receipts.size(),
                                outcome.toolCalls(),
                                total.toPlainString(),
                                currency));
    }

    private void stay(TemporaryServer here) throws InterruptedException {
        say("Console: %s/console".formatted(here.server().url()));
        here.server().firstKey().ifPresent(key -> say("Key:     %s".formatted(key.reveal())));
        say("Running until interrupted (Ctrl-C).");
        new CountDownLatch(1).await();
    }

    private void say(String line) {
        if (!quiet) {
            terminal.say(line);
        }
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    /** The project's own press notes: beside the launcher, or where the command runs. */
    static Path newsroom(Map<String, String> environment) {
        var home = environment.getOrDefault("ENTREPOT_HOME", "");
        var folder = Path.of(home).resolve("examples").resolve("newsroom").toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            throw new Refused(
                    "There is no folder "
                            + folder
                            + ". Run the demo with ./entrepot from a clone of the project.");
        }
        return folder;
    }
}
