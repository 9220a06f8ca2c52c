package entrepot.market.idempotency;

import entrepot.http.Headers;

import java.util.Objects;

/**
 * What a call was answered.
 *
 * @param headers without those that each answer has of its own, such as its request id
 * @param streamed whether it came in pieces
 * @param broken whether it broke off at its end
 */
public record KeptAnswer(
        int status, Headers headers, boolean streamed, boolean broken, byte[] body) {

    public KeptAnswer {
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(body, "body");
    }
}
