package entrepot.app.cli;

import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;

@Command(
        name = "keys",
        description = "Creates, lists and revokes API keys.",
        synopsisSubcommandLabel = "(create | list | revoke)")
final class KeysCommand {

    private static final String PATH = "/admin/v1/keys";

    private final Terminal terminal;

    KeysCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "create",
            description = "Makes a key and prints it, this once.")
    int create(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME", description = "what it is for") String name,
            @Option(
                            names = "--scope",
                            split = ",",
                            defaultValue = "models,agents",
                            paramLabel = "SCOPE",
                            description = "models, agents, admin (default ${DEFAULT-VALUE})")
                    List<String> scopes,
            @Option(names = "--team", defaultValue = "default", paramLabel = "TEAM") String team,
            @Option(
                            names = "--principal",
                            defaultValue = "",
                            paramLabel = "WHO",
                            description = "whose calls it makes (default: the name)")
                    String principal,
            @Option(
                            names = "--aws",
                            description = "a pair that AWS's clients sign with, for Bedrock")
                    boolean aws)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var body = JsonNodeFactory.instance.objectNode();
            body.put("name", name).put("team", team);
            body.put("principal", principal.isEmpty() ? name : principal);
            scopes.forEach(body.putArray("scopes")::add);
            if (aws) {
                body.put("kind", "aws");
            }
            var made = api.post(PATH, body);
            if (aws) {
                terminal.say("Key %s, shown this once:".formatted(made.path("id").asString("")));
                terminal.print("AWS_ACCESS_KEY_ID=" + made.path("access_key_id").asString(""));
                terminal.print(
                        "AWS_SECRET_ACCESS_KEY=" + made.path("secret_access_key").asString(""));
                return 0;
            }
            terminal.say("Key %s, shown this once:".formatted(made.path("id").asString("")));
            terminal.print(made.path("secret").asString(""));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "All keys of the tenant; never their secrets.")
    int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table = new Table("KEY", "NAME", "BEGINS WITH", "TEAM", "SCOPES", "STATE");
            for (var key : api.get(PATH).path("data")) {
                table.row(
                        key.path("id").asString(""),
                        key.path("name").asString(""),
                        key.path("prefix").asString("") + "…",
                        key.path("team").asString(""),
                        joined(key.path("scopes")),
                        key.hasNonNull("revoked_at") ? "revoked" : "in force");
            }
            table.printTo(terminal);
            return 0;
        }
    }

    @Command(mixinStandardHelpOptions = true, name = "revoke", description = "Ends a key at once.")
    int revoke(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "KEY", description = "its id, as in keys list") String id)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            api.delete(PATH + "/" + SessionsCommand.encoded(id));
            terminal.say("Key %s is revoked.".formatted(id));
            return 0;
        }
    }

    static String joined(JsonNode list) {
        return String.join(",", list.valueStream().map(each -> each.asString("")).toList());
    }
}
