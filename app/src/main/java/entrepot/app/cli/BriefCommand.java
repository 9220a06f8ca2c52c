package entrepot.app.cli;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.app.client.Outcome;
import entrepot.app.settings.Setting;
import entrepot.app.settings.SettingsReader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.node.JsonNodeFactory;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "brief",
        description = {
            "An agent reads a folder of documents and answers a question in a cited briefing.",
            "Progress goes to standard error, the briefing to standard output."
        })
final class BriefCommand implements Callable<Integer> {

    private static final String FOLDER = "documents";

    private final Terminal terminal;

    @Mixin ServerOptions server = new ServerOptions();

    @Parameters(
            index = "0",
            paramLabel = "FOLDER",
            description = "the folder; with --url, the name under which that server allows one")
    String folder = "";

    @Parameters(index = "1", paramLabel = "QUESTION", description = "what the briefing is about")
    String question = "";

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            defaultValue = "entrepot/extract-1",
            description = "the agent's model (default ${DEFAULT-VALUE}, which extracts)")
    String model = "";

    @Option(names = "--json", description = "the whole outcome as one JSON object")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            description = "no progress")
    boolean quiet;

    BriefCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        if (server.named(terminal.environment())) {
            try (var api = server.connect(terminal.environment())) {
                return brief(api, folder);
            }
        }
        var settings =
                SettingsReader.read(Map.of(Setting.PORT, "0"), terminal.environment())
                        .withFolder(FOLDER, existing(folder));
        try (var here = TemporaryServer.start(settings, terminal.environment());
                var api = here.api()) {
            return brief(api, FOLDER);
        }
    }

    private int brief(Api api, String name) throws ApiFailed, InterruptedException {
        var outcome = ask(terminal, api, AgentTurn.readerOf(name, model, question), quiet);
        if (json) {
            terminal.print(asJson(outcome));
        } else if (outcome.completed()) {
            terminal.print(outcome.text());
        }
        if (!outcome.completed() && !json) {
            throw new Refused("The turn ended as '" + outcome.status() + "'. " + outcome.error());
        }
        return outcome.completed() ? 0 : 1;
    }

    static Outcome ask(
            Terminal terminal,
            Api api,
            tools.jackson.databind.node.ObjectNode session,
            boolean quiet)
            throws ApiFailed, InterruptedException {
        if (quiet) {
            return AgentTurn.create(api, session, entrepot.app.client.Progress.SILENT);
        }
        var progress = new LiveProgress(terminal);
        var outcome = AgentTurn.create(api, session, progress);
        progress.end();
        return outcome;
    }

    static Path existing(String folder) {
        try {
            var path = Path.of(folder).toAbsolutePath().normalize();
            if (Files.isDirectory(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // Told below, like a folder that is not there.
        }
        throw new Refused("There is no folder " + folder + ": give the path of one.");
    }

    private static String asJson(Outcome outcome) {
        var object =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("session_id", outcome.sessionId())
                        .put("turn_id", outcome.turnId())
                        .put("status", outcome.status())
                        .put("text", outcome.text())
                        .put("error", outcome.error().isEmpty() ? null : outcome.error())
                        .put("tool_calls", outcome.toolCalls());
        object.set("usage", outcome.usage());
        return object.toPrettyString();
    }
}
