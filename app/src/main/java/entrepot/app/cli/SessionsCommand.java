package entrepot.app.cli;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.ApiFailed;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

@Command(
        name = "sessions",
        description = "Agent sessions: listed, shown, followed, run again, forked.",
        synopsisSubcommandLabel = "COMMAND")
final class SessionsCommand {

    private final Terminal terminal;

    SessionsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The newest sessions, newest first.")
    int list(
            @Mixin ServerOptions server,
            @Option(
                            names = "--limit",
                            defaultValue = "20",
                            paramLabel = "COUNT",
                            description = "how many, 1 to 100 (default ${DEFAULT-VALUE})")
                    int limit)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var table = new Table("SESSION", "STATUS", "LAST ACTIVE", "AGENT", "MODEL");
            for (var session : api.get("/v1/agents/sessions?limit=" + limit).path("data")) {
                table.row(
                        session.path("id").asString(""),
                        session.path("status").asString(""),
                        when(session.path("last_active_at")),
                        session.at("/agent/name").asString("-"),
                        session.at("/agent/model").asString(""));
            }
            table.printTo(terminal);
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "show",
            description = "One session: its state and all it holds, as text.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SESSION", description = "its id") String session,
            @Option(names = "--json", description = "as JSON") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            var path = "/v1/agents/sessions/" + encoded(session);
            var state = api.get(path);
            var items = api.get(path + "/items?limit=100&order=asc");
            if (json) {
                terminal.print(String.valueOf(state));
                terminal.print(String.valueOf(items));
                return 0;
            }
            terminal.print(
                    "%s  %s  %s"
                            .formatted(
                                    state.path("id").asString(""),
                                    state.path("status").asString(""),
                                    state.at("/agent/model").asString("")));
            items.path("data").forEach(this::item);
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "tail",
            description = "Follows a session: one line of JSON per event, until interrupted.")
    int tail(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SESSION", description = "its id") String session,
            @Option(
                            names = "--after",
                            paramLabel = "EVENT",
                            description = "begin after this event's id; 0-0-0 for all there is")
                    String after)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(terminal.environment())) {
            Map<String, String> from = after == null ? Map.of() : Map.of("last-event-id", after);
            api.stream(
                    "/v1/agents/sessions/" + encoded(session) + "/events",
                    null,
                    from,
                    (id, event) -> {
                        terminal.print(String.valueOf(event));
                        return true;
                    });
            return 0;
        }
    }

    private void item(JsonNode item) {
        switch (item.path("type").asString("")) {
            case "message" ->
                    terminal.print(
                            "%n[%s]%n%s"
                                    .formatted(
                                            item.path("role").asString(""),
                                            AgentTurn.textOf(item)));
            case "mcp_call", "function_call" ->
                    terminal.print(
                            "%n[tool] %s %s  %s"
                                    .formatted(
                                            item.path("name").asString(""),
                                            item.path("arguments"),
                                            item.path("status").asString("")));
            default -> terminal.print("%n[%s]".formatted(item.path("type").asString("")));
        }
    }

    private static String when(JsonNode seconds) {
        return seconds.isNumber() ? Instant.ofEpochSecond(seconds.asLong()).toString() : "-";
    }

    static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
