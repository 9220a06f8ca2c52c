package entrepot.app.cli;

import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "terms",
        description = "Lists, shows and accepts the terms that models are bound to.",
        synopsisSubcommandLabel = "(list | show | accept)")
final class TermsCommand {

    private static final String PATH = "/admin/v1/terms";

    private final Terminal terminal;

    TermsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The terms in force, and whether the tenant accepted them.")
    int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table = new Table("TERMS", "VERSION", "TITLE", "STATE", "MODELS");
            for (var terms : api.get(PATH).path("data")) {
                table.row(
                        terms.path("id").asString(""),
                        terms.path("version").asString(""),
                        terms.path("title").asString(""),
                        terms.hasNonNull("accepted_at")
                                ? "accepted by " + terms.path("accepted_by").asString("")
                                : "to be accepted",
                        KeysCommand.joined(terms.path("models")));
            }
            if (table.isEmpty()) {
                terminal.say("No model of the catalogue is bound to terms.");
            } else {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "Where terms can be read, and who accepted which version.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "TERMS", description = "their id, as in terms list") String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            JsonNode shown = api.get(PATH + "/" + SessionsCommand.encoded(id));
            for (JsonNode terms : shown.path("in_force")) {
                terminal.print(
                        "%s, version %s, in force by %s"
                                .formatted(
                                        terms.path("title").asString(""),
                                        terms.path("version").asString(""),
                                        terms.path("source").asString("")));
                terminal.print("read it at: " + terms.path("url").asString("(no address given)"));
                terminal.print("for: " + KeysCommand.joined(terms.path("models")));
            }
            var table = new Table("VERSION", "ACCEPTED BY", "KEY");
            for (JsonNode accepted : shown.path("accepted")) {
                table.row(
                        accepted.path("version").asString(""),
                        accepted.path("accepted_by").asString(""),
                        accepted.path("key_id").asString(""));
            }
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    // Without the standard help, whose --version means something else.
    @Command(name = "accept", description = "Accepts a version for the whole tenant.")
    int accept(
            @Mixin ServerOptions server,
            @Option(
                            names = {"-h", "--help"},
                            usageHelp = true,
                            description = "Show this help message and exit.")
                    boolean help,
            @Parameters(paramLabel = "TERMS", description = "their id, as in terms list") String id,
            @Option(
                            names = "--version",
                            required = true,
                            paramLabel = "VERSION",
                            description = "the version that you have read")
                    String version)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var body = JsonNodeFactory.instance.objectNode().put("id", id).put("version", version);
            var accepted = api.post(PATH, body);
            terminal.say(
                    "Version %s of %s is accepted by %s."
                            .formatted(version, id, accepted.path("accepted_by").asString("")));
            return 0;
        }
    }
}
