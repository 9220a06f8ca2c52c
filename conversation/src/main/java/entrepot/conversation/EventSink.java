package entrepot.conversation;

/**
 * Takes the events of one answer in order. A call that blocks is back-pressure: the source waits.
 */
@FunctionalInterface
public interface EventSink {

    /**
     * @throws InterruptedException when whoever wanted the answer has left
     */
    void accept(Event event) throws InterruptedException;
}
