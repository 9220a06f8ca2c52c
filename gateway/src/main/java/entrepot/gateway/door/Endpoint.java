package entrepot.gateway.door;

/** Answers the calls of one route. */
@FunctionalInterface
public interface Endpoint {

    /**
     * Answers exactly once, or throws before anything was said.
     *
     * @throws entrepot.conversation.Failed to be told in the route's own dialect
     * @throws InterruptedException when the client has left
     */
    void answer(Call call) throws InterruptedException;
}
