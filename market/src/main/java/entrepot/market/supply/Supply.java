package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.protocols.Dialect;

import java.util.List;

/** How one kind of supplier is called. */
public sealed interface Supply permits BuiltIn, RemoteSupply {

    /**
     * Makes the call and puts the answer on the attempt's counter, telling its tally all the way.
     * What fails after the counter was opened is told to the counter and the tally, not thrown.
     *
     * @throws Failed when nothing is on the counter yet: another attempt may be made
     * @throws InterruptedException when the caller has left; the call has been let go
     */
    void deliver(Attempt attempt) throws InterruptedException;

    /** What it speaks in conversations, the preferred one first; empty when it has no wire. */
    List<Dialect> dialects();
}
