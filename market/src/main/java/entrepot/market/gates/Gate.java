package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;

import org.jspecify.annotations.Nullable;

/** One thing that may stand against an order. */
public interface Gate {

    /** What this gate says of an order that it lets through. */
    Verdict yes();

    /**
     * Decides, and takes whatever the order needs of this gate while it is under way.
     *
     * @return null when the order may pass; else why not, and what would change it
     */
    @Nullable Failure enter(Order order);

    /**
     * What {@link #enter} would answer now; takes nothing.
     *
     * @return null when the order could pass
     */
    @Nullable Failure look(Order order);

    /** Gives back what {@link #enter} took. Called once for every order that it let through. */
    void leave(Order order);
}
