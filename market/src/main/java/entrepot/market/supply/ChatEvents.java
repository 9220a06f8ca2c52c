package entrepot.market.supply;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;
import entrepot.http.sse.EventTooLarge;
import entrepot.http.sse.SseEvent;
import entrepot.http.sse.SseParser;
import entrepot.protocols.openai.chat.ChatStreamReader;

import java.util.ArrayList;
import java.util.List;

/** Reads a stream of chunks and tells it as events. */
final class ChatEvents {

    private static final int EVENT_BYTES_MAX = 32 * 1024 * 1024;

    private ChatEvents() {}

    /**
     * Reads until the dialect says that nothing more comes, whether or not the connection is closed
     * then.
     */
    static void read(Attempt attempt, Incoming stream) throws CallFailed, InterruptedException {
        if (Bodies.packing(stream) != null) {
            throw Bodies.failed("The supplier packs its stream, although it was asked not to.");
        }
        var sink = new CounterSink(attempt);
        var reader = new ChatStreamReader(sink);
        try {
            read(stream, reader);
            sink.end();
        } catch (CallFailed e) {
            if (!attempt.tally().isOpened()) {
                throw e;
            }
            sink.fail(
                    Failure.of(
                            Bodies.cause(e),
                            attempt.deal().supplier() + " broke off its answer before the end"));
        } catch (EventTooLarge e) {
            sink.fail(Failure.of(Cause.SUPPLIER_FAILED, "The supplier: " + e.getMessage() + "."));
        }
    }

    private static void read(Incoming stream, ChatStreamReader reader)
            throws CallFailed, InterruptedException {
        var parser = new SseParser(EVENT_BYTES_MAX);
        List<SseEvent> events = new ArrayList<>();
        while (!reader.done()) {
            byte[] chunk = stream.next();
            if (chunk == null) {
                parser.end(events::add);
            } else {
                parser.push(chunk, events::add);
            }
            for (SseEvent event : events) {
                reader.data(event.data());
            }
            events.clear();
            if (chunk == null) {
                reader.end();
            }
        }
    }
}
