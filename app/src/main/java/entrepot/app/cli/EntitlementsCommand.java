package entrepot.app.cli;

import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Command(
        name = "entitlements",
        description = "Lists, grants and revokes the use of models.",
        synopsisSubcommandLabel = "(list | grant | revoke)")
final class EntitlementsCommand {

    private static final String PATH = "/admin/v1/entitlements";

    private final Terminal terminal;

    EntitlementsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "Who of the tenant may use which models.")
    int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var answer = api.get(PATH);
            var table = new Table("ENTITLEMENT", "MODELS", "HOLDER", "GRANTED BY");
            for (var each : answer.path("data")) {
                table.row(
                        each.path("id").asString(""),
                        each.path("models").asString(""),
                        holder(each),
                        each.path("granted_by").asString(""));
            }
            if (!table.isEmpty()) {
                table.printTo(terminal);
            }
            terminal.say(
                    answer.path("default").asString("").equals("deny")
                            ? "What is not granted is refused."
                            : "Nothing was ever granted: all models may be used by everyone.");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "grant",
            description = "Grants models. With the first grant, all others are refused.")
    int grant(
            @Mixin ServerOptions server,
            @Parameters(
                            paramLabel = "MODELS",
                            description = "an id, an alias, vendor/* or * for all")
                    String models,
            @Option(names = "--team", paramLabel = "TEAM", description = "to a team")
                    @Nullable String team,
            @Option(names = "--principal", paramLabel = "WHO", description = "to a principal")
                    @Nullable String principal,
            @Option(names = "--everyone", description = "to the whole tenant") boolean everyone)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var body = JsonNodeFactory.instance.objectNode().put("models", models);
            if (team != null) {
                body.put("team", team);
            }
            if (principal != null) {
                body.put("principal", principal);
            }
            if (everyone) {
                body.put("everyone", true);
            }
            var made = api.post(PATH, body);
            terminal.say("%s is granted to %s:".formatted(models, holder(made)));
            terminal.print(made.path("id").asString(""));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "revoke",
            description = "Ends an entitlement at once.")
    int revoke(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "ENTITLEMENT", description = "its id, as in entitlements list")
                    String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            api.delete(PATH + "/" + SessionsCommand.encoded(id));
            terminal.say("Entitlement %s is revoked.".formatted(id));
            return 0;
        }
    }

    private static String holder(JsonNode entitlement) {
        if (entitlement.path("everyone").asBoolean(false)) {
            return "everyone";
        }
        return entitlement.hasNonNull("team")
                ? "team " + entitlement.path("team").asString("")
                : "principal " + entitlement.path("principal").asString("");
    }
}
