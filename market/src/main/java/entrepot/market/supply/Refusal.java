package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.identity.Secret;
import entrepot.market.catalog.Supplier;
import entrepot.protocols.KeyMask;
import entrepot.protocols.Wire;
import entrepot.protocols.json.Json;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A supplier's answer that is none. What is the caller's own fault may go back in the supplier's
 * words; what is between us and the supplier never does, and no key ever shows.
 */
record Refusal(Supplier.Remote supplier, Wire wire, Attempt attempt) {

    /**
     * Passes the refusal on, or throws what it means.
     *
     * @param asIs whether the caller speaks the supplier's dialect
     */
    void take(boolean asIs, Incoming incoming) throws CallFailed, InterruptedException {
        attempt.tally().rejected();
        int status = incoming.status();
        byte[] body = incoming.all(Bodies.ERROR_BYTES_MAX);
        Headers headers = incoming.headers();
        Failure failure = masked(wire.refusal(status, headers::get, body));
        if (status / 100 == 3) {
            failure =
                    Failure.of(
                            Cause.SUPPLIER_FAILED,
                            "The supplier redirects (status "
                                    + status
                                    + "): put the final address into base_url.");
        }
        String type = headers.get("content-type");
        boolean json = type != null && type.toLowerCase(Locale.ROOT).startsWith(Bodies.JSON);
        if (!asIs || !json || !isObject(body) || !callersOwn(failure.cause(), status)) {
            throw new Failed(failure);
        }
        attempt.tally().broke(failure);
        attempt.counter().whole(attempt.deal(), status, Bodies.JSON, masked(body));
    }

    /** What is no object is no error of any dialect, whatever its content type says. */
    private static boolean isObject(byte[] body) {
        try {
            return Json.read(body, Cause.SUPPLIER_FAILED).isObject();
        } catch (Failed notJson) {
            return false;
        }
    }

    private static boolean callersOwn(Cause cause, int status) {
        boolean theirs =
                switch (cause) {
                    case INVALID_REQUEST, CONTEXT_TOO_LONG, CONTENT_FILTERED, TOO_LARGE -> true;
                    default -> false;
                };
        return theirs && (status == 400 || status == 404 || status == 413 || status == 422);
    }

    private byte[] masked(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String clean = masked(text);
        return clean.equals(text) ? body : clean.getBytes(StandardCharsets.UTF_8);
    }

    private Failure masked(Failure failure) {
        return new Failure(
                failure.cause(),
                masked(failure.message()),
                failure.param(),
                failure.code(),
                failure.supplierCode() == null ? null : masked(failure.supplierCode()),
                failure.supplierRequestId(),
                failure.retryAfter());
    }

    private String masked(String text) {
        Secret secret = attempt.credential().secret();
        String without = secret == null ? text : text.replace(secret.reveal(), "***");
        for (Headers.Field field : supplier.headers().fields()) {
            if (field.value().length() >= 8) {
                without = without.replace(field.value(), "***");
            }
        }
        return KeyMask.mask(without);
    }
}
