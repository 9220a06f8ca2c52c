package entrepot.gateway.idempotency;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.idempotency.KeyedCall;

import java.time.Duration;

/** What is said to keyed calls that get no answer. */
final class Said {

    static final String HEADER = "Idempotency-Key";

    private static final Duration SOON = Duration.ofSeconds(1);

    private Said() {}

    static final String TOO_LARGE =
            "The call with this Idempotency-Key has been answered once, with more than is kept of"
                    + " an answer: it cannot be told again.";

    static final String UNHEARD =
            "The call with this Idempotency-Key was broken off because nobody listened to its"
                    + " answer any more: it cannot be told again.";

    static Failed length(int chars) {
        return new Failed(
                new Failure(
                        Cause.INVALID_REQUEST,
                        "An Idempotency-Key has 1 to "
                                + KeyedCall.KEY_CHARS_MAX
                                + " characters; this one has "
                                + chars
                                + ".",
                        HEADER,
                        "invalid_idempotency_key",
                        null,
                        null,
                        null));
    }

    static Failed taken() {
        return conflict(
                "idempotency_key_reused",
                "This Idempotency-Key was used with another request: use a new key for a new"
                        + " request, and the same body for the same one.");
    }

    static Failed tooLarge() {
        return spent(TOO_LARGE);
    }

    static Failed spent(String reason) {
        return conflict(
                "idempotency_key_spent",
                reason + " Use a new key to make the call anew, which is paid anew.");
    }

    private static Failed conflict(String code, String message) {
        return new Failed(new Failure(Cause.CONFLICT, message, HEADER, code, null, null, null));
    }

    /** Still run elsewhere when the patience of the one who waits was over. */
    static Failed busy() {
        return later("The call with this Idempotency-Key is still being answered: send it again.");
    }

    static Failed full() {
        return later("Too many calls with an Idempotency-Key are under way: send it again.");
    }

    static Failed stopping() {
        return later("The server is stopping: send the call again.");
    }

    private static Failed later(String message) {
        return new Failed(new Failure(Cause.UNAVAILABLE, message, null, null, null, null, SOON));
    }
}
