package entrepot.gateway.mcp;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.protocols.mcp.McpContent;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.Agents;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Feed;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;
import entrepot.runtime.tools.Folders;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A tenant's agents as tools: who there is, a task for one of them, and what became of it. And,
 * where the operator has allowed folders, a search in them. A task is a session like any other: it
 * goes on whether or not somebody waits for it.
 */
public final class AgentTools implements McpService {

    private static final int WAIT_SECONDS = 45;
    private static final int WAIT_SECONDS_MAX = 600;
    private static final int LIST_MAX = 100;
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    private static final String SESSION =
            "{\"type\":\"string\",\"description\":\"as run_agent gave it\"}";
    private static final String WAIT =
            "{\"type\":\"integer\",\"minimum\":0,\"maximum\":600,\"description\":\"how long to"
                    + " wait for the answer, 45 if left out\"}";
    private static final String DONE =
            "{\"type\":\"object\",\"properties\":{\"session_id\":{\"type\":\"string\"},"
                    + "\"status\":{\"type\":\"string\",\"enum\":[\"completed\",\"in_progress\","
                    + "\"requires_action\",\"failed\",\"cancelled\"]},"
                    + "\"answer\":{\"type\":\"string\"}},"
                    + "\"required\":[\"session_id\",\"status\"]}";

    private static final ObjectNode LIST_AGENTS =
            tool(
                    "list_agents",
                    "Lists the agents that can be given a task: id, name, model and instructions.",
                    "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}",
                    null,
                    true);
    private static final ObjectNode RUN_AGENT =
            tool(
                    "run_agent",
                    "Gives an agent a task, or goes on with one, and waits for the answer. When the"
                            + " answer takes longer, its status is in_progress: ask get_answer"
                            + " for it later.",
                    "{\"type\":\"object\",\"properties\":{"
                            + "\"agent_id\":{\"type\":\"string\",\"description\":\"as list_agents"
                            + " shows it; not together with session_id\"},"
                            + "\"session_id\":{\"type\":\"string\",\"description\":\"to go on with"
                            + " what run_agent has begun\"},"
                            + "\"input\":{\"type\":\"string\",\"description\":\"the task in"
                            + " words\"},\"wait_seconds\":"
                            + WAIT
                            + "},\"required\":[\"input\"],\"additionalProperties\":false}",
                    DONE,
                    false);
    private static final ObjectNode GET_ANSWER =
            tool(
                    "get_answer",
                    "What became of a task that run_agent has begun: its status, and the answer"
                            + " when there is one.",
                    "{\"type\":\"object\",\"properties\":{\"session_id\":"
                            + SESSION
                            + ",\"wait_seconds\":"
                            + WAIT
                            + "},\"required\":[\"session_id\"],\"additionalProperties\":false}",
                    DONE,
                    true);

    private final Agents agents;
    private final Sessions sessions;
    private final Folders folders;

    public AgentTools(Agents agents, Sessions sessions, Folders folders) {
        this.agents = agents;
        this.sessions = sessions;
        this.folders = folders;
    }

    private static ObjectNode tool(
            String name,
            String description,
            String input,
            @Nullable String output,
            boolean readOnly) {
        ObjectNode tool = Json.object().put("name", name).put("description", description);
        tool.set("inputSchema", json(input));
        if (output != null) {
            tool.set("outputSchema", json(output));
        }
        tool.putObject("annotations").put("readOnlyHint", readOnly).put("openWorldHint", !readOnly);
        return tool;
    }

    private static JsonNode json(String text) {
        return Json.read(text, Failure.Cause.INTERNAL);
    }

    @Override
    public String instructions() {
        return "Agents that work on tasks with tools of their own. list_agents shows them,"
                + " run_agent gives one a task, get_answer asks for an answer that took longer.";
    }

    @Override
    public ArrayNode tools(Caller caller) {
        ArrayNode tools = Json.object().arrayNode();
        tools.add(LIST_AGENTS.deepCopy()).add(RUN_AGENT.deepCopy()).add(GET_ANSWER.deepCopy());
        if (!folders.allowed().isEmpty()) {
            tools.add(search());
        }
        return tools;
    }

    private ObjectNode search() {
        ObjectNode tool =
                tool(
                        "search_knowledge",
                        "Finds the sentences of a folder's documents that answer a question best:"
                                + " one line each, file:line, a tab and the sentence.",
                        "{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\"},"
                                + "\"folder\":{\"type\":\"string\"},\"limit\":{\"type\":"
                                + "\"integer\",\"minimum\":1,\"maximum\":50}},"
                                + "\"required\":[\"query\",\"folder\"],"
                                + "\"additionalProperties\":false}",
                        null,
                        true);
        ArrayNode names =
                ((ObjectNode) tool.path("inputSchema").path("properties").path("folder"))
                        .putArray("enum");
        folders.allowed().keySet().forEach(names::add);
        return tool;
    }

    @Override
    public ObjectNode call(Use use) throws Unknown, InterruptedException {
        try {
            return switch (use.name()) {
                case "list_agents" -> list(use.caller());
                case "run_agent" -> run(use);
                case "get_answer" -> await(use, text(use, "session_id"), wait(use));
                case "search_knowledge" -> search(use);
                default -> throw new Unknown(use.name());
            };
        } catch (Failed failed) {
            return McpContent.result(failed.failure().message(), true);
        }
    }

    private ObjectNode list(Caller caller) {
        ObjectNode found = Json.object();
        ArrayNode all = found.putArray("agents");
        for (Agents.Agent agent :
                agents.list(caller, new Page.Query(null, LIST_MAX, false)).data()) {
            all.addObject()
                    .put("id", agent.snapshot().id())
                    .put("name", agent.snapshot().name())
                    .put("model", agent.snapshot().model())
                    .put("instructions", agent.snapshot().instructions());
        }
        return structured(found, false);
    }

    private static ObjectNode structured(ObjectNode content, boolean isError) {
        ObjectNode result =
                McpContent.result(new String(Json.write(content), StandardCharsets.UTF_8), isError);
        result.set("structuredContent", content);
        return result;
    }

    private ObjectNode run(Use use) throws InterruptedException {
        String input = text(use, "input");
        String sessionId = textIf(use, "session_id");
        String agentId = textIf(use, "agent_id");
        int seconds = wait(use);
        if ((sessionId == null) == (agentId == null)) {
            throw wrong("Give one of agent_id and session_id.");
        }
        List<Part> parts = List.of(new Part.Text(input, Extras.NONE));
        String key = use.key().isEmpty() ? null : use.key();
        if (sessionId != null) {
            sessions.post(use.caller(), sessionId, List.of(new Sessions.Input.Message(parts)), key);
            return await(use, sessionId, seconds);
        }
        Agents.Agent agent =
                agents.find(use.caller(), String.valueOf(agentId))
                        .orElseThrow(() ->
                                wrong(
                                        "There is no agent "
                                                + agentId
                                                + ": list_agents shows those there are."));
        Sessions.Session made =
                sessions.create(
                        use.caller(),
                        new Sessions.NewSession(
                                agent.snapshot(), Map.of("made_by", "mcp"), List.of(parts)),
                        key);
        return await(use, made.id(), seconds);
    }

    /** Waits until nothing goes on in the session, or the time is over. */
    private ObjectNode await(Use use, String sessionId, int seconds) throws InterruptedException {
        long endNanos = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        View view = view(use.caller(), sessionId);
        if (view.status() == View.Status.IN_PROGRESS && seconds > 0) {
            try (Feed feed = sessions.follow(use.caller(), sessionId, Cursor.START)) {
                Duration left = Duration.ofNanos(endNanos - System.nanoTime());
                while (left.isPositive() && isWorking(use.caller(), sessionId)) {
                    boolean isLong = left.compareTo(SIGN_OF_LIFE) > 0;
                    if (feed.next(isLong ? SIGN_OF_LIFE : left).isEmpty()) {
                        use.progress().told("The agent is at work.");
                    }
                    left = Duration.ofNanos(endNanos - System.nanoTime());
                }
            }
            view = view(use.caller(), sessionId);
        }
        return answer(view);
    }

    private boolean isWorking(Caller caller, String sessionId) {
        return sessions.find(caller, sessionId)
                .map(session -> session.status() == View.Status.IN_PROGRESS)
                .orElse(false);
    }

    private View view(Caller caller, String sessionId) {
        return sessions.view(caller, sessionId)
                .orElseThrow(() -> wrong("There is no session " + sessionId + "."));
    }

    private static ObjectNode answer(View view) {
        ObjectNode done = Json.object().put("session_id", view.sessionId());
        if (view.status() == View.Status.IN_PROGRESS) {
            return structured(done.put("status", "in_progress"), false);
        }
        if (view.status() == View.Status.REQUIRES_ACTION) {
            done.put("status", "requires_action")
                    .put("answer", "The agent waits for results that its application must give.");
            return structured(done, false);
        }
        if (view.turns().isEmpty()) {
            return structured(done.put("status", "completed").put("answer", ""), false);
        }
        View.Turn turn = view.turns().getLast();
        done.put("status", turn.status().name().toLowerCase(Locale.ROOT));
        boolean isError = turn.status() == View.TurnStatus.FAILED;
        done.put("answer", isError ? String.valueOf(turn.errorMessage()) : words(view, turn.id()));
        return structured(done, isError);
    }

    /** The last words of a turn. */
    private static String words(View view, String turnId) {
        Optional<View.Item.AssistantMessage> last =
                view.items().stream()
                        .filter(item -> item.turnId().equals(turnId))
                        .filter(View.Item.AssistantMessage.class::isInstance)
                        .map(View.Item.AssistantMessage.class::cast)
                        .reduce((first, second) -> second);
        return last.map(message ->
                        message.parts().stream()
                                .filter(Part.Text.class::isInstance)
                                .map(part -> ((Part.Text) part).text())
                                .collect(Collectors.joining()))
                .orElse("");
    }

    private ObjectNode search(Use use) throws Unknown, InterruptedException {
        if (folders.allowed().isEmpty()) {
            throw new Unknown(use.name());
        }
        String folder = text(use, "folder");
        ObjectNode arguments = Json.object().put("query", text(use, "query"));
        if (use.arguments().has("limit")) {
            arguments.set("limit", use.arguments().get("limit"));
        }
        ToolServer server =
                folders.find(
                                ToolSpec.Server.at("folder", Folders.URL_PREFIX + folder, null),
                                ToolServers.Context.of(use.caller(), List.of()))
                        .orElseThrow(() -> wrong("There is no folder " + folder + "."));
        ToolServer.Result found =
                server.use(
                        new ToolServer.Use(
                                use.caller().tenant(),
                                "",
                                "search",
                                new String(Json.write(arguments), StandardCharsets.UTF_8),
                                use.key()));
        String text =
                found.output().stream()
                        .filter(Part.Text.class::isInstance)
                        .map(part -> ((Part.Text) part).text())
                        .collect(Collectors.joining("\n"));
        return McpContent.result(text, found.failed());
    }

    private static String text(Use use, String name) {
        String text = textIf(use, name);
        if (text == null || text.isBlank()) {
            throw wrong(name + " is missing.");
        }
        return text;
    }

    private static @Nullable String textIf(Use use, String name) {
        JsonNode value = use.arguments().get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        if (!value.isString()) {
            throw wrong(name + " must be a string.");
        }
        return value.stringValue();
    }

    private static int wait(Use use) {
        JsonNode value = use.arguments().get("wait_seconds");
        if (value == null || value.isNull()) {
            return WAIT_SECONDS;
        }
        if (!value.isInt() || value.intValue() < 0 || value.intValue() > WAIT_SECONDS_MAX) {
            throw wrong("wait_seconds must be a whole number from 0 to 600.");
        }
        return value.intValue();
    }

    private static Failed wrong(String why) {
        return new Failed(Failure.of(Failure.Cause.INVALID_REQUEST, why));
    }
}
