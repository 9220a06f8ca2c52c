package entrepot.runtime.turn;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.journal.Post;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.subagents.SubagentLimits;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a fact of one session does to others of its tree. It is written in the same transaction as
 * the fact, so that no subagent is made twice and no end of one is lost.
 */
public final class Posting {

    private static final String CUT = " … [cut]";

    private Posting() {}

    /**
     * @param before the state before the fact
     * @param facts all of the session up to the fact
     */
    public static List<Post> of(SessionKey key, TurnState before, List<Fact> facts, Fact fact) {
        TurnState.Session session = before.sessionIf();
        if (session == null) {
            return List.of();
        }
        Fact.Parent parent = session.parent();
        return switch (fact) {
            case Fact.OfSubagent down -> down(key, session, down);
            case Fact.TurnCompleted end ->
                    report(key, parent, facts, end.turnId(), Fact.Ending.COMPLETED, null);
            case Fact.TurnFailed end ->
                    report(key, parent, facts, end.turnId(), Fact.Ending.FAILED, end.message());
            case Fact.TurnCancelled end ->
                    report(key, parent, facts, end.turnId(), Fact.Ending.CANCELLED, null);
            case Fact.ApprovalAsked asked -> asked(key, parent, asked);
            case Fact.ApprovalAnswered answered -> answered(key, parent, answered);
            case Fact other -> List.of();
        };
    }

    private static List<Post> down(
            SessionKey key, TurnState.Session session, Fact.OfSubagent fact) {
        return switch (fact) {
            case Fact.SubagentCreated made -> {
                Fact.SessionCreated child = child(key, session, made);
                String summary = Summary.of(Replay.of(List.of(child))).written();
                yield List.of(
                        new Post.Make(
                                made.subagentId(),
                                child,
                                summary,
                                new Letter.Message(made.input())));
            }
            case Fact.SubagentInputSent sent ->
                    List.of(
                            new Post.Send(
                                    sent.subagentId(),
                                    new Letter.Message(sent.input()),
                                    "input/" + sent.input().itemId(),
                                    Post.Door.AS_IT_IS));
            case Fact.SubagentInterrupted asked ->
                    List.of(
                            new Post.Send(
                                    asked.subagentId(),
                                    new Letter.Cancel(),
                                    "interrupt/" + asked.turnId() + "/" + asked.callId(),
                                    Post.Door.AS_IT_IS));
            case Fact.SubagentClosed closed ->
                    List.of(
                            new Post.Send(
                                    closed.subagentId(),
                                    new Letter.Cancel(),
                                    "close/" + closed.turnId() + "/" + closed.callId(),
                                    Post.Door.CLOSE));
            case Fact.SubagentResumed resumed -> List.of(new Post.Reopen(resumed.subagentId()));
            case Fact.SubagentsAwaited _,
                    Fact.SubagentReported _,
                    Fact.SubagentAsked _,
                    Fact.SubagentAnswered _ ->
                    List.of();
        };
    }

    /** The beginning of a subagent: what its coordinator has, apart from functions. */
    private static Fact.SessionCreated child(
            SessionKey key, TurnState.Session session, Fact.SubagentCreated made) {
        AgentSnapshot agent = session.agent();
        List<AgentSnapshot.ToolSpec> tools =
                agent.tools().stream()
                        .filter(tool -> !(tool instanceof AgentSnapshot.ToolSpec.Function))
                        .toList();
        Fact.Parent above = session.parent();
        return new Fact.SessionCreated(
                new AgentSnapshot(
                        made.subagentId(),
                        made.name(),
                        made.model() == null ? agent.model() : made.model(),
                        instructions(agent.instructions()),
                        tools,
                        settings(agent, made.reasoningEffort())),
                Map.of(),
                session.team(),
                session.principal(),
                session.keyId(),
                session.configuration().settings(),
                new Fact.Parent(
                        key.id(),
                        above == null ? key.id() : above.rootId(),
                        made.turnId(),
                        made.callId(),
                        above == null ? 1 : above.depth() + 1,
                        made.name()));
    }

    private static String instructions(@Nullable String coordinators) {
        String own =
                "You are a subagent: a coordinator gives you a task and sees only your last"
                        + " answer, so put all that matters into it.";
        return coordinators == null || coordinators.isBlank() ? own : coordinators + "\n\n" + own;
    }

    private static ObjectNode settings(AgentSnapshot agent, @Nullable String effort) {
        ObjectNode settings =
                agent.settings() instanceof ObjectNode own
                        ? own.deepCopy()
                        : tools.jackson.databind.json.JsonMapper.shared().createObjectNode();
        settings.putObject("multi_agent").put("enabled", false).putNull("max_concurrent_subagents");
        settings.remove("text");
        if (effort != null) {
            settings.withObject("reasoning").put("effort", effort);
        }
        return settings;
    }

    private static List<Post> report(
            SessionKey key,
            Fact.@Nullable Parent parent,
            List<Fact> facts,
            String turnId,
            Fact.Ending ending,
            @Nullable String error) {
        if (parent == null) {
            return List.of();
        }
        Fact.Report report =
                new Fact.Report(
                        turnId,
                        "agm_" + turnId,
                        ending,
                        answer(facts, turnId),
                        error,
                        inputs(facts));
        return List.of(
                new Post.Send(
                        parent.sessionId(),
                        new Letter.Report(key.id(), report),
                        "report/" + key.id() + "/" + turnId,
                        Post.Door.AS_IT_IS));
    }

    /** The last words of a turn, cut where they are too long. */
    private static List<Part> answer(List<Fact> facts, String turnId) {
        for (Fact fact : facts.reversed()) {
            if (fact instanceof Fact.ModelAnswered answered && answered.turnId().equals(turnId)) {
                String text =
                        Coordination.text(
                                answered.items().stream().map(Fact.AnswerItem::part).toList());
                if (!text.isEmpty()) {
                    int most = SubagentLimits.MESSAGE_CHARS_MAX;
                    String kept = text.length() <= most ? text : text.substring(0, most) + CUT;
                    return List.of(new Part.Text(kept, Extras.NONE));
                }
            }
        }
        return List.of();
    }

    private static long inputs(List<Fact> facts) {
        long inputs = 0;
        for (Fact fact : facts) {
            if (fact instanceof Fact.TurnStarted started) {
                inputs += started.input().size();
            } else if (fact instanceof Fact.InputSteered steered) {
                inputs += steered.input().size();
            }
        }
        return inputs;
    }

    private static List<Post> asked(
            SessionKey key, Fact.@Nullable Parent parent, Fact.ApprovalAsked asked) {
        return parent == null
                ? List.of()
                : List.of(
                        new Post.Send(
                                parent.rootId(),
                                new Letter.Question(path(key, parent), asked),
                                "question/" + asked.approvalId(),
                                Post.Door.AS_IT_IS));
    }

    private static List<String> path(SessionKey key, Fact.Parent parent) {
        List<String> path = new ArrayList<>();
        if (!parent.sessionId().equals(parent.rootId())) {
            path.add(parent.sessionId());
        }
        path.add(key.id());
        return path;
    }

    private static List<Post> answered(
            SessionKey key, Fact.@Nullable Parent parent, Fact.ApprovalAnswered answered) {
        return parent == null
                ? List.of()
                : List.of(
                        new Post.Send(
                                parent.rootId(),
                                new Letter.Settled(
                                        key.id(),
                                        answered.approvalId(),
                                        answered.answer(),
                                        answered.by()),
                                "settled/" + answered.approvalId(),
                                Post.Door.AS_IT_IS));
    }
}
