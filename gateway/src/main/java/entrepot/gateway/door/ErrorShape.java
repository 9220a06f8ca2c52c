package entrepot.gateway.door;

import entrepot.conversation.Failure;

/** How one dialect tells a failure. */
public interface ErrorShape {

    /** The HTTP status, 400 to 599. */
    int status(Failure failure);

    /** The body, as JSON. */
    byte[] body(Failure failure);
}
