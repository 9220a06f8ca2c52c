package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.http.Headers;
import entrepot.protocols.bedrock.BedrockErrors;

/** Amazon's way to tell a failure: its name stands in a header. */
public final class BedrockShape implements ErrorShape {

    @Override
    public int status(Failure failure) {
        return BedrockErrors.write(failure).status();
    }

    @Override
    public Headers headers(Failure failure) {
        String type = BedrockErrors.write(failure).headers().get("x-amzn-errortype");
        return type == null ? Headers.NONE : Headers.of("x-amzn-errortype", type);
    }

    @Override
    public byte[] body(Failure failure) {
        return BedrockErrors.write(failure).body();
    }
}
