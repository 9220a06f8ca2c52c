package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** What comes in from suppliers, within limits. */
final class Bodies {

    static final String JSON = "application/json";
    static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;
    static final int ERROR_BYTES_MAX = 256 * 1024;

    private Bodies() {}

    /** A whole answer; unpacked where a supplier packs it although it was asked not to. */
    static byte[] answer(Incoming incoming) throws CallFailed, InterruptedException {
        byte[] body = incoming.all(ANSWER_BYTES_MAX);
        String packed = packing(incoming);
        if (packed != null) {
            body = unpacked(body, packed);
        }
        if (body.length == 0) {
            throw failed("The supplier's answer is empty.");
        }
        return body;
    }

    /** The content encoding; null when there is none to undo. */
    static @Nullable String packing(Incoming incoming) {
        String encoding = incoming.headers().get("content-encoding");
        return encoding == null || encoding.equalsIgnoreCase("identity")
                ? null
                : encoding.toLowerCase(Locale.ROOT);
    }

    static Cause cause(CallFailed e) {
        return switch (e.reason()) {
            case NOT_CONNECTED, BROKEN -> Cause.UNREACHABLE;
            case CONNECT_TIMEOUT, FIRST_BYTE_TIMEOUT, IDLE_TIMEOUT, TOTAL_TIMEOUT ->
                    Cause.TIMED_OUT;
            case TOO_LARGE, MALFORMED -> Cause.SUPPLIER_FAILED;
        };
    }

    static Failed failed(String message) {
        return new Failed(Failure.of(Cause.SUPPLIER_FAILED, message));
    }

    private static byte[] unpacked(byte[] body, String encoding) {
        if (!encoding.equals("gzip") && !encoding.equals("x-gzip")) {
            throw failed("The supplier packs its answer as " + encoding + ", unasked.");
        }
        try (var unpacking = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] whole = unpacking.readNBytes(ANSWER_BYTES_MAX + 1);
            if (whole.length > ANSWER_BYTES_MAX) {
                throw failed("The supplier's answer is over " + ANSWER_BYTES_MAX + " bytes.");
            }
            return whole;
        } catch (IOException e) {
            throw failed("The supplier's answer is said to be gzip and is not.");
        }
    }
}
