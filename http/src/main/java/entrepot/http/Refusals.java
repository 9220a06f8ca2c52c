package entrepot.http;

import java.nio.charset.StandardCharsets;

/**
 * Words what the server itself has to refuse, so that the owner of a path can answer in the form
 * that path's clients know. Called on the event loop: it must not block.
 */
@FunctionalInterface
public interface Refusals {

    /** {@code {"error":{"message","type","code","param":null}}} for every path. */
    Refusals PLAIN =
            refusal ->
                    """
                    {"error":{"message":"%s","type":"%s","code":"%s","param":null}}\
                    """
                            .formatted(
                                    refusal.message(),
                                    refusal.status() < 500
                                            ? "invalid_request_error"
                                            : "server_error",
                                    refusal.code())
                            .getBytes(StandardCharsets.UTF_8);

    /** The JSON body to send. */
    byte[] json(Refusal refusal);

    /**
     * Why no handler answers.
     *
     * @param path as sent; empty when the request line could not be read
     * @param code a fixed word such as {@code body_too_large}
     * @param message a sentence without quotes, backslashes or anything the client sent
     */
    record Refusal(int status, String path, String code, String message) {}
}
