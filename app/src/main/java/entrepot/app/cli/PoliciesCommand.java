package entrepot.app.cli;

import entrepot.app.client.ApiFailed;
import entrepot.app.server.PolicyChecks;
import entrepot.app.settings.SettingsReader;
import entrepot.market.policy.PoliciesInvalid;
import entrepot.market.policy.PolicyCases;
import entrepot.market.policy.PolicyCases.Outcome;
import entrepot.market.policy.PolicyFolder;
import entrepot.market.yaml.YamlInvalid;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

@Command(
        name = "policies",
        description = "Checks and tests a folder of policies, or shows those in force.",
        synopsisSubcommandLabel = "(check | show | test)")
final class PoliciesCommand {

    private final Terminal terminal;

    PoliciesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "check",
            description = "Says all that is wrong with the policies of a folder. Needs no server.")
    int check(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FOLDER",
                            description = "default: policies beside the catalogue")
                    @Nullable Path folder) {
        var policies = opened(folder);
        var status = policies.status();
        terminal.say(
                "%d policies in %s, version %s"
                        .formatted(status.policies().size(), status.folder(), status.version()));
        return 0;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "The policies that a server decides by, and how often each said no.")
    int show(@Mixin ServerOptions server) throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var answer = api.get("/admin/v1/policies");
            var table = new Table("POLICY", "EFFECT", "MODE", "PLACE", "REFUSED", "WOULD REFUSE");
            for (var each : answer.path("data")) {
                table.row(
                        each.path("id").asString(""),
                        each.path("effect").asString(""),
                        each.path("mode").asString(""),
                        each.path("file").asString("") + ":" + each.path("line").asInt(0),
                        count(each, "refused"),
                        count(each, "would_refuse"));
            }
            if (table.isEmpty()) {
                terminal.say(
                        "There are no policies in %s: nothing is refused by policy."
                                .formatted(answer.path("folder").asString("")));
            } else {
                var rest = answer.path("default_deny");
                table.row(
                        "(none permits)",
                        "",
                        "",
                        "",
                        count(rest, "refused"),
                        count(rest, "would_refuse"));
                table.printTo(terminal);
            }
            for (var problem : answer.path("problems")) {
                terminal.say(
                        "%s:%d:%d: %s"
                                .formatted(
                                        problem.path("file").asString(""),
                                        problem.path("line").asInt(0),
                                        problem.path("column").asInt(0),
                                        problem.path("message").asString("")));
            }
            return answer.path("problems").isEmpty() ? 0 : 1;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "test",
            description = "Asks the cases of tests.yaml in a folder of policies. Needs no server.")
    int test(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "FOLDER",
                            description = "default: policies beside the catalogue")
                    @Nullable Path folder) {
        PolicyFolder policies = opened(folder);
        Path file = policies.status().folder().resolve(PolicyCases.FILE);
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new Refused(
                    file + " cannot be read: write cases there, as docs/policies.md does");
        }
        try {
            int failed = 0;
            int count = 0;
            for (Outcome outcome : PolicyCases.run(policies, file.toString(), text)) {
                count++;
                String difference = outcome.difference();
                failed += difference == null ? 0 : 1;
                terminal.print(
                        difference == null
                                ? "ok    " + outcome.name()
                                : "FAIL  " + outcome.name() + ": " + difference);
            }
            terminal.say("%d cases, %d failed".formatted(count, failed));
            return failed == 0 ? 0 : 1;
        } catch (YamlInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private PolicyFolder opened(@Nullable Path named) {
        Path folder =
                named == null
                        ? SettingsReader.read(Map.of(), terminal.environment()).policies()
                        : named;
        if (!Files.isDirectory(folder)) {
            throw new Refused("There is no folder " + folder + ".");
        }
        try {
            return PolicyChecks.open(folder);
        } catch (PoliciesInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        }
    }

    private static String count(JsonNode json, String name) {
        return Long.toString(json.path(name).asLong(0));
    }
}
