package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.http.Headers;

/** How one dialect tells a failure. */
public interface ErrorShape {

    /** The HTTP status, 400 to 599. */
    int status(Failure failure);

    /** Headers of the dialect's own, beside those that every refusal has. */
    default Headers headers(Failure failure) {
        return Headers.NONE;
    }

    /** The body, as JSON. */
    byte[] body(Failure failure);
}
