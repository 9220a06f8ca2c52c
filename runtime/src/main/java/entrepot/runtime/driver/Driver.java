package entrepot.runtime.driver;

import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.environments.Workplaces;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.journal.Hints;
import entrepot.runtime.journal.Inbox;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.Pieces;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.spend.SpendControl;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.Toolbox;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Decision;
import entrepot.runtime.turn.Taking;
import entrepot.runtime.turn.TurnError;
import entrepot.runtime.turn.TurnState;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.InstantSource;
import java.util.List;

/**
 * Drives sessions: fold, decide, record, act, until there is nothing to do. Stateless between
 * drives: everything it knows of a session comes from the journal, so any node can go on.
 */
public final class Driver {

    private static final Logger LOG = LoggerFactory.getLogger(Driver.class);

    /** The longest a step without an outside effect may take before the watchdog steps in. */
    static final long STEP_MILLIS_MAX = 60_000;

    private static final long BACKOFF_MILLIS_MAX = 30_000;

    private final Journal journal;
    private final Inbox inbox;
    private final Pieces pieces;
    private final Hints hints;
    private final SpendControl spending;
    private final ToolServers servers;
    private final Ids ids;
    private final InstantSource clock;
    private final DriverSettings settings;
    private final Decision decision;
    private final ModelCalls modelCalls;
    private final ToolCalls toolCalls;
    private final Places places;

    public Driver(
            Tables tables,
            Market market,
            Tools tools,
            Ids ids,
            InstantSource clock,
            DriverSettings settings) {
        this.journal = tables.journal();
        this.inbox = tables.inbox();
        this.pieces = tables.pieces();
        this.hints = tables.hints();
        this.spending = tables.spending();
        this.servers = tools.servers();
        this.ids = ids;
        this.settings = settings;
        this.decision = new Decision(settings.limits());
        this.modelCalls = new ModelCalls(market, ids, clock, settings);
        this.clock = clock;
        this.places = new Places(tools.workplaces());
        this.toolCalls =
                new ToolCalls(
                        new Approvals(tools.policy(), ids, clock, settings),
                        new SubagentCalls(market, ids, clock),
                        clock,
                        settings);
    }

    /** Where tools are found, who says which may be used, and where commands run. */
    public record Tools(ToolServers servers, ToolPolicy policy, Workplaces workplaces) {

        /** Without environments. */
        public Tools(ToolServers servers, ToolPolicy policy) {
            this(servers, policy, Workplaces.NONE);
        }
    }

    /** What a driver reads and writes. */
    public record Tables(
            Journal journal, Inbox inbox, Pieces pieces, Hints hints, SpendControl spending) {

        /** Where no budgets of sessions are kept. */
        public Tables(Journal journal, Inbox inbox, Pieces pieces, Hints hints) {
            this(journal, inbox, pieces, hints, SpendControl.NONE);
        }
    }

    /**
     * Drives a session until it rests, is given up or belongs to somebody else. Whatever goes
     * wrong, the session does not stay owned.
     */
    public void drive(Claim claim, Bell bell) {
        boolean leftInOrder = false;
        try {
            Hand hand = new Hand(journal, inbox, pieces, hints, claim);
            hand.load(claim.head());
            if (claim.attempts() > settings.claimsMax()) {
                quarantine(hand);
            }
            run(hand, bell);
            leftInOrder = true;
        } catch (Fenced fenced) {
            leftInOrder = true;
            LOG.debug("session {} has another owner", claim.key().id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("session {} could not be driven on; it is tried again", claim.key().id(), e);
        } finally {
            if (!leftInOrder) {
                giveUp(claim);
            }
        }
    }

    private void giveUp(Claim claim) {
        try {
            journal.release(claim.key(), claim.epoch(), backoffMillis(claim.attempts()));
        } catch (RuntimeException e) {
            LOG.warn("session {} could not be released; the watchdog will", claim.key().id(), e);
        }
    }

    private static long backoffMillis(long attempts) {
        return Math.min(BACKOFF_MILLIS_MAX, 250L << Math.min(10, Math.max(0, attempts - 1)));
    }

    /** A turn that takes its owner down, time and again, ends here. */
    private void quarantine(Hand hand) {
        if (hand.state() instanceof TurnState.Open open) {
            String message =
                    "The turn was given up: "
                            + settings.claimsMax()
                            + " owners in a row could not take a step in it.";
            end(
                    hand,
                    open,
                    new Fact.TurnFailed(
                            open.turn().id(), TurnError.INTERNAL, message, open.turn().usage()));
        }
    }

    private void run(Hand hand, Bell bell) throws InterruptedException {
        if (hand.state().sessionIf() == null) {
            throw new IllegalStateException("Session " + hand.key().id() + " has no beginning");
        }
        Opening opening = new Opening(servers, hand, bell);
        boolean goOn = true;
        while (goOn) {
            goOn = step(hand, opening, bell);
        }
    }

    private boolean step(Hand hand, Opening opening, Bell bell) throws InterruptedException {
        return switch (decision.next(hand.state(), hand.letters(), clock.millis())) {
            case Action.Rest rest -> !hand.park(wakeMillis(rest), STEP_MILLIS_MAX);
            case Action.Take take -> {
                hand.record(Taking.letter(hand.state(), take.letter(), ids.next("turn_")));
                yield true;
            }
            case Action.CallModel call ->
                    !stopped(hand, bell) && callModel(hand, call, opening, bell);
            case Action.PrepareEnvironment prepare -> {
                places.prepare(hand, prepare, bell);
                yield !stopped(hand, bell);
            }
            case Action.LoseCall lost -> {
                hand.record(
                        new Fact.ModelCallFailed(
                                lost.turnId(),
                                lost.step(),
                                lost.attempt(),
                                lost.failure(),
                                lost.willRetry()));
                yield true;
            }
            case Action.UseTools use -> !stopped(hand, bell) && useTools(hand, use, opening, bell);
            case Action.RecoverTools recover ->
                    !stopped(hand, bell) && recover(hand, recover, opening, bell);
            case Action.EndWaits over -> {
                Taking.waited(open(hand), over.calls()).forEach(hand::record);
                yield true;
            }
            case Action.Lapse lapse -> {
                Approvals.lapse(hand, lapse);
                yield true;
            }
            case Action.AwaitResults await -> {
                hand.record(new Fact.ResultsAwaited(await.turnId(), await.callIds()));
                yield true;
            }
            case Action.Finish finish -> {
                TurnState.Open open = open(hand);
                end(hand, open, new Fact.TurnCompleted(finish.turnId(), open.turn().usage()));
                yield true;
            }
            case Action.Fail fail -> {
                TurnState.Open open = open(hand);
                end(
                        hand,
                        open,
                        new Fact.TurnFailed(
                                fail.turnId(), fail.code(), fail.message(), open.turn().usage()));
                yield true;
            }
            case Action.Cancel cancel -> {
                TurnState.Open open = open(hand);
                end(hand, open, new Fact.TurnCancelled(cancel.turnId(), open.turn().usage()));
                yield true;
            }
        };
    }

    private @Nullable Long wakeMillis(Action.Rest rest) {
        Long until = rest.untilMillis();
        return until == null ? null : (Long) Math.max(0, until - clock.millis());
    }

    /**
     * @return whether the session is still ours to go on with
     */
    private boolean callModel(Hand hand, Action.CallModel call, Opening opening, Bell bell)
            throws InterruptedException {
        if (!places.isThere(hand)) {
            return true; // The next decision sees to it.
        }
        Toolbox toolbox = opening.anew();
        if (toolbox == null) {
            return true; // A cancel: the next decision ends the turn.
        }
        String refusal = Opening.refusal(toolbox);
        if (refusal != null) {
            return fail(hand, TurnError.TOOL_SERVER, refusal);
        }
        String unkept = budget(hand.key(), open(hand).session());
        return unkept == null
                ? modelCalls.call(hand, call, toolbox, bell)
                : fail(hand, TurnError.SESSION_BUDGET, unkept);
    }

    private static boolean fail(Hand hand, String code, String why) {
        TurnState.Open open = open(hand);
        end(hand, open, new Fact.TurnFailed(open.turn().id(), code, why, open.turn().usage()));
        return true;
    }

    /** Has the tree's budget be what its root is told. Returns why it cannot be. */
    private @Nullable String budget(SessionKey key, TurnState.Session session) {
        Long cents = session.configuration().settings().spendCentsMax();
        boolean root = session.parent() == null;
        return root && (cents != null || session.changed())
                ? spending.keep(key.tenant(), key.id(), cents)
                : null;
    }

    private boolean useTools(Hand hand, Action.UseTools use, Opening opening, Bell bell)
            throws InterruptedException {
        Toolbox toolbox = opening.latest();
        if (toolbox != null) {
            toolCalls.use(hand, use, toolbox, bell);
        }
        return true;
    }

    private boolean recover(Hand hand, Action.RecoverTools recover, Opening opening, Bell bell)
            throws InterruptedException {
        Toolbox toolbox = opening.latest();
        if (toolbox != null) {
            toolCalls.recover(hand, recover, toolbox, bell);
        }
        return true;
    }

    /** Before anything with an effect outside: whoever was told to stop starts nothing new. */
    private static boolean stopped(Hand hand, Bell bell) {
        if (bell.stopAsked()) {
            hand.release(0);
            return true;
        }
        return false;
    }

    private static TurnState.Open open(Hand hand) {
        return switch (hand.state()) {
            case TurnState.Open open -> open;
            case TurnState.Nothing nothing -> throw new IllegalStateException("no session");
            case TurnState.Idle idle -> throw new IllegalStateException("no open turn");
        };
    }

    private static void end(Hand hand, TurnState.Open open, Fact terminal) {
        List<Fact> facts = Taking.end(open, terminal);
        facts.forEach(hand::record);
    }
}
