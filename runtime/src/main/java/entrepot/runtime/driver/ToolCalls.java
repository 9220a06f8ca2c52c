package entrepot.runtime.driver;

import entrepot.conversation.Extras;
import entrepot.conversation.Part;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.subagents.SubagentTool;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.Toolbox;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.TurnState;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Runs tools of ours. All intents of one answer are written together before the first tool runs;
 * results are written as they come. What was recorded is never run again.
 */
final class ToolCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ToolCalls.class);
    private static final long GRACE_MILLIS = 30_000;
    private static final long LOOK_MILLIS = 1_000;

    /** A server that ends a use itself when its time is up, and says so, is let do that. */
    private static final long EXTRA_MILLIS = 10_000;

    private final Approvals approvals;
    private final SubagentCalls subagents;
    private final InstantSource clock;
    private final DriverSettings settings;

    ToolCalls(
            Approvals approvals,
            SubagentCalls subagents,
            InstantSource clock,
            DriverSettings settings) {
        this.approvals = approvals;
        this.subagents = subagents;
        this.clock = clock;
        this.settings = settings;
    }

    private record Running(
            Call call,
            Toolbox.Held tool,
            Task<ToolServer.Result> task,
            Live live,
            long startedMillis,
            long millisMax) {}

    void use(Hand hand, Action.UseTools use, Toolbox toolbox, Bell bell)
            throws InterruptedException {
        List<Call> allowed = new ArrayList<>();
        for (Call call : use.calls()) {
            Toolbox.Held tool = toolbox.find(call.name()).orElse(null);
            if (tool == null) {
                started(hand, use.turnId(), call, "", call.name());
                hand.record(unknownName(use.turnId(), call, toolbox));
                continue;
            }
            ToolPolicy.Judgement judgement = approvals.judge(hand, use.turnId(), call, tool);
            if (judgement.verdict() == ToolPolicy.Verdict.ASK) {
                continue;
            }
            started(hand, use.turnId(), call, tool.label(), tool.name());
            if (judgement.verdict() == ToolPolicy.Verdict.ALLOW && tool.server() != null) {
                allowed.add(call);
            } else if (judgement.verdict() == ToolPolicy.Verdict.ALLOW) {
                SubagentTool.of(tool.name()).ifPresent(each -> subagents.use(hand, call, each));
            } else {
                hand.record(denied(use.turnId(), call, judgement.reason()));
            }
        }
        run(hand, use.turnId(), allowed, toolbox, bell);
    }

    private static void started(Hand hand, String turnId, Call call, String server, String name) {
        hand.record(
                new Fact.ToolStarted(
                        turnId,
                        call.callId(),
                        call.itemId(),
                        server,
                        name,
                        call.arguments(),
                        key(hand.key(), turnId, call)));
    }

    private static Fact denied(String turnId, Call call, String reason) {
        return new Fact.ToolReturned(
                turnId,
                call.callId(),
                List.of(new Part.Text("This call was not made. " + reason, Extras.NONE)),
                true,
                0);
    }

    /** After a crash: what may run again does, under its old intent; the rest is said unknown. */
    void recover(Hand hand, Action.RecoverTools recover, Toolbox toolbox, Bell bell)
            throws InterruptedException {
        List<Call> again = new ArrayList<>();
        for (Call call : recover.calls()) {
            Optional<Toolbox.Held> tool = toolbox.find(call.name());
            if (tool.isPresent()
                    && tool.get().server() != null
                    && tool.get().effect() != ToolServer.Effect.ONCE) {
                again.add(call);
            } else {
                hand.record(
                        new Fact.ToolOutcomeUnknown(
                                recover.turnId(),
                                call.callId(),
                                "The process that ran it ended before the result was recorded."));
            }
        }
        run(hand, recover.turnId(), again, toolbox, bell);
    }

    private void run(Hand hand, String turnId, List<Call> calls, Toolbox toolbox, Bell bell)
            throws InterruptedException {
        if (calls.isEmpty()) {
            return;
        }
        long dueMillis = dueMillis(calls, toolbox);
        hand.commit(dueMillis);
        List<Running> running = new ArrayList<>();
        try {
            for (Call call : calls) {
                running.add(start(hand.key(), turnId, call, toolbox, bell));
            }
            while (!running.isEmpty() && !ModelCalls.asksToCancel(hand, bell)) {
                show(hand, turnId, running);
                gather(hand, turnId, running);
                if (!running.isEmpty()) {
                    // The last results wait for the next intent and are written with it.
                    hand.commit(dueMillis);
                    bell.await(LOOK_MILLIS);
                    if (running.stream().anyMatch(one -> one.live().isWaiting())) {
                        bell.await(settings.pieceMillis());
                    }
                }
            }
        } finally {
            running.forEach(each -> each.task().interrupt());
        }
    }

    private long dueMillis(List<Call> calls, Toolbox toolbox) {
        long longest =
                calls.stream()
                        .mapToLong(call -> millisMax(toolbox.find(call.name()).orElseThrow()))
                        .max()
                        .orElse(0);
        return longest + GRACE_MILLIS;
    }

    private long millisMax(Toolbox.Held tool) {
        ToolServer server = tool.server();
        long own = server == null ? 0 : server.useMillisMax();
        return own == 0
                ? settings.toolMillisMax()
                : Math.max(settings.toolMillisMax(), own + EXTRA_MILLIS);
    }

    private static void show(Hand hand, String turnId, List<Running> running) {
        int step = hand.state() instanceof TurnState.Open open ? open.turn().step() : 1;
        for (Running one : running) {
            hand.show(one.live().take(turnId, step, one.call().itemId()));
        }
    }

    private Running start(
            SessionKey session, String turnId, Call call, Toolbox toolbox, Bell bell) {
        Toolbox.Held tool = toolbox.find(call.name()).orElseThrow();
        ToolServer.Use use =
                new ToolServer.Use(
                        session.tenant(),
                        session.id(),
                        turnId,
                        call.callId(),
                        tool.name(),
                        call.arguments(),
                        key(session, turnId, call));
        ToolServer server = Objects.requireNonNull(tool.server(), "coordination needs no thread");
        Live live = new Live(bell);
        return new Running(
                call,
                tool,
                Task.start("tool", bell, () -> server.use(use, live)),
                live,
                clock.millis(),
                millisMax(tool));
    }

    private void gather(Hand hand, String turnId, List<Running> running) {
        for (Iterator<Running> each = running.iterator(); each.hasNext(); ) {
            Running one = each.next();
            long millis = clock.millis() - one.startedMillis();
            Task.End<ToolServer.Result> end = one.task().end();
            if (end != null) {
                show(hand, turnId, List.of(one));
                hand.record(returned(turnId, one, end, millis));
                each.remove();
            } else if (millis > one.millisMax()) {
                one.task().interrupt();
                hand.record(timedOut(turnId, one, millis));
                each.remove();
            }
        }
    }

    private static Fact returned(
            String turnId, Running one, Task.End<ToolServer.Result> end, long millis) {
        ToolServer.Result result = end.value();
        if (result == null) {
            LOG.warn("tool {} broke", one.tool().name(), end.failure());
            return new Fact.ToolReturned(
                    turnId,
                    one.call().callId(),
                    List.of(new Part.Text("The tool broke down.", Extras.NONE)),
                    true,
                    millis);
        }
        return new Fact.ToolReturned(
                turnId,
                one.call().callId(),
                result.output(),
                result.failed(),
                millis,
                result.exitCode());
    }

    private Fact timedOut(String turnId, Running one, long millis) {
        String why = "It had not ended after " + one.millisMax() / 1000 + " s.";
        return one.tool().effect() == ToolServer.Effect.READ
                ? new Fact.ToolReturned(
                        turnId,
                        one.call().callId(),
                        List.of(new Part.Text(why, Extras.NONE)),
                        true,
                        millis)
                : new Fact.ToolOutcomeUnknown(turnId, one.call().callId(), why);
    }

    private static Fact unknownName(String turnId, Call call, Toolbox toolbox) {
        StringBuilder why =
                new StringBuilder(
                        "There is no tool " + call.name() + ": use one of those offered.");
        for (Toolbox.Missing missing : toolbox.missing()) {
            why.append(" The tools of ")
                    .append(missing.label())
                    .append(" are not there now. ")
                    .append(missing.reason());
        }
        return new Fact.ToolReturned(
                turnId,
                call.callId(),
                List.of(new Part.Text(why.toString(), Extras.NONE)),
                true,
                0);
    }

    /** The same for each try of one call, and for no other call. */
    private static String key(SessionKey session, String turnId, Call call) {
        try {
            String name =
                    session.tenant() + "/" + session.id() + "/" + turnId + "/" + call.callId();
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }
}
