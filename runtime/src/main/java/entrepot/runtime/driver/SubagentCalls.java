package entrepot.runtime.driver;

import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.runtime.subagents.SubagentTool;
import entrepot.runtime.turn.Call;
import entrepot.runtime.turn.Coordination;
import entrepot.runtime.turn.TurnState;

import java.time.InstantSource;
import java.util.Set;

/** A coordinator's use of its tools. Nothing outside is touched before the facts are written. */
final class SubagentCalls {

    private final Market market;
    private final Ids ids;
    private final InstantSource clock;

    SubagentCalls(Market market, Ids ids, InstantSource clock) {
        this.market = market;
        this.ids = ids;
        this.clock = clock;
    }

    void use(Hand hand, Call call, SubagentTool tool) {
        if (hand.state() instanceof TurnState.Open open) {
            Caller caller = caller(hand.key().tenant(), open.session());
            new Coordination(
                            ids::next,
                            model ->
                                    market.models(caller).stream()
                                            .anyMatch(each -> each.id().equals(model)))
                    .use(open, call, tool, clock.millis())
                    .forEach(hand::record);
        }
    }

    /** Who a session's calls are made for. */
    static Caller caller(String tenant, TurnState.Session session) {
        return new Caller(
                tenant,
                session.team(),
                session.principal(),
                session.keyId(),
                Set.of(Caller.Scope.MODELS, Caller.Scope.AGENTS));
    }
}
