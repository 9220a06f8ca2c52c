package entrepot.app.cli;

import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;

@Command(
        name = "chat",
        description = {
            "Talks with a model, answer by answer as it streams.",
            "With a message: one answer. Without: one per line read, until end of input."
        })
final class ChatCommand implements Callable<Integer> {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Terminal terminal;

    @Mixin ServerOptions server = new ServerOptions();

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "the model (default ${DEFAULT-VALUE})",
            defaultValue = "entrepot/extract-1")
    String model = "";

    @Parameters(arity = "0..1", paramLabel = "MESSAGE", description = "what to say")
    @Nullable String message;

    ChatCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException, IOException {
        try (var api = server.connect(terminal.environment())) {
            var messages = JSON.arrayNode();
            if (message != null) {
                answer(api, messages, message);
                return 0;
            }
            var lines =
                    new BufferedReader(
                            new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
            prompt();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    answer(api, messages, line);
                }
                prompt();
            }
            return 0;
        }
    }

    private void prompt() {
        if (terminal.live()) {
            terminal.err().print("> ");
            terminal.err().flush();
        }
    }

    private void answer(Api api, ArrayNode messages, String said)
            throws ApiFailed, InterruptedException {
        messages.addObject().put("role", "user").put("content", said);
        var body = JSON.objectNode().put("model", model).put("stream", true);
        body.set("messages", messages);
        var whole = new StringBuilder();
        boolean ended =
                api.stream(
                        "/v1/chat/completions", body, Map.of(), (id, event) -> show(event, whole));
        terminal.out().println();
        if (!ended) {
            throw new ApiFailed(0, "The answer broke off.");
        }
        messages.addObject().put("role", "assistant").put("content", whole.toString());
    }

    private boolean show(JsonNode event, StringBuilder whole) throws ApiFailed {
        if (event.hasNonNull("error")) {
            throw new ApiFailed(0, event.at("/error/message").asString("The answer failed."));
        }
        var piece = event.at("/choices/0/delta/content").asString("");
        whole.append(piece);
        terminal.out().print(piece);
        terminal.out().flush();
        return true;
    }
}
