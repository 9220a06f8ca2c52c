package entrepot.gateway.agents;

import entrepot.conversation.Part;
import entrepot.conversation.Usage;
import entrepot.gateway.environments.EnvironmentJson;
import entrepot.protocols.json.Json;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.session.Cursor;
import entrepot.runtime.session.Entry;
import entrepot.runtime.session.Sessions;
import entrepot.runtime.session.View;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a session's entries into the events of the Agents API, in the order that its clients rely
 * on. Pure: the same entries give the same events with the same ids, so a reader can go on from any
 * event, also one in the middle of what one fact gave. Not safe for use by several threads.
 *
 * <p>Kept whatever the journal holds:
 *
 * <ul>
 *   <li>per item: added, then its parts and deltas, then done; its index never changes
 *   <li>a failed attempt's items end as incomplete; the next attempt's are new ones
 *   <li>a function call is announced whole, and only once its result can be taken
 *   <li>each turn has one terminal event, nothing of it follows, and {@code idle} comes after
 *   <li>every event with a session says which actions it requires
 * </ul>
 */
final class EventProjector {

    private final String sessionId;
    private final Map<Usage.Meter, Long> used = new EnumMap<>(Usage.Meter.class);
    private final Kinship kinship;
    private @Nullable Origin origin;
    private Fact.@Nullable Ancestor ancestor;
    private @Nullable OpenTurn turn;
    private View.Status status = View.Status.IDLE;

    /** What the last turn failed of, as the session tells it. */
    private @Nullable String error;

    private long lastActiveSeconds;
    private Position position = new Position(Cursor.START, 0);
    private List<StreamEvent> events = new ArrayList<>();

    EventProjector(String sessionId) {
        this.sessionId = sessionId;
        this.kinship = new Kinship(sessionId);
    }

    /** What a session is told, and since when it is there. */
    private record Origin(Configuration configuration, long createdSeconds) {}

    /** Where the next entry's events come after. */
    Position position() {
        return position;
    }

    View.Status status() {
        return status;
    }

    /** Takes the next entry. Returns what it means to a reader: none, one or several events. */
    List<StreamEvent> project(Entry entry) {
        events = new ArrayList<>();
        position = new Position(entry.cursor(), 0);
        lastActiveSeconds = entry.atMillis() / 1000;
        switch (entry) {
            case Entry.Recorded recorded -> apply(recorded.fact());
            case Entry.Piece piece -> {
                if (turn != null && turn.id().equals(piece.turnId())) {
                    turn.stream(piece);
                }
            }
        }
        return events;
    }

    /**
     * What a reader who joins now must know of what is under way: the open items as they stand and
     * the session's state. Nothing when the session is idle. Their SSE ids are this place's.
     */
    List<StreamEvent> snapshot() {
        events = new ArrayList<>();
        Position here = position;
        if (turn != null) {
            if (status == View.Status.IN_PROGRESS) {
                session("agent.session.in_progress");
            }
            turn.showOpenItems();
        }
        if (status == View.Status.REQUIRES_ACTION) {
            session("agent.session.requires_action");
        }
        var renamed = new ArrayList<StreamEvent>(events.size());
        for (StreamEvent event : events) {
            ObjectNode payload = event.payload();
            payload.put("event_id", here + "-" + (renamed.size() + 1));
            renamed.add(new StreamEvent(here, payload));
        }
        position = here;
        return renamed;
    }

    private void apply(Fact fact) {
        switch (fact) {
            case Fact.SessionCreated created -> {
                origin = new Origin(created.configuration(), lastActiveSeconds);
                session("agent.session.created");
            }
            case Fact.SessionChanged changed ->
                    origin = new Origin(changed.configuration(), origin().createdSeconds());
            case Fact.SessionForked forked -> {
                origin = new Origin(forked.configuration(), lastActiveSeconds);
                ancestor = forked.ancestor();
                used.clear();
                error = null;
            }
            case Fact.TurnStarted started -> begin(started.turnId(), started.input(), null);
            case Fact.TurnCompleted done ->
                    end("completed", View.TurnStatus.COMPLETED, null, null, done.usage());
            case Fact.TurnFailed failed ->
                    end(
                            "failed",
                            View.TurnStatus.FAILED,
                            failed.code(),
                            failed.message(),
                            failed.usage());
            case Fact.TurnCancelled cancelled ->
                    end("cancelled", View.TurnStatus.CANCELLED, null, null, cancelled.usage());
            case Fact.InputSteered _,
                    Fact.ModelCallStarted _,
                    Fact.ModelAnswered _,
                    Fact.ModelCallFailed _,
                    Fact.ToolStarted _,
                    Fact.ToolReturned _,
                    Fact.ToolOutcomeUnknown _,
                    Fact.ResultsAwaited _,
                    Fact.ApprovalAsked _,
                    Fact.ApprovalAnswered _,
                    Fact.ResultAccepted _ -> {
                if (turn != null) {
                    goOn(turn, fact);
                }
            }
            case Fact.OfSubagent about -> ofSubagent(about);
            case Fact.EnvironmentChanged changed -> environment(changed);
            case Fact.EnvironmentReset reset ->
                    emit("agent.session.environment.reset")
                            .put("session_id", sessionId)
                            .put("turn_id", turn == null ? null : turn.id())
                            .put("environment_id", reset.environmentId())
                            .put("reset_count", reset.count());
            case Fact.CancelAsked _, Fact.InputIgnored _, Fact.Unknown _ -> {}
        }
    }

    private void ofSubagent(Fact.OfSubagent fact) {
        kinship.take(fact, lastActiveSeconds);
        switch (fact) {
            case Fact.SubagentCreated made -> subagent("created", made.subagentId());
            case Fact.SubagentResumed resumed -> subagent("active", resumed.subagentId());
            case Fact.SubagentClosed closed -> {
                subagent("closed", closed.subagentId());
                goOnIfAnswered();
            }
            case Fact.SubagentReported reported -> reported(reported);
            case Fact.SubagentAsked _ -> requireAction();
            case Fact.SubagentAnswered _ -> goOnIfAnswered();
            case Fact.SubagentInputSent _, Fact.SubagentInterrupted _, Fact.SubagentsAwaited _ -> {}
        }
    }

    private void reported(Fact.SubagentReported reported) {
        String turnId = reported.turnId();
        if (reported.starts() && turnId != null) {
            begin(turnId, List.of(), reported);
            return;
        }
        if (turn != null) {
            turn.hear(reported);
        }
        goOnIfAnswered();
    }

    private void subagent(String word, String id) {
        Sessions.Subagent subagent = kinship.find(id);
        if (subagent != null) {
            emit("agent.session.subagent." + word)
                    .set("subagent", SubagentJson.subagent(subagent, agentId()));
        }
    }

    /** The agent whose session this is. */
    String agentId() {
        return origin().configuration().agent().id();
    }

    private List<View.RequiredAction> required() {
        var actions = new ArrayList<View.RequiredAction>();
        if (turn != null) {
            actions.addAll(turn.awaited());
        }
        actions.addAll(kinship.asking());
        return actions;
    }

    private void goOn(OpenTurn open, Fact fact) {
        switch (fact) {
            case Fact.InputSteered steered -> steered.input().forEach(open::showUser);
            case Fact.ModelCallStarted _, Fact.ModelCallFailed _ -> open.voidStreaming();
            case Fact.ModelAnswered answered -> {
                answered.usage().meters().forEach((m, n) -> used.merge(m, n, Long::sum));
                open.answer(answered);
            }
            case Fact.ToolStarted started -> open.startTool(started);
            case Fact.ToolReturned returned -> open.endTool(returned);
            case Fact.ToolOutcomeUnknown unknown -> open.loseTool(unknown);
            case Fact.ResultsAwaited awaited -> {
                open.await(awaited.callIds());
                requireAction();
            }
            case Fact.ApprovalAsked asked -> {
                open.hold(asked);
                requireAction();
            }
            case Fact.ResultAccepted accepted -> {
                open.acceptResult(accepted);
                goOnIfAnswered();
            }
            case Fact.ApprovalAnswered answered -> {
                open.decide(answered);
                goOnIfAnswered();
            }
            case Fact.SessionCreated _,
                    Fact.SessionChanged _,
                    Fact.SessionForked _,
                    Fact.TurnStarted _,
                    Fact.TurnCompleted _,
                    Fact.TurnFailed _,
                    Fact.TurnCancelled _,
                    Fact.CancelAsked _,
                    Fact.InputIgnored _,
                    Fact.OfSubagent _,
                    Fact.EnvironmentChanged _,
                    Fact.EnvironmentReset _,
                    Fact.Unknown _ -> {}
        }
    }

    private void environment(Fact.EnvironmentChanged changed) {
        ObjectNode event =
                emit("agent.session.environment." + SessionJson.word(changed.status()))
                        .put("session_id", sessionId)
                        .put("turn_id", turn == null ? null : turn.id());
        ObjectNode json =
                event.putObject("environment")
                        .put("id", changed.environmentId())
                        .put("type", EnvironmentJson.HOSTED)
                        .put("status", SessionJson.word(changed.status()));
        if (changed.code() == null) {
            json.putNull("error");
        } else {
            json.putObject("error")
                    .put("code", changed.code())
                    .put("message", changed.message())
                    .put("type", "environment_error");
        }
    }

    private void requireAction() {
        status = View.Status.REQUIRES_ACTION;
        session("agent.session.requires_action");
    }

    private void goOnIfAnswered() {
        if (status == View.Status.REQUIRES_ACTION && required().isEmpty()) {
            boolean open = turn != null;
            status = open ? View.Status.IN_PROGRESS : View.Status.IDLE;
            session(open ? "agent.session.in_progress" : "agent.session.idle");
        }
    }

    /**
     * @param reported what the turn begins with, when that is no input
     */
    private void begin(
            String turnId, List<Fact.UserItem> input, Fact.@Nullable SubagentReported reported) {
        turn = new OpenTurn(this, turnId, lastActiveSeconds);
        error = null;
        turn("agent.session.turn.created", turn.view(View.TurnStatus.QUEUED, null));
        input.forEach(turn::showUser);
        if (reported != null) {
            turn.hear(reported);
        }
        boolean asked = !required().isEmpty();
        status = asked ? View.Status.REQUIRES_ACTION : View.Status.IN_PROGRESS;
        session(asked ? "agent.session.requires_action" : "agent.session.in_progress");
        turn(
                "agent.session.turn.in_progress",
                turn.view(View.TurnStatus.IN_PROGRESS, lastActiveSeconds));
    }

    private void end(
            String word,
            View.TurnStatus ended,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            Usage usage) {
        if (turn == null) {
            return;
        }
        turn.abandonOpenItems();
        var view =
                new View.Turn(
                        turn.id(),
                        ended,
                        turn.createdSeconds(),
                        turn.createdSeconds(),
                        lastActiveSeconds,
                        errorCode,
                        errorMessage,
                        usage);
        ObjectNode event = turn("agent.session.turn." + word, view);
        event.set("usage", ContentJson.usage(usage));
        turn = null;
        error = errorMessage;
        boolean asked = !required().isEmpty();
        status = asked ? View.Status.REQUIRES_ACTION : View.Status.IDLE;
        session(asked ? "agent.session.requires_action" : "agent.session.idle");
    }

    /** Adds an event about one item of the open turn. */
    ObjectNode emit(String type, String turnId) {
        return emit(type).put("session_id", sessionId).put("turn_id", turnId);
    }

    private ObjectNode emit(String type) {
        position = new Position(position.cursor(), position.count() + 1);
        ObjectNode payload = Json.object().put("type", type).put("event_id", position.toString());
        events.add(new StreamEvent(position, payload));
        return payload;
    }

    private ObjectNode turn(String type, View.Turn view) {
        ObjectNode event = emit(type, view.id());
        event.set("turn", SessionJson.turn(sessionId, agentId(), null, view));
        return event;
    }

    private void session(String type) {
        Origin known = origin();
        var session =
                new Sessions.Session(
                        sessionId,
                        known.configuration(),
                        known.createdSeconds(),
                        lastActiveSeconds,
                        status,
                        required(),
                        new Usage(used, false),
                        error,
                        ancestor);
        emit(type).set("session", SessionJson.session(session));
    }

    private Origin origin() {
        if (origin == null) {
            throw new IllegalStateException(
                    "the journal of session " + sessionId + " does not begin with its creation");
        }
        return origin;
    }

    /** A message's text, where a part has one to stream. */
    static @Nullable String text(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Refusal refusal -> refusal.text();
            case Part.Reasoning reasoning -> reasoning.text();
            case Part.Image _,
                    Part.File _,
                    Part.Audio _,
                    Part.CachePoint _,
                    Part.ToolCall _,
                    Part.ToolResult _,
                    Part.Unknown _ ->
                    null;
        };
    }
}
