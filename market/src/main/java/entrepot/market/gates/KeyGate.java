package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.identity.Caller.Scope;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;

import org.jspecify.annotations.Nullable;

/** Whether the key is good for what it is used for. Who holds it was settled at the door. */
public record KeyGate() implements Gate {

    private static final Verdict YES = new Verdict("key", true, "the key may do this");

    @Override
    public Verdict yes() {
        return YES;
    }

    @Override
    public @Nullable Failure enter(Order order) {
        Scope needed = order.work() == null ? Scope.MODELS : Scope.AGENTS;
        if (order.caller().may(needed)) {
            return null;
        }
        return new Failure(
                Cause.FORBIDDEN,
                "key "
                        + order.caller().keyId()
                        + " lacks the scope "
                        + needed
                        + ": use a key that has it (entrepot keys create)",
                null,
                "missing_scope",
                null,
                null,
                null);
    }

    @Override
    public @Nullable Failure look(Order order) {
        return enter(order); // which takes nothing
    }

    @Override
    public void leave(Order order) {}
}
