package entrepot.app.server;

import entrepot.market.policy.ToolGate;
import entrepot.market.policy.ToolRuling;
import entrepot.market.policy.ToolUse;
import entrepot.runtime.approvals.ToolPolicy;

import java.util.Locale;

/** The policies of tools, as the runtime asks for them. */
final class ToolPolicies implements ToolPolicy {

    private final ToolGate gate;

    ToolPolicies(ToolGate gate) {
        this.gate = gate;
    }

    @Override
    public Judgement judge(Use use) {
        ToolRuling ruling =
                gate.judge(
                        new ToolUse(
                                use.tenant(),
                                use.team(),
                                use.principal(),
                                use.server(),
                                use.tool(),
                                use.effect().name().toLowerCase(Locale.ROOT),
                                use.agentId(),
                                use.sessionId(),
                                use.arguments()));
        return switch (ruling.outcome()) {
            case ALLOW -> Judgement.ALLOWED;
            case ASK -> Judgement.ask(ruling.text());
            case DENY -> Judgement.deny(ruling.text());
        };
    }
}
