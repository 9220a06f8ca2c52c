package entrepot.runtime.turn;

import entrepot.conversation.Extras;
import entrepot.conversation.Failure;
import entrepot.conversation.Part;
import entrepot.conversation.StopReason;
import entrepot.conversation.Usage;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.facts.Configuration;
import entrepot.runtime.facts.EnvironmentStatus;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.subagents.SubagentTool;
import entrepot.testkit.Seeds;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A journal that a driver could have written, made without one: each action ends somehow. */
public final class SeededJournal {

    private static final List<String> TOOLS =
            List.of(
                    "ask",
                    "look",
                    "change",
                    "create_subagent",
                    "create_subagent",
                    "send_subagent_input",
                    "wait_for_subagents",
                    "wait_for_subagents",
                    "interrupt_subagent",
                    "resume_subagent",
                    "close_subagent");
    private static final SessionSettings HOSTED =
            SessionSettings.DEFAULT.withEnvironment(
                    JsonMapper.shared()
                            .createObjectNode()
                            .put("type", "hosted")
                            .put("id", "env_1"));

    private final Seeds seeds;
    private final Decision decision;
    private final Limits limits;
    private final List<Fact> facts = new ArrayList<>();
    private final List<Letter.Numbered> inbox = new ArrayList<>();
    private TurnState state = new TurnState.Nothing();
    private long now = 1_000;
    private long letters;
    private int names;

    private SeededJournal(Seeds seeds, Limits limits) {
        this.seeds = seeds;
        this.limits = limits;
        this.decision = new Decision(limits);
    }

    public static List<Fact> facts(Seeds seeds, Limits limits, int stepsMax) {
        SeededJournal journal = new SeededJournal(seeds, limits);
        journal.record(
                new Fact.SessionCreated(
                        new AgentSnapshot(
                                "agent_1",
                                null,
                                "scripted",
                                "Be brief.",
                                List.of(
                                        new AgentSnapshot.ToolSpec.Function("ask", null, null),
                                        AgentSnapshot.ToolSpec.Server.at("s", "test:s", null)),
                                settings()),
                        Map.of(),
                        "team",
                        "alice",
                        "key_1",
                        seeds.oneIn(3) ? HOSTED : SessionSettings.DEFAULT,
                        null));
        for (int step = 0; step < stepsMax; step++) {
            if (seeds.oneIn(3)) {
                journal.post();
            }
            journal.step();
        }
        return journal.facts;
    }

    private static JsonNode settings() {
        ObjectNode settings = JsonMapper.shared().createObjectNode();
        settings.putObject("multi_agent").put("enabled", true).put("max_concurrent_subagents", 3);
        return settings;
    }

    private Family family() {
        return Objects.requireNonNull(state.sessionIf()).family();
    }

    /** What comes from a subagent, whether or not it was told anything. */
    private Letter fromSubagent() {
        List<String> ids = new ArrayList<>(family().members().keySet());
        if (ids.isEmpty()) {
            return new Letter.Cancel();
        }
        String id = seeds.pick(ids);
        return switch (seeds.upTo(3)) {
            case 0 ->
                    new Letter.Question(
                            List.of(id),
                            new Fact.ApprovalAsked(
                                    name("turn_"),
                                    name("c_"),
                                    name("appr_"),
                                    "s",
                                    "change",
                                    "{}",
                                    "digest",
                                    "a policy asks",
                                    now + 50));
            case 1 ->
                    new Letter.Settled(
                            id,
                            family().asking().isEmpty()
                                    ? "appr_none"
                                    : seeds.pick(family().asking()).question().approvalId(),
                            Fact.Answer.APPROVED,
                            "bob");
            default -> {
                String turn = name("turn_");
                yield new Letter.Report(
                        id,
                        new Fact.Report(
                                turn,
                                "agm_" + turn,
                                seeds.pick(List.of(Fact.Ending.values())),
                                text("So it is."),
                                null,
                                family().find(id).orElseThrow().sent()));
            }
        };
    }

    private void coordinate(Call call, SubagentTool tool) {
        new Coordination(this::name, model -> true)
                .use((TurnState.Open) state, call, tool, now)
                .forEach(this::record);
    }

    private String arguments(String tool) {
        List<String> ids = new ArrayList<>(family().members().keySet());
        String id = ids.isEmpty() || seeds.oneIn(9) ? "sub_none" : seeds.pick(ids);
        ObjectNode json = JsonMapper.shared().createObjectNode().put("subagent_id", id);
        if (!seeds.oneIn(3)) {
            json.put("input", "Look.");
        }
        json.putArray("subagent_ids").add(id);
        if (seeds.oneIn(3)) {
            json.put("timeout_seconds", 1).put("wait_for", "any");
        }
        return tool.contains("subagent") ? json.toString() : "{}";
    }

    private void record(Fact fact) {
        facts.add(fact);
        state = Replay.next(state, fact);
        inbox.removeIf(letter -> letter.number() <= state.inputSeen());
    }

    private String name(String prefix) {
        return prefix + ++names;
    }

    private static List<Part> text(String text) {
        return List.of(new Part.Text(text, Extras.NONE));
    }

    private void post() {
        Letter letter =
                switch (seeds.upTo(8)) {
                    case 0 -> new Letter.Cancel();
                    case 6, 7, 8 -> fromSubagent();
                    case 1, 2 -> result();
                    case 3 -> seeds.oneIn(2) ? change() : approval();
                    default -> new Letter.Message(new Fact.UserItem(name("msg_"), text("Hello")));
                };
        inbox.add(new Letter.Numbered(++letters, letter));
    }

    private Letter change() {
        Configuration now = Objects.requireNonNull(state.sessionIf()).configuration();
        return new Letter.Change(now.with(Map.of("changed", name("yes_"))));
    }

    private Letter result() {
        String callId = "c_none";
        String turnId = "turn_none";
        if (state instanceof TurnState.Working working) {
            callId = seeds.pick(working.calls()).callId();
            turnId = working.turn().id();
        }
        return new Letter.Result(turnId, callId, name("fco_"), text("42"), seeds.oneIn(3), null);
    }

    private void step() {
        now += seeds.upTo(seeds.oneIn(5) ? 2_000 : 9);
        switch (decision.next(state, inbox, now)) {
            case Action.Rest rest -> {}
            case Action.Take take -> record(Taking.letter(state, take.letter(), name("turn_")));
            case Action.CallModel call -> model(call);
            case Action.PrepareEnvironment prepare -> place(prepare.environmentId());
            case Action.LoseCall lost ->
                    record(
                            new Fact.ModelCallFailed(
                                    lost.turnId(),
                                    lost.step(),
                                    lost.attempt(),
                                    lost.failure(),
                                    lost.willRetry()));
            case Action.UseTools use -> {
                List<Call> allowed = new ArrayList<>();
                for (Call call : use.calls()) {
                    if (call.progress() == Call.Progress.ASKED && seeds.oneIn(4)) {
                        ask(use.turnId(), call);
                        continue;
                    }
                    SubagentTool tool = SubagentTool.of(call.name()).orElse(null);
                    record(
                            new Fact.ToolStarted(
                                    use.turnId(),
                                    call.callId(),
                                    call.itemId(),
                                    tool == null ? "s" : SubagentTool.LABEL,
                                    call.name(),
                                    call.arguments(),
                                    "key"));
                    if (tool == null) {
                        allowed.add(call);
                    } else {
                        coordinate(call, tool);
                    }
                }
                allowed.forEach(call -> tool(use.turnId(), call));
            }
            case Action.EndWaits over ->
                    Taking.waited((TurnState.Open) state, over.calls()).forEach(this::record);
            case Action.Lapse lapse -> lapse.calls().forEach(call -> lapse(lapse.turnId(), call));
            case Action.RecoverTools recover ->
                    recover.calls().forEach(call -> tool(recover.turnId(), call));
            case Action.AwaitResults await ->
                    record(new Fact.ResultsAwaited(await.turnId(), await.callIds()));
            case Action.Finish finish -> end(new Fact.TurnCompleted(finish.turnId(), used()));
            case Action.Fail fail ->
                    end(new Fact.TurnFailed(fail.turnId(), fail.code(), fail.message(), used()));
            case Action.Cancel cancel -> end(new Fact.TurnCancelled(cancel.turnId(), used()));
        }
    }

    private void place(String environmentId) {
        switch (seeds.upTo(4)) {
            case 0 -> record(new Fact.EnvironmentReset(environmentId, 1));
            case 1 ->
                    record(
                            new Fact.EnvironmentChanged(
                                    environmentId, EnvironmentStatus.FAILED, "bad", "It failed."));
            default ->
                    record(
                            new Fact.EnvironmentChanged(
                                    environmentId, EnvironmentStatus.CONNECTED, null, null));
        }
    }

    private void ask(String turnId, Call call) {
        record(
                new Fact.ApprovalAsked(
                        turnId,
                        call.callId(),
                        name("appr_"),
                        "s",
                        call.name(),
                        call.arguments(),
                        "digest",
                        "a policy asks",
                        now + seeds.upTo(50)));
    }

    private void lapse(String turnId, Call call) {
        String id = Objects.requireNonNull(call.held()).approvalId();
        record(
                new Fact.ApprovalAnswered(
                        turnId,
                        call.callId(),
                        id,
                        Fact.Answer.LAPSED,
                        "",
                        null,
                        false,
                        state.inputSeen()));
    }

    private Letter approval() {
        String id = "appr_none";
        if (state instanceof TurnState.Working working) {
            for (Call call : working.calls(true, Call.Progress.HELD)) {
                id = Objects.requireNonNull(call.held()).approvalId();
            }
        }
        return new Letter.Approval(id, seeds.oneIn(2), "bob", null, seeds.oneIn(2));
    }

    private Usage used() {
        return ((TurnState.Open) state).turn().usage();
    }

    private void end(Fact terminal) {
        Taking.end((TurnState.Open) state, terminal).forEach(this::record);
    }

    private void model(Action.CallModel call) {
        record(new Fact.ModelCallStarted(call.turnId(), call.step(), call.attempt(), name("ord_")));
        switch (seeds.upTo(6)) {
            case 0 -> {} // Its owner died.
            case 1 -> {
                Failure failure = Failure.of(Failure.Cause.UNREACHABLE, "gone");
                record(
                        new Fact.ModelCallFailed(
                                call.turnId(),
                                call.step(),
                                call.attempt(),
                                failure,
                                limits.mayRetry(failure, call.tries())));
            }
            case 2, 3 -> answer(call, List.of(new Part.Text("Done.", Extras.NONE)));
            default -> {
                List<Part> calls = new ArrayList<>();
                for (int left = seeds.upTo(3); left >= 0; left--) {
                    String tool = seeds.pick(TOOLS);
                    calls.add(new Part.ToolCall(name("c_"), tool, arguments(tool), Extras.NONE));
                }
                answer(call, calls);
            }
        }
    }

    private void answer(Action.CallModel call, List<Part> parts) {
        record(
                new Fact.ModelAnswered(
                        call.turnId(),
                        call.step(),
                        call.attempt(),
                        parts.stream()
                                .map(part -> new Fact.AnswerItem(name("item_"), part))
                                .toList(),
                        seeds.oneIn(9) ? StopReason.LENGTH : StopReason.END,
                        new Usage(Map.of(Usage.Meter.OUTPUT, 3L), false),
                        name("rcpt_")));
    }

    private void tool(String turnId, Call call) {
        switch (seeds.upTo(4)) {
            case 0 -> {} // Its owner died.
            case 1 -> record(new Fact.ToolOutcomeUnknown(turnId, call.callId(), "died"));
            default ->
                    record(
                            new Fact.ToolReturned(
                                    turnId, call.callId(), text("seen"), seeds.oneIn(4), 1));
        }
    }
}
