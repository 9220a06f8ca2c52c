package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.app.server.Supposition;
import entrepot.conversation.Failed;
import entrepot.gateway.admin.ExplainApi;
import entrepot.identity.Caller;
import entrepot.identity.Caller.Scope;
import entrepot.market.policy.PoliciesInvalid;
import entrepot.market.yaml.YamlInvalid;
import entrepot.protocols.json.Json;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

@Command(
        name = "explain",
        description = "Says where a call would go, and why: gate by gate, supplier by supplier.")
final class ExplainCommand implements Callable<Integer> {

    /** The exit code of a call that no supplier may fill. */
    private static final int REFUSED = 3;

    private final Terminal terminal;

    @Mixin ServerOptions server = new ServerOptions();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "An id or an alias.")
    String model = "";

    @Option(
            names = "--api",
            defaultValue = "stateless",
            paramLabel = "KIND",
            description = "stateless, stateful or platform (default: ${DEFAULT-VALUE}).")
    String api = "stateless";

    @Option(
            names = "--storefront",
            defaultValue = "openai.chat",
            paramLabel = "DIALECT",
            description = {
                "What the call would come in, such as openai.responses, anthropic.messages,",
                "bedrock.converse, google.gemini or agents (default: ${DEFAULT-VALUE})."
            })
    String storefront = "openai.chat";

    @Option(
            names = "--at",
            paramLabel = "DATE",
            description = "When it would be made: 2026-03-01 or 2026-03-01T12:00:00Z; else now.")
    @Nullable String at;

    @Option(
            names = "--known",
            paramLabel = "DATE",
            description = "Leave out what was learned later than this.")
    @Nullable String known;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Only these suppliers or channels.")
    List<String> only = new ArrayList<>();

    @Option(names = "--project", paramLabel = "NAME", description = "What it is booked on.")
    @Nullable String project;

    @Option(
            names = "--data-class",
            paramLabel = "CLASS",
            description = "How sensitive it is, such as personal.")
    @Nullable String dataClass;

    @Option(
            names = "--input-tokens",
            paramLabel = "COUNT",
            description = "How much it would read; else as much as the model takes.")
    @Nullable Long inputTokens;

    @Option(
            names = "--output-tokens",
            paramLabel = "COUNT",
            description = "The most it may answer; else as much as the model writes.")
    @Nullable Long outputTokens;

    @Option(
            names = "--tier",
            paramLabel = "TIER",
            description = "The service tier it would ask for, such as flex.")
    @Nullable String tier;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = {
                "Ask a folder and no server: its catalogue.yaml, contracts/ and policies/.",
                "No secret is needed."
            })
    @Nullable Path folder;

    @Option(
            names = "--tenant",
            paramLabel = "TENANT",
            description = "With --folder: for whom (a server knows by the key).")
    @Nullable String tenant;

    @Option(names = "--json", description = "The whole answer as JSON.")
    boolean json;

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        if (folder != null) {
            return told(local(folder));
        }
        if (tenant != null) {
            throw new Refused(
                    "--tenant goes with --folder: a server answers for the tenant of the key");
        }
        try (Api connected = server.connect(terminal.environment())) {
            return told(connected.post("/v1/explain", asked()));
        }
    }

    private int told(JsonNode explained) {
        if (json) {
            terminal.print(explained.toPrettyString());
        } else {
            print(explained);
        }
        return explained.path("allowed").asBoolean(false) ? 0 : REFUSED;
    }

    private JsonNode local(Path from) {
        try {
            return answered(new Supposition(from));
        } catch (YamlInvalid | PoliciesInvalid e) {
            throw new Refused(String.valueOf(e.getMessage()));
        } catch (Failed e) {
            throw new Refused(e.failure().message());
        }
    }

    private JsonNode answered(Supposition supposed) {
        try (supposed) {
            Caller whose = caller(supposed.tenant(tenant));
            return ExplainApi.json(
                    supposed.explain(ExplainApi.read(whose, asked(), Supposition.now())));
        }
    }

    private static Caller caller(String tenant) {
        return new Caller(tenant, "local", "local", "no-key", Set.of(Scope.values()));
    }

    private ObjectNode asked() {
        ObjectNode asked =
                Json.object().put("model", model).put("api", api).put("storefront", storefront);
        if (at != null) {
            asked.put("at", at);
        }
        if (known != null) {
            asked.put("known", known);
        }
        if (inputTokens != null) {
            asked.put("input_tokens", inputTokens);
        }
        if (outputTokens != null) {
            asked.put("output_tokens", outputTokens);
        }
        if (tier != null) {
            asked.put("service_tier", tier);
        }
        ObjectNode ours = asked.putObject("entrepot");
        if (!only.isEmpty()) {
            only.forEach(ours.putObject("route").putArray("only")::add);
        }
        if (project != null) {
            ours.put("project", project);
        }
        if (dataClass != null) {
            ours.put("data_class", dataClass);
        }
        return asked;
    }

    private void print(JsonNode explained) {
        terminal.print(
                "%s, %s, %s: %s"
                        .formatted(
                                explained.path("model").asString(""),
                                api,
                                explained.path("at").asString(""),
                                explained.path("allowed").asBoolean(false)
                                        ? "allowed"
                                        : "refused"));
        for (JsonNode verdict : explained.path("verdicts")) {
            print("  ", verdict);
        }
        for (JsonNode way : explained.path("ways")) {
            int place = way.path("place").asInt(0);
            terminal.print("");
            terminal.print(
                    "%s %s on channel %s, as %s"
                            .formatted(
                                    place == 0 ? "no " : place + ".",
                                    way.path("supplier").asString(""),
                                    way.path("channel").asString(""),
                                    way.path("name").asString("")));
            for (JsonNode verdict : way.path("verdicts")) {
                print("     ", verdict);
            }
        }
    }

    private void print(String indent, JsonNode verdict) {
        terminal.print(
                indent
                        + (verdict.path("passed").asBoolean(false) ? "yes " : "NO  ")
                        + "%-12s %s"
                                .formatted(
                                        verdict.path("gate").asString(""),
                                        verdict.path("reason").asString("")));
        String margin = indent + " ".repeat(17);
        if (verdict.path("source").isString()) {
            terminal.print(margin + "by " + verdict.path("source").asString(""));
        }
        if (verdict.path("remedy").isString()) {
            terminal.print(margin + "what helps: " + verdict.path("remedy").asString(""));
        }
    }
}
