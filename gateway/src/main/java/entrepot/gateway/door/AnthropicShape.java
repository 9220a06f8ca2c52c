package entrepot.gateway.door;

import entrepot.conversation.Failure;
import entrepot.http.Headers;
import entrepot.protocols.anthropic.AnthropicErrors;

/** Anthropic's way to tell a failure; the body repeats the request's id. */
public record AnthropicShape(String requestId) implements ErrorShape {

    /** For a route; each call gets its own. */
    public AnthropicShape() {
        this("");
    }

    @Override
    public ErrorShape of(Call call) {
        return new AnthropicShape(call.requestId());
    }

    @Override
    public int status(Failure failure) {
        return AnthropicErrors.write(failure, requestId).status();
    }

    @Override
    public byte[] body(Failure failure) {
        return AnthropicErrors.write(failure, requestId).body();
    }

    @Override
    public Headers marks(Call call, long processingMillis) {
        return Headers.of("request-id", call.requestId());
    }
}
