package entrepot.app.client;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One turn of an agent, followed from its input to its end over the Agents API. When the connection
 * breaks, the stream is taken up again after the last event seen: the server keeps them all.
 */
public final class AgentTurn {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int RECONNECTS_MAX = 40;
    private static final long RECONNECT_MILLIS = 250;

    private final Api api;
    private final Progress progress;

    private String sessionId = "";
    private String turnId = "";
    private String status = "";
    private String text = "";
    private String error = "";
    private JsonNode usage = JSON.nullNode();
    private int toolCalls;
    private String lastEventId = "";
    private boolean over;

    private AgentTurn(Api api, Progress progress) {
        this.api = api;
        this.progress = progress;
    }

    /**
     * A session's body for an agent that may read a folder.
     *
     * @param folder the name under which the operator has allowed it
     */
    public static ObjectNode readerOf(String folder, String model, String question) {
        var body = JSON.objectNode();
        var agent = body.putObject("agent");
        agent.put("model", model);
        agent.put(
                "instructions",
                "Answer from the documents in the folder only. Quote them word for word, name the"
                        + " file of each quote, and list what needs checking.");
        var tool = agent.putArray("tools").addObject();
        tool.put("type", "mcp").put("server_label", "folder");
        tool.putObject("transport").put("type", "http").put("server_url", serverUrl(folder));
        body.putObject("environment").put("type", "none");
        return body.put("input", question);
    }

    /** Creates a session with its first input, and follows its turn to the end. */
    public static Outcome create(Api api, ObjectNode session, Progress progress)
            throws ApiFailed, InterruptedException {
        var turn = new AgentTurn(api, progress);
        session.put("stream", true);
        api.stream("/v1/agents/sessions", session, Map.of(), turn::take);
        return turn.followToEnd();
    }

    /** The name of a folder as a tool server. */
    public static String serverUrl(String folder) {
        return "entrepot:folder/" + folder;
    }

    private Outcome followToEnd() throws ApiFailed, InterruptedException {
        if (sessionId.isEmpty()) {
            throw new ApiFailed(0, "The server closed the stream before it named the session.");
        }
        var path = "/v1/agents/sessions/" + sessionId + "/events";
        for (int attempt = 1; !over; attempt++) {
            if (attempt > RECONNECTS_MAX) {
                throw new ApiFailed(
                        0,
                        "The connection broke and could not be made again. The session goes on: "
                                + "entrepot sessions tail "
                                + sessionId);
            }
            progress.reconnecting(attempt);
            try {
                api.stream(path, null, Map.of("last-event-id", lastEventId), this::take);
            } catch (ApiFailed e) {
                if (e.status() != 0 && e.status() < 500) {
                    throw e;
                }
            }
            if (!over) {
                TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
            }
        }
        return new Outcome(sessionId, turnId, status, text, error, usage, toolCalls);
    }

    /** Returns whether more is to come. */
    private boolean take(String id, JsonNode event) {
        if (!id.isEmpty()) {
            lastEventId = id;
        }
        switch (event.path("type").asString("")) {
            case "agent.session.created" -> {
                sessionId = event.at("/session/id").asString("");
                progress.session(sessionId);
            }
            case "agent.session.turn.created" -> turnId = event.at("/turn/id").asString("");
            case "agent.session.turn.item.added" -> added(event.path("item"));
            case "agent.session.turn.item.done" -> done(event.path("item"));
            case "agent.session.turn.output_text.delta" ->
                    progress.text(event.path("delta").asString(""));
            case "agent.session.turn.completed",
                    "agent.session.turn.failed",
                    "agent.session.turn.cancelled" ->
                    ended(event);
            case "agent.session.requires_action" -> {
                status = "requires_action";
                over = true;
            }
            case "agent.session.failed" -> {
                status = "failed";
                error = event.at("/session/error").asString(error);
                over = true;
            }
            case "agent.session.idle" -> over = !status.isEmpty();
            default -> {
                // Other events say nothing that a reader of the answer needs.
            }
        }
        return !over;
    }

    private void added(JsonNode item) {
        if (item.path("type").asString("").equals("mcp_call")) {
            progress.toolStarted(item.path("name").asString(""), written(item.path("arguments")));
        }
    }

    private void done(JsonNode item) {
        switch (item.path("type").asString("")) {
            case "mcp_call" -> {
                toolCalls++;
                var failure = written(item.path("error"));
                progress.toolEnded(
                        item.path("name").asString(""),
                        written(item.path("arguments")),
                        item.path("status").asString(""),
                        failure.isEmpty() ? written(item.path("output")) : failure);
            }
            case "message" -> {
                if (!item.path("phase").asString("").equals("commentary")) {
                    text = textOf(item);
                }
            }
            default -> {
                // Calls for the application and reasoning are not part of the answer.
            }
        }
    }

    private void ended(JsonNode event) {
        var turn = event.path("turn");
        status = turn.path("status").asString("failed");
        usage = event.hasNonNull("usage") ? event.path("usage") : turn.path("usage");
        if (turn.hasNonNull("error")) {
            error =
                    turn.at("/error/code").asString("")
                            + ": "
                            + turn.at("/error/message").asString("");
        }
    }

    /** The text parts of a message, joined. */
    public static String textOf(JsonNode message) {
        var joined = new StringBuilder();
        for (var part : message.path("content")) {
            joined.append(part.path("text").asString(""));
        }
        return joined.toString();
    }

    /** Text as it is; anything else as JSON; nothing for null. */
    static String written(@Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return "";
        }
        return value.isString() ? value.asString() : value.toString();
    }
}
