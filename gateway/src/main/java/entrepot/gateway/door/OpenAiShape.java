package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.protocols.openai.OpenAiErrors;

/** OpenAI's way to tell a failure, for the storefronts and for whatever no route has claimed. */
public final class OpenAiShape implements ErrorShape {

    @Override
    public int status(Failure failure) {
        return OpenAiErrors.write(failure).status();
    }

    @Override
    public byte[] body(Failure failure) {
        return OpenAiErrors.write(failure).body();
    }
}
