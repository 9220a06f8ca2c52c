package entrepot.market.testing;

import entrepot.conversation.Event;
import entrepot.conversation.EventSink;
import entrepot.conversation.Part;
import entrepot.http.CallFailed;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps everything that is put on it, and holds the market to using it once. */
public final class CollectingCounter implements Counter {

    private final List<Event> events = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private @Nullable Deal deal;
    private int status;
    private int leaveAfterChunks = Integer.MAX_VALUE;
    private Exchange.@Nullable End end;

    /** Makes the caller leave after so many chunks or events. */
    public CollectingCounter leavingAfter(int chunks) {
        leaveAfterChunks = chunks;
        return this;
    }

    @Override
    public void whole(Deal deal, int status, String contentType, byte[] body) {
        once(deal);
        this.status = status;
        bytes.writeBytes(body);
    }

    @Override
    public Exchange.End relay(Deal deal, Incoming stream, Exchange.Filter filter)
            throws InterruptedException {
        once(deal);
        status = 200;
        end = relayed(stream, filter);
        return end;
    }

    private Exchange.End relayed(Incoming stream, Exchange.Filter filter)
            throws InterruptedException {
        try {
            for (int chunks = 0; ; chunks++) {
                if (chunks == leaveAfterChunks) {
                    stream.close();
                    return Exchange.End.CLIENT_LEFT;
                }
                byte[] chunk = stream.next();
                if (chunk == null) {
                    bytes.writeBytes(filter.end());
                    return Exchange.End.COMPLETE;
                }
                bytes.writeBytes(filter.chunk(chunk));
            }
        } catch (CallFailed e) {
            Exchange.End how =
                    switch (e.reason()) {
                        case IDLE_TIMEOUT, TOTAL_TIMEOUT, FIRST_BYTE_TIMEOUT ->
                                Exchange.End.TIMED_OUT;
                        default -> Exchange.End.UPSTREAM_BROKE;
                    };
            bytes.writeBytes(filter.broken(how));
            return how;
        }
    }

    @Override
    public EventSink open(Deal deal) {
        once(deal);
        return event -> {
            if (events.size() == leaveAfterChunks) {
                throw new InterruptedException("the caller has left");
            }
            events.add(event);
        };
    }

    private void once(Deal chosen) {
        if (deal != null) {
            throw new AssertionError("the counter was opened twice: " + deal + " and " + chosen);
        }
        deal = chosen;
    }

    /** The deal it was opened for; null when nothing was put on it. */
    public @Nullable Deal deal() {
        return deal;
    }

    public int status() {
        return status;
    }

    /** How a relay ended; null when there was none. */
    public Exchange.@Nullable End end() {
        return end;
    }

    public List<Event> events() {
        return List.copyOf(events);
    }

    /** The bytes that were put on it, as UTF-8. */
    public String body() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** The text of all finished text parts. */
    public String text() {
        var text = new StringBuilder();
        for (Event event : events) {
            if (event instanceof Event.PartFinished(_, Part.Text part)) {
                text.append(part.text());
            }
        }
        return text.toString();
    }
}
