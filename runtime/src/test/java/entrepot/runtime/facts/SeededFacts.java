package entrepot.runtime.facts;

import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Facts with anything in them. */
final class SeededFacts {

    private SessionSettings settings() {
        return new SessionSettings(
                JsonMapper.shared().createObjectNode().put("type", text()),
                some(this::text),
                text(),
                seeds.oneIn(2) ? null : number());
    }

    private Fact.@Nullable Parent parent() {
        return seeds.oneIn(2)
                ? null
                : new Fact.Parent(text(), text(), text(), text(), seeds.upTo(3), textIf());
    }

    private final Seeds seeds;

    SeededFacts(Seeds seeds) {
        this.seeds = seeds;
    }

    /** One fact of each type. */
    List<Fact> each() {
        List<Fact> all = new ArrayList<>(ofOneSession());
        all.addAll(ofSubagents());
        return all;
    }

    private List<Fact> ofSubagents() {
        String turn = "turn_" + seeds.word();
        return List.of(
                new Fact.SubagentCreated(
                        turn, text(), text(), textIf(), textIf(), textIf(), userItem()),
                new Fact.SubagentInputSent(turn, text(), text(), userItem()),
                new Fact.SubagentInterrupted(turn, text(), text()),
                new Fact.SubagentClosed(turn, textIf(), text()),
                new Fact.SubagentResumed(turn, text(), text()),
                new Fact.SubagentsAwaited(
                        turn,
                        text(),
                        some(this::text),
                        seeds.oneIn(2),
                        seeds.oneIn(2) ? null : number()),
                new Fact.SubagentReported(
                        textIf(),
                        seeds.oneIn(2),
                        text(),
                        new Fact.Report(
                                text(),
                                text(),
                                seeds.pick(List.of(Fact.Ending.values())),
                                parts(1),
                                textIf(),
                                number()),
                        number()),
                new Fact.SubagentAsked(some(this::text), asked(turn), number()),
                new Fact.SubagentAnswered(
                        text(),
                        text(),
                        seeds.pick(List.of(Fact.Answer.values())),
                        text(),
                        number()));
    }

    private Fact.ApprovalAsked asked(String turn) {
        return new Fact.ApprovalAsked(
                turn, text(), text(), text(), text(), text(), text(), text(), number());
    }

    private List<Fact> ofOneSession() {
        String turn = "turn_" + seeds.word();
        return List.of(
                new Fact.SessionCreated(
                        agent(), pairs(), text(), text(), text(), settings(), parent()),
                new Fact.SessionChanged(new Configuration(agent(), pairs(), settings()), number()),
                new Fact.SessionForked(
                        new Fact.Ancestor(text(), number(), seeds.oneIn(2)),
                        new Configuration(agent(), pairs(), settings()),
                        text(),
                        text()),
                new Fact.TurnStarted(turn, some(this::userItem), number()),
                new Fact.InputSteered(turn, some(this::userItem), number()),
                new Fact.InputIgnored("tool_result", text(), number()),
                new Fact.ModelCallStarted(turn, seeds.upTo(9), seeds.upTo(3), text()),
                new Fact.ModelAnswered(
                        turn,
                        1,
                        2,
                        some(() -> new Fact.AnswerItem(text(), part(2))),
                        stopReason(),
                        usage(),
                        text()),
                new Fact.ModelCallFailed(turn, 1, 1, failure(), seeds.oneIn(2)),
                new Fact.ToolStarted(turn, text(), text(), text(), text(), text(), text()),
                new Fact.ToolReturned(
                        turn,
                        text(),
                        parts(1),
                        seeds.oneIn(2),
                        number(),
                        seeds.oneIn(2) ? null : seeds.upTo(255)),
                new Fact.EnvironmentChanged(
                        text(),
                        seeds.pick(List.of(EnvironmentStatus.values())),
                        textIf(),
                        textIf()),
                new Fact.EnvironmentReset(text(), number()),
                new Fact.ToolOutcomeUnknown(turn, text(), text()),
                new Fact.ResultsAwaited(turn, some(this::text)),
                new Fact.ResultAccepted(
                        turn, text(), text(), parts(1), seeds.oneIn(2), textIf(), number()),
                asked(turn),
                new Fact.ApprovalAnswered(
                        turn,
                        text(),
                        text(),
                        seeds.pick(List.of(Fact.Answer.values())),
                        text(),
                        textIf(),
                        seeds.oneIn(2),
                        number()),
                new Fact.CancelAsked(textIf(), number()),
                new Fact.TurnCompleted(turn, usage()),
                new Fact.TurnFailed(turn, text(), text(), usage()),
                new Fact.TurnCancelled(turn, usage()));
    }

    private AgentSnapshot agent() {
        return new AgentSnapshot(
                text(), textIf(), text(), textIf(), some(this::tool), seeds.jsonObject(2));
    }

    private AgentSnapshot.ToolSpec tool() {
        return seeds.oneIn(2)
                ? new AgentSnapshot.ToolSpec.Function(text(), textIf(), jsonIf())
                : new AgentSnapshot.ToolSpec.Server(
                        text(),
                        transport(),
                        seeds.oneIn(2) ? null : some(this::text),
                        seeds.pick(List.of(AgentSnapshot.Origin.values())),
                        textIf(),
                        Map.of(text(), seeds.json(2)),
                        seeds.oneIn(2));
    }

    private AgentSnapshot.Transport transport() {
        return seeds.oneIn(2)
                ? new AgentSnapshot.Transport.Http(text(), pairs(), textIf())
                : new AgentSnapshot.Transport.Stdio(
                        text(), some(this::text), text(), some(this::text), textIf());
    }

    private Fact.UserItem userItem() {
        return new Fact.UserItem(text(), parts(1));
    }

    private List<Part> parts(int depth) {
        return some(() -> part(depth));
    }

    private Part part(int depth) {
        return switch (seeds.upTo(depth > 0 ? 8 : 7)) {
            case 0 -> new Part.Text(text(), extras());
            case 1 -> new Part.Refusal(text(), extras());
            case 2 -> new Part.Image(textIf(), textIf(), textIf(), textIf(), extras());
            case 3 -> new Part.File(textIf(), textIf(), textIf(), textIf(), textIf(), extras());
            case 4 -> new Part.Audio(text(), text(), extras());
            case 5 -> new Part.Reasoning(text(), textIf(), extras());
            case 6 -> new Part.ToolCall(text(), text(), text(), extras());
            case 7 -> new Part.Unknown(text(), seeds.json(2));
            default -> new Part.ToolResult(text(), parts(depth - 1), seeds.oneIn(2), extras());
        };
    }

    private Extras extras() {
        if (seeds.oneIn(2)) {
            return Extras.NONE;
        }
        Map<String, JsonNode> members = new LinkedHashMap<>();
        members.put(text(), seeds.json(2));
        members.put("b" + text(), seeds.json(0));
        members.put("a" + text(), seeds.json(0));
        return new Extras("openai.chat", members);
    }

    private StopReason stopReason() {
        return seeds.oneIn(3)
                ? new StopReason.Unknown(text(), text())
                : new StopReason.Known(seeds.pick(List.of(StopReason.Kind.values())));
    }

    private Usage usage() {
        Map<Usage.Meter, Long> meters = new EnumMap<>(Usage.Meter.class);
        for (Usage.Meter meter : Usage.Meter.values()) {
            if (seeds.oneIn(2)) {
                meters.put(meter, number());
            }
        }
        return new Usage(meters, seeds.oneIn(2));
    }

    private Failure failure() {
        return new Failure(
                seeds.pick(List.of(Failure.Cause.values())),
                text(),
                textIf(),
                textIf(),
                textIf(),
                textIf(),
                seeds.oneIn(2) ? null : Duration.ofMillis(number()));
    }

    private Map<String, String> pairs() {
        Map<String, String> pairs = new LinkedHashMap<>();
        some(this::text).forEach(name -> pairs.put(name, text()));
        return pairs;
    }

    private @Nullable JsonNode jsonIf() {
        return seeds.oneIn(2) ? null : seeds.jsonObject(2);
    }

    private String text() {
        return seeds.text(6);
    }

    private @Nullable String textIf() {
        return seeds.oneIn(2) ? null : text();
    }

    private long number() {
        return seeds.random().nextLong(1L << 40);
    }

    private <T> List<T> some(Supplier<T> one) {
        List<T> all = new ArrayList<>();
        for (int left = seeds.upTo(3); left > 0; left--) {
            all.add(one.get());
        }
        return all;
    }
}
