package entrepot.market.gates;

import entrepot.identity.Caller;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;

import org.jspecify.annotations.Nullable;

/**
 * One thing that may stand against filling an order by one offer. Judging changes nothing, so that
 * the same gate answers for an order and for a supposition.
 */
public interface OfferGate {

    /** Its name in verdicts, such as {@code contract}. */
    String name();

    /**
     * What it decides by now, such as {@code contracts 1f…}; empty when by nothing that changes.
     */
    default String version() {
        return "";
    }

    /**
     * Whether there is no rule that could concern any call: then orders do not ask, until there is
     * one. Answers from the snapshot in force, for every order.
     */
    default boolean idle() {
        return false;
    }

    /**
     * What {@link #judge} says where no rule concerns the call. Explanations tell it; an order's
     * receipt names only gates that had something to judge. Null when there always is something.
     */
    default @Nullable Verdict nothing() {
        return null;
    }

    /**
     * Decides. The verdict names the clause or policy that decided, and what would change a no.
     * Equal verdicts should be one object: each order asks for each of its offers.
     */
    Verdict judge(Question question);

    /** Takes note that an order, not a supposition, was judged so. */
    default void noted(Question question, Verdict verdict) {}

    /** Whether a caller is told that a model is there. */
    default boolean lists(Caller caller, Model model) {
        return true;
    }
}
