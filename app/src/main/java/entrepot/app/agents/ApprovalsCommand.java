package entrepot.app.agents;

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

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** {@code entrepot approvals}. */
@Command(
        name = "approvals",
        description = "Lists calls of tools that wait for somebody's word, and gives it.",
        synopsisSubcommandLabel = "(list | approve | deny)")
public final class ApprovalsCommand {

    private static final long LOOK_MILLIS = 2_000;
    private static final int PAGES_MAX = 100;
    private static final int ARGUMENTS_CHARS_MAX = 400;

    private final Desk desk;

    public ApprovalsCommand(Desk desk) {
        this.desk = desk;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The calls that wait for approval now.")
    int list(
            @Mixin ServerFlags server,
            @Option(names = "--json", description = "as JSON, one line each") boolean json,
            @Option(
                            names = "--watch",
                            description = "and each new one as it comes, until interrupted")
                    boolean watch)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            Set<String> shown = new HashSet<>();
            List<JsonNode> open = open(api);
            if (open.isEmpty()) {
                desk.say("Nothing waits for approval.");
            }
            print(open, shown, json);
            while (watch) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                print(open(api), shown, json);
            }
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "approve",
            description = "Lets a call be made; its session goes on by itself.")
    int approve(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "ID", description = "as in approvals list") String id,
            @Option(names = "--note", paramLabel = "TEXT", description = "kept with the answer")
                    @Nullable String note,
            @Option(
                            names = "--session-scope",
                            description = "also for later calls of this tool in the session")
                    boolean sessionScope)
            throws ApiFailed, InterruptedException {
        return answer(server, id, "approve", note, sessionScope ? "session" : "once");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "deny",
            description = "Refuses a call; the model is told, with the note.")
    int deny(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "ID", description = "as in approvals list") String id,
            @Option(
                            names = "--note",
                            paramLabel = "TEXT",
                            description = "why, for the model and for whoever reads the session")
                    @Nullable String note)
            throws ApiFailed, InterruptedException {
        return answer(server, id, "deny", note, "once");
    }

    private int answer(
            ServerFlags server, String id, String decision, @Nullable String note, String scope)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            JsonNode asked = find(api, id);
            String session = asked.path("session_id").asString("");
            var body =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("decision", decision)
                            .put("scope", scope)
                            .put("digest", asked.path("digest").asString(""));
            if (note != null) {
                body.put("note", note);
            }
            api.post(
                    "/v1/agents/sessions/"
                            + ServerFlags.encoded(session)
                            + "/approvals/"
                            + ServerFlags.encoded(id),
                    body);
            desk.say(
                    "%s is %s; session %s goes on."
                            .formatted(
                                    tool(asked),
                                    decision.equals("approve") ? "approved" : "denied",
                                    session));
            return 0;
        }
    }

    private static JsonNode find(Api api, String id) throws ApiFailed, InterruptedException {
        for (JsonNode each : open(api)) {
            if (each.path("id").asString("").equals(id)) {
                return each;
            }
        }
        throw new Unusable(
                "Nothing waits under "
                        + id
                        + ": it was answered, lapsed, or its turn has ended. What waits:"
                        + " entrepot approvals list");
    }

    private static List<JsonNode> open(Api api) throws ApiFailed, InterruptedException {
        var all = new ArrayList<JsonNode>();
        String after = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            JsonNode answer = api.get("/v1/approvals?limit=100" + after);
            answer.path("data").forEach(all::add);
            if (!answer.path("has_more").asBoolean(false)) {
                break;
            }
            after = "&after=" + ServerFlags.encoded(answer.path("next").asString(""));
        }
        return all;
    }

    /** Prints those that were not shown; what is gone is forgotten. */
    private void print(List<JsonNode> open, Set<String> shown, boolean json) {
        var now = new HashSet<String>();
        for (JsonNode each : open) {
            String id = each.path("id").asString("");
            now.add(id);
            if (!shown.contains(id)) {
                desk.print(json ? String.valueOf(each) : told(id, each));
            }
        }
        shown.retainAll(now);
        shown.addAll(now);
    }

    private static String told(String id, JsonNode asked) {
        return "%s  %s  until %s  session %s%n    %s%n    %s"
                .formatted(
                        id,
                        tool(asked),
                        Instant.ofEpochSecond(asked.path("expires_at").asLong(0)),
                        asked.path("session_id").asString(""),
                        cut(String.valueOf(asked.path("arguments"))),
                        asked.path("reason").asString(""));
    }

    private static String tool(JsonNode asked) {
        return asked.path("server_label").asString("") + "/" + asked.path("name").asString("");
    }

    private static String cut(String text) {
        return text.length() <= ARGUMENTS_CHARS_MAX
                ? text
                : text.substring(0, ARGUMENTS_CHARS_MAX) + "…";
    }
}
