package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.protocols.google.GoogleErrors;
import entrepot.protocols.json.Json;

/** Google's way to tell a failure. */
public final class GoogleShape implements ErrorShape {

    @Override
    public int status(Failure failure) {
        return GoogleErrors.status(failure);
    }

    @Override
    public byte[] body(Failure failure) {
        return Json.write(GoogleErrors.body(failure));
    }
}
