package entrepot.gateway.door;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Headers;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an endpoint answer, and tells whatever it throws in the call's dialect. */
public final class Answering {

    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

    private Answering() {}

    /**
     * Answers a call in any case.
     *
     * @param path of the route, for the log
     * @return what was thrown; null when all went well
     * @throws InterruptedException when the caller has left
     */
    public static @Nullable Failed answer(Call call, String path, Endpoint endpoint)
            throws InterruptedException {
        try {
            endpoint.answer(call);
            return null;
        } catch (Failed failed) {
            if (call.answered()) {
                LOG.warn(
                        "{} failed after its answer began: {}",
                        call.requestId(),
                        failed.failure().cause());
            } else {
                refuse(call, failed.failure());
            }
            return failed;
        } catch (RuntimeException broken) {
            LOG.error("{} {} broke", call.requestId(), path, broken);
            Failure failure =
                    Failure.of(
                            Failure.Cause.INTERNAL,
                            "The server made a mistake. Its log has it under request id "
                                    + call.requestId()
                                    + ".");
            if (!call.answered()) {
                refuse(call, failure);
            }
            return new Failed(failure, broken).afterWork();
        }
    }

    static void refuse(Call call, Failure failure) {
        ErrorShape errors = call.shape();
        Headers headers = headers(failure);
        for (Headers.Field field : errors.headers(failure).fields()) {
            headers = headers.plus(field.name(), field.value());
        }
        call.respond(errors.status(failure), headers, errors.body(failure));
    }

    /** 409s and refusals for good must not be tried again by SDKs that retry by status. */
    private static Headers headers(Failure failure) {
        Headers headers = Headers.of("content-type", "application/json");
        if (failure.cause() == Failure.Cause.UNAUTHENTICATED) {
            headers = headers.plus("www-authenticate", "Bearer");
        }
        if (failure.cause().retry() == Failure.Retry.NEVER) {
            headers = headers.plus("x-should-retry", "false");
        }
        if (failure.retryAfter() != null) {
            long millis = Math.max(0, failure.retryAfter().toMillis());
            headers =
                    headers.plus("retry-after", Long.toString((millis + 999) / 1000))
                            .plus("retry-after-ms", Long.toString(millis));
        }
        return headers;
    }
}
