package entrepot.app.cli;

import entrepot.app.agents.ApprovalsCommand;
import entrepot.app.agents.MemoryCommand;
import entrepot.app.books.CapacityCommand;
import entrepot.app.books.EvidenceCommand;
import entrepot.app.books.FocusCommand;
import entrepot.app.books.LedgerCommand;
import entrepot.app.books.StatementsCommand;
import entrepot.app.books.Unusable;
import entrepot.app.books.VerifyCommand;
import entrepot.app.books.WhatIfCommand;
import entrepot.app.client.ApiFailed;
import entrepot.app.server.Server;
import entrepot.app.server.StartFailed;
import entrepot.app.sessions.DeleteCommand;
import entrepot.app.sessions.ExportCommand;
import entrepot.app.sessions.ForkCommand;
import entrepot.app.sessions.ImportCommand;
import entrepot.app.sessions.ReplayCommand;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsInvalid;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;

/** The command line as a whole: which commands there are, and how failures are told. */
@Command(
        name = "entrepot",
        mixinStandardHelpOptions = true,
        version = "Entrepot 0.1",
        description = {
            "One open port to every vendor's AI models, and a durable home for agents.",
            "",
            "Begin with: entrepot demo"
        },
        footer = {
            "",
            "Settings are flags of serve, ENTREPOT_* variables, or keys of entrepot.yaml.",
            "The launcher adds: entrepot test (runs every test of the project)."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Entrepot {

    /** What a shell sees: 0 done, 1 failed, 2 the command line was wrong. */
    private static final int FAILED = 1;

    private Entrepot() {}

    /** Runs a command. Returns its exit code. */
    public static int run(String... arguments) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        // The launcher knows whether standard error is a terminal; Java only knows of all three.
        boolean live = "yes".equals(System.getenv("ENTREPOT_LIVE"));
        return run(new Terminal(out, err, System.in, live, System.getenv()), arguments);
    }

    private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

    static int run(Terminal terminal, String... arguments) {
        return commandLine(terminal).execute(arguments);
    }

    static CommandLine commandLine(Terminal terminal) {
        var serve = new CommandLine(new ServeCommand(terminal));
        SettingFlags.addTo(serve.getCommandSpec(), EnumSet.noneOf(Setting.class));
        var doctor = new CommandLine(new DoctorCommand(terminal));
        SettingFlags.addTo(doctor.getCommandSpec(), EnumSet.noneOf(Setting.class));
        var root =
                new CommandLine(new Entrepot())
                        .addSubcommand(new DemoCommand(terminal))
                        .addSubcommand(serve)
                        .addSubcommand(new BriefCommand(terminal))
                        .addSubcommand(new ChatCommand(terminal))
                        .addSubcommand(sessions(terminal))
                        .addSubcommand(new ApprovalsCommand(terminal))
                        .addSubcommand(new MemoryCommand(terminal))
                        .addSubcommand(new ModelsCommand(terminal))
                        .addSubcommand(new ExplainCommand(terminal))
                        .addSubcommand(new KeysCommand(terminal))
                        .addSubcommand(contracts(terminal))
                        .addSubcommand(new LimitsCommand(terminal))
                        .addSubcommand(new CapacityCommand(terminal))
                        .addSubcommand(new TermsCommand(terminal))
                        .addSubcommand(new EntitlementsCommand(terminal))
                        .addSubcommand(new PoliciesCommand(terminal))
                        .addSubcommand(new SourcesCommand(terminal))
                        .addSubcommand(new SourcesCommand.Groups(terminal))
                        .addSubcommand(new LedgerCommand(terminal))
                        .addSubcommand(new StatementsCommand(terminal))
                        .addSubcommand(new FocusCommand(terminal))
                        .addSubcommand(new PricesCommand(terminal))
                        .addSubcommand(doctor);
        root.addSubcommand("completion", new CompletionCommand(terminal, root));
        helpEverywhere(root);
        root.setOut(new java.io.PrintWriter(terminal.out(), true, UTF_8));
        root.setErr(new java.io.PrintWriter(terminal.err(), true, UTF_8));
        root.setExecutionExceptionHandler((e, command, parsed) -> told(terminal, e));
        return root;
    }

    private static CommandLine contracts(Terminal terminal) {
        return new CommandLine(new ContractsCommand(terminal, Server.clock()))
                .addSubcommand(new WhatIfCommand(terminal))
                .addSubcommand(new EvidenceCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal));
    }

    private static CommandLine sessions(Terminal terminal) {
        return new CommandLine(new SessionsCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new ForkCommand(terminal))
                .addSubcommand(new ExportCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new DeleteCommand(terminal));
    }

    private static void helpEverywhere(CommandLine command) {
        for (var sub : command.getSubcommands().values()) {
            // Commands that are methods say it themselves: their parameters are taken by position.
            if (!(sub.getCommandSpec().userObject() instanceof Method)) {
                sub.getCommandSpec().mixinStandardHelpOptions(true);
            }
            helpEverywhere(sub);
        }
    }

    /** What people can mend is told in words; what they cannot, with its trace. */
    private static int told(Terminal terminal, Exception failure) {
        switch (failure) {
            case ApiFailed e -> terminal.say(String.valueOf(e.getMessage()));
            case Unusable e -> terminal.say(String.valueOf(e.getMessage()));
            case Refused e -> terminal.say(String.valueOf(e.getMessage()));
            case SettingsInvalid e -> terminal.say(String.valueOf(e.getMessage()));
            case StartFailed e -> terminal.say(String.valueOf(e.getMessage()));
            case InterruptedException _ -> terminal.say("Interrupted.");
            default -> {
                terminal.say("Entrepot made a mistake. Please report it with what follows:");
                failure.printStackTrace(terminal.err());
            }
        }
        return FAILED;
    }

    @Command(
            name = "completion",
            description = "Prints a completion script: source <(entrepot completion)")
    static final class CompletionCommand implements Runnable {

        private final Terminal terminal;
        private final CommandLine root;

        CompletionCommand(Terminal terminal, CommandLine root) {
            this.terminal = terminal;
            this.root = root;
        }

        @Override
        public void run() {
            terminal.print(AutoComplete.bash("entrepot", root));
        }
    }
}
