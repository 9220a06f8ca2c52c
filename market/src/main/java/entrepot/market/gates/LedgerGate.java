package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.ledger.Ledger;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Takes no more orders than can be accounted for. A ledger that cannot be written keeps receipts
 * and tries again; when too many have gathered, no call may be made that would leave none.
 */
public record LedgerGate(Ledger ledger) implements Gate {

    private static final Verdict YES = new Verdict("ledger", true, "the ledger keeps up");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @Override
    public Verdict yes() {
        return YES;
    }

    @Override
    public @Nullable Failure enter(Order order) {
        if (ledger.keepsUp()) {
            return null;
        }
        return new Failure(
                Cause.UNAVAILABLE,
                "the ledger cannot be written and has no room for more receipts: look at the"
                        + " database (the health page says what it answers)",
                null,
                "ledger_behind",
                null,
                null,
                RETRY_AFTER);
    }

    @Override
    public @Nullable Failure look(Order order) {
        return enter(order); // which takes nothing
    }

    @Override
    public void leave(Order order) {}
}
