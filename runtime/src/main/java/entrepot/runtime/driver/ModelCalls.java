package entrepot.runtime.driver;

import entrepot.conversation.Extras;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.OutputFormat;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.ToolChoice;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Letter;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.tools.Toolbox;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Transcript;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/**
 * Buys model calls for turns. The intent is written before the call; text is stored before it is
 * shown; the answer is one fact.
 */
final class ModelCalls {

    /** How long the watchdog waits beyond the call's own deadline. */
    private static final long GRACE_MILLIS = 30_000;

    private static final long LOOK_MILLIS = 1_000;

    private final Market market;
    private final Ids ids;
    private final InstantSource clock;
    private final DriverSettings settings;

    ModelCalls(Market market, Ids ids, InstantSource clock, DriverSettings settings) {
        this.market = market;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    /**
     * @return whether the session is still ours to go on with
     */
    boolean call(Hand hand, Action.CallModel call, Toolbox toolbox, Bell bell)
            throws InterruptedException {
        String orderId = ids.next("ord_");
        hand.record(new Fact.ModelCallStarted(call.turnId(), call.step(), call.attempt(), orderId));
        hand.commit(settings.modelCallMillisMax() + 2 * GRACE_MILLIS);
        Collector collector =
                new Collector(ids, bell, settings.pieceBytes(), settings.limits().answerBytesMax());
        Order order = order(hand, call, toolbox, orderId);
        Task<Receipt> task = Task.start("model", bell, () -> market.buy(order, collector));
        try {
            Task.End<Receipt> end = await(hand, call, collector, task, bell);
            if (end == null) {
                return true; // A cancel: the next decision closes the call.
            }
            hand.show(collector.take(call.turnId(), call.step(), call.attempt()));
            return conclude(hand, call, collector, end);
        } finally {
            task.interrupt();
        }
    }

    /**
     * @return how the call ended; null when a letter asks to cancel
     */
    private Task.@Nullable End<Receipt> await(
            Hand hand, Action.CallModel call, Collector collector, Task<Receipt> task, Bell bell)
            throws InterruptedException {
        long giveUpMillis = clock.millis() + settings.modelCallMillisMax() + GRACE_MILLIS;
        boolean shown = false;
        while (true) {
            if (asksToCancel(hand, bell)) {
                return null;
            }
            Task.End<Receipt> end = task.end();
            if (end != null) {
                return end;
            }
            if (clock.millis() > giveUpMillis) {
                return new Task.End<>(null, new Failed(timedOut()));
            }
            boolean waiting = collector.isWaiting();
            if ((waiting && !shown) || collector.isPieceFull()) {
                hand.show(collector.take(call.turnId(), call.step(), call.attempt()));
                shown = true;
                continue;
            }
            bell.await(waiting ? settings.pieceMillis() : LOOK_MILLIS);
            if (waiting && task.end() == null) {
                hand.show(collector.take(call.turnId(), call.step(), call.attempt()));
            }
        }
    }

    static boolean asksToCancel(Hand hand, Bell bell) {
        if (bell.takeLetterCame()) {
            hand.readLetters();
        }
        return hand.letters().stream().anyMatch(letter -> letter.letter() instanceof Letter.Cancel);
    }

    private Failure timedOut() {
        return Failure.of(
                Failure.Cause.TIMED_OUT,
                "The model gave no answer in " + settings.modelCallMillisMax() / 1000 + " s.");
    }

    private boolean conclude(
            Hand hand, Action.CallModel call, Collector collector, Task.End<Receipt> end) {
        Receipt receipt = end.value();
        Failure failure = receipt == null ? failure(collector, end) : collector.failure();
        if (failure == null && receipt != null) {
            hand.record(
                    collector.answered(
                            call.turnId(),
                            call.step(),
                            call.attempt(),
                            callIds(hand),
                            receipt.id()));
            return true;
        }
        Failure why = failure == null ? timedOut() : failure;
        boolean willRetry = settings.limits().mayRetry(why, call.tries());
        hand.record(
                new Fact.ModelCallFailed(
                        call.turnId(), call.step(), call.attempt(), why, willRetry));
        if (willRetry) {
            // The pause is a date in the session's row, not a thread that sleeps.
            hand.release(pauseMillis(why, call.tries()));
        }
        return !willRetry;
    }

    private static Set<String> callIds(Hand hand) {
        return hand.state() instanceof TurnState.Open open ? open.turn().callIds() : Set.of();
    }

    private static Failure failure(Collector collector, Task.End<Receipt> end) {
        Failure own = collector.ownFailure();
        if (own != null) {
            return own;
        }
        if (end.failure() instanceof Failed failed) {
            return failed.failure();
        }
        return Failure.of(
                Failure.Cause.INTERNAL,
                "The model call ended without an answer: "
                        + (end.failure() == null
                                ? "no reason given"
                                : end.failure().getClass().getSimpleName()));
    }

    private long pauseMillis(Failure failure, int tries) {
        long pause = settings.retryMillis() << Math.min(16, tries - 1);
        long asked = failure.retryAfter() == null ? 0 : failure.retryAfter().toMillis();
        return Math.min(settings.retryMillisMax(), Math.max(pause, asked));
    }

    private Order order(Hand hand, Action.CallModel call, Toolbox toolbox, String orderId) {
        TurnState.Session session = ((TurnState.Open) hand.state()).session();
        List<Fact> facts = List.copyOf(hand.facts());
        return new Order(
                orderId,
                SubagentCalls.caller(hand.key().tenant(), session),
                session.agent().model(),
                Order.ApiKind.STATEFUL,
                Order.AGENTS,
                clock.instant().plusMillis(settings.modelCallMillisMax()),
                () -> request(session, facts, toolbox),
                null,
                work(hand.key().id(), session.parent(), call).with(budget(session)),
                Order.Losses.REPORT);
    }

    static Order.Work work(String sessionId, Fact.@Nullable Parent parent, Action.CallModel call) {
        String rootId = parent == null ? sessionId : parent.rootId();
        return new Order.Work(sessionId, rootId, call.turnId(), call.attempt());
    }

    /** A subagent knows that there is one; how large it is now, its root knows. */
    private static Order.@Nullable Budget budget(TurnState.Session session) {
        Long cents = session.configuration().settings().spendCentsMax();
        if (session.parent() != null) {
            return cents == null ? null : new Order.Budget(true, null);
        }
        if (cents == null) {
            return session.changed() ? new Order.Budget(false, null) : null;
        }
        return new Order.Budget(true, SpendControl.amount(cents));
    }

    private static Request request(TurnState.Session session, List<Fact> facts, Toolbox toolbox) {
        JsonNode settings = session.agent().settings();
        JsonNode effort = settings.path("reasoning").path("effort");
        return new Request(
                session.agent().model(),
                Transcript.of(facts),
                toolbox.tools(),
                ToolChoice.AUTO,
                Sampling.DEFAULT.withReasoningEffort(effort.isString() ? effort.asString() : null),
                format(settings.path("text").path("format")),
                true,
                Extras.NONE);
    }

    private static OutputFormat format(JsonNode format) {
        return format.path("type").asString("text").equals("json_schema")
                ? new OutputFormat.JsonSchema(
                        format.path("name").asString("answer"), null, format.get("schema"), null)
                : OutputFormat.TEXT;
    }
}
