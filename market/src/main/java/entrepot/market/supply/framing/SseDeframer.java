package entrepot.market.supply.framing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.sse.EventTooLarge;
import entrepot.http.sse.SseEvent;
import entrepot.http.sse.SseParser;
import entrepot.protocols.Frame;

import java.util.function.Consumer;

/** Server-sent events. */
public final class SseDeframer implements Deframer {

    private static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private final SseParser parser = new SseParser(EVENT_BYTES_MAX);

    @Override
    public void push(byte[] chunk, Consumer<Frame> frames) {
        try {
            parser.push(chunk, event -> frames.accept(frame(event)));
        } catch (EventTooLarge e) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.SUPPLIER_FAILED,
                            "The supplier: " + e.getMessage() + "."));
        }
    }

    @Override
    public void end(Consumer<Frame> frames) {
        parser.end(event -> frames.accept(frame(event)));
    }

    private static Frame frame(SseEvent event) {
        return Frame.of(event.type().equals(SseEvent.MESSAGE) ? "" : event.type(), event.data());
    }
}
