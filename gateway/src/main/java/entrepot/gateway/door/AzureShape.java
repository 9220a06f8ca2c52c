package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.protocols.azure.AzureErrors;

/** Azure's way to tell a failure. */
public final class AzureShape implements ErrorShape {

    @Override
    public int status(Failure failure) {
        return AzureErrors.status(failure);
    }

    @Override
    public byte[] body(Failure failure) {
        return AzureErrors.body(failure);
    }
}
