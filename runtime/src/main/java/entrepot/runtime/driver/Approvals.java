package entrepot.runtime.driver;

import entrepot.identity.Ids;
import entrepot.runtime.approvals.CallDigest;
import entrepot.runtime.approvals.ToolPolicy;
import entrepot.runtime.facts.Fact;
import entrepot.runtime.facts.SessionSettings;
import entrepot.runtime.tools.Toolbox;
import entrepot.runtime.turn.Action;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.TurnState;

import java.time.InstantSource;

/**
 * Asks the policy before a tool is used. What needs somebody's word is recorded and waits; what was
 * approved is judged again, and must still be the very call that was approved.
 */
final class Approvals {

    private final ToolPolicy policy;
    private final Ids ids;
    private final InstantSource clock;
    private final DriverSettings settings;

    Approvals(ToolPolicy policy, Ids ids, InstantSource clock, DriverSettings settings) {
        this.policy = policy;
        this.ids = ids;
        this.clock = clock;
        this.settings = settings;
    }

    /** Judges a call; when it has to wait, the question is recorded. */
    ToolPolicy.Judgement judge(Hand hand, String turnId, Call call, Toolbox.Held tool) {
        TurnState.Session session = ((TurnState.Open) hand.state()).session();
        ToolPolicy.Use use =
                new ToolPolicy.Use(
                        hand.key().tenant(),
                        session.team(),
                        session.principal(),
                        hand.key().id(),
                        session.agent().id(),
                        tool.label(),
                        tool.name(),
                        call.arguments(),
                        tool.effect());
        ToolPolicy.Judgement judgement = policy.judge(use);
        return switch (judgement.verdict()) {
            case ALLOW, DENY -> judgement;
            case ASK -> {
                String digest = CallDigest.of(use, turnId, call.callId());
                if (isApproved(session, call, use, digest)) {
                    yield ToolPolicy.Judgement.ALLOWED;
                }
                if (call.progress() == Call.Progress.APPROVED) {
                    yield ToolPolicy.Judgement.deny(
                            "What was approved is not what would be done now.");
                }
                if (session.configuration()
                        .settings()
                        .review()
                        .equals(SessionSettings.AUTO_REVIEW)) {
                    yield ToolPolicy.Judgement.deny(
                            "Nobody reviews this session by hand. " + judgement.reason());
                }
                hand.record(
                        new Fact.ApprovalAsked(
                                turnId,
                                call.callId(),
                                ids.next("appr_"),
                                use.server(),
                                use.tool(),
                                use.arguments(),
                                digest,
                                judgement.reason(),
                                clock.millis() + settings.approvalMillisMax()));
                yield judgement;
            }
        };
    }

    private static boolean isApproved(
            TurnState.Session session, Call call, ToolPolicy.Use use, String digest) {
        Call.Held question = call.held();
        return session.approved().contains(use.server() + "/" + use.tool())
                || (call.progress() == Call.Progress.APPROVED
                        && question != null
                        && question.digest().equals(digest));
    }

    /** Questions that nobody has answered in time. */
    static void lapse(Hand hand, Action.Lapse lapse) {
        for (Call call : lapse.calls()) {
            Call.Held question = call.held();
            if (question != null) {
                hand.record(
                        new Fact.ApprovalAnswered(
                                lapse.turnId(),
                                call.callId(),
                                question.approvalId(),
                                Fact.Answer.LAPSED,
                                "",
                                null,
                                false,
                                hand.state().inputSeen()));
            }
        }
    }
}
