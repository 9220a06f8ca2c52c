package entrepot.gateway.responses;

import entrepot.gateway.door.Call;
import entrepot.gateway.storefronts.DealHeaders;
import entrepot.http.BodyWriter;
import entrepot.http.Headers;
import entrepot.market.Deal;
import entrepot.runtime.responses.StoredEvent;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** Tells a response as server-sent events; nothing is said before there is something to tell. */
final class SseTelling implements Telling, AutoCloseable {

    static final String TYPE = "text/event-stream; charset=utf-8";

    private final Call call;
    private @Nullable BodyWriter body;
    private boolean whole;

    SseTelling(Call call) {
        this.call = call;
    }

    @Override
    public void tell(@Nullable Deal deal, List<StoredEvent> events) throws InterruptedException {
        if (events.isEmpty()) {
            return;
        }
        if (body == null) {
            body = call.open(200, deal == null ? headers() : DealHeaders.stream(deal, TYPE));
        }
        body.write(EventFrames.of(events));
    }

    static Headers headers() {
        return Headers.of(
                "content-type",
                TYPE,
                "cache-control",
                "no-cache, no-transform",
                "x-accel-buffering",
                "no");
    }

    /** Says that the last event was told. */
    void finish() {
        whole = true;
    }

    /** A stream that was not told to its end is broken off, so that nobody takes it for whole. */
    @Override
    public void close() {
        if (body != null) {
            if (whole) {
                body.close();
            } else {
                body.abort();
            }
        }
    }
}
