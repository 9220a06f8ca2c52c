package entrepot.app.cli;

import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;

@Command(
        name = "groups",
        description = "Lists groups, which access lists name, and who is in them.",
        synopsisSubcommandLabel = "(list | add | remove)")
final class GroupsCommand {

    private static final String PATH = "/admin/v1/groups";

    private final Terminal terminal;

    GroupsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The tenant's groups and their members.")
    int list(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table = new Table("GROUP", "MEMBERS");
            for (var each : api.get(PATH).path("data")) {
                var members = new ArrayList<String>();
                each.path("members").forEach(member -> members.add(member.asString("")));
                table.row(each.path("id").asString(""), String.join(", ", members));
            }
            if (table.isEmpty()) {
                terminal.say("No groups. Make one with: entrepot groups add GROUP WHO");
            } else {
                table.printTo(terminal);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "add",
            description = "Puts a principal into a group, which is made by it.")
    int add(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "GROUP", description = "its name") String group,
            @Parameters(paramLabel = "WHO", description = "a principal, as keys name it")
                    String principal)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            api.put(path(group, principal));
            terminal.say("%s is in the group %s.".formatted(principal, group));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "remove",
            description = "Takes a principal out of a group.")
    int remove(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "GROUP", description = "its name") String group,
            @Parameters(paramLabel = "WHO", description = "a principal") String principal)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            api.delete(path(group, principal));
            terminal.say("%s is not in the group %s.".formatted(principal, group));
            return 0;
        }
    }

    private static String path(String group, String principal) {
        return PATH
                + "/"
                + SessionsCommand.encoded(group)
                + "/members/"
                + SessionsCommand.encoded(principal);
    }
}
