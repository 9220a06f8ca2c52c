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

    /** The shape for one call, where it depends on what was asked or on the call's id. */
    default ErrorShape of(Call call) {
        return this;
    }

    /**
     * Headers that every answer in this dialect carries, good or bad, beside {@code x-request-id}.
     * Most clients look for OpenAI's.
     */
    default Headers marks(Call call, long processingMillis) {
        return Headers.of(
                "openai-version",
                "2020-10-01",
                "openai-processing-ms",
                Long.toString(processingMillis));
    }
}
