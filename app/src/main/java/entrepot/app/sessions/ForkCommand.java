package entrepot.app.sessions;

import entrepot.app.books.Desk;
import entrepot.app.books.ServerFlags;
import entrepot.app.books.Unusable;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code entrepot sessions fork}. */
@Command(
        name = "fork",
        description = {
            "Makes a session that begins with another's facts and goes its own way.",
            "A turn that is open at the place is closed as cancelled in the copy. The numbers of"
                    + " facts are those that 'sessions replay' prints."
        })
public final class ForkCommand implements Callable<Integer> {

    private final Desk desk;

    @Mixin ServerFlags server = new ServerFlags();

    @Parameters(paramLabel = "SESSION", description = "the id of the session to begin with")
    String session = "";

    @Option(
            names = "--at",
            paramLabel = "SEQ",
            description = "the last fact to take over (default: all there are)")
    @Nullable Long at;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "the model from now on, of any vendor (default: the same)")
    @Nullable String model;

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "instead of the other's metadata; may be said again")
    Map<String, String> metadata = new LinkedHashMap<>();

    @Option(names = "--input", paramLabel = "TEXT", description = "the first message of its own")
    @Nullable String input;

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "the same key and fork give the first one again")
    @Nullable String idempotencyKey;

    @Option(names = "--json", description = "the new session as JSON")
    boolean json;

    public ForkCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws ApiFailed, InterruptedException {
        if (at != null && at < 1) {
            throw new Unusable("--at is the number of a fact, from 1.");
        }
        ObjectNode asked = JsonNodeFactory.instance.objectNode();
        if (at != null) {
            asked.put("at", at);
        }
        if (model != null) {
            asked.put("model", model);
        }
        if (!metadata.isEmpty()) {
            ObjectNode pairs = asked.putObject("metadata");
            metadata.forEach(pairs::put);
        }
        if (input != null) {
            asked.put("input", input);
        }
        try (Api api = server.connect(desk)) {
            JsonNode made =
                    api.post(
                            JournalReader.path(session) + "/fork",
                            asked,
                            idempotencyKey == null
                                    ? Map.of()
                                    : Map.of("idempotency-key", idempotencyKey));
            if (json) {
                desk.print(made.toPrettyString());
            } else {
                desk.print(made.path("id").asString(""));
                desk.say(
                        "Forked from %s at %s, for %s."
                                .formatted(
                                        session,
                                        made.at("/entrepot/forked_from/at").asString("?"),
                                        made.at("/agent/model").asString("")));
            }
            return 0;
        }
    }
}
