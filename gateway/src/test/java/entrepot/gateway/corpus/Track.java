package entrepot.gateway.corpus;

import entrepot.conversation.Request;
import entrepot.gateway.storefronts.Framing;
import entrepot.http.sse.SseEvent;
import entrepot.http.sse.SseParser;
import entrepot.protocols.Dialect;
import entrepot.protocols.Frame;
import entrepot.protocols.Voice;
import entrepot.testkit.Recording;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** How recordings of one dialect are played: as a client of ours, and as a supplier's double. */
interface Track {

    /** The files of its recordings. */
    List<String> files();

    /** How a recording is sent to us; null when it is not of this track. */
    @Nullable Call call(Recording recording);

    /** What of a recorded answer the client is shown: all, but for usage it did not ask for. */
    default byte[] shown(Recording recording) {
        return recording.answer();
    }

    /** Whether the client is not told the usage, because it did not ask. */
    default boolean hidesUsage(Recording recording) {
        return false;
    }

    /** The lines of a supplier of this dialect in a catalogue, such as {@code kind: …}. */
    List<String> supplier();

    /** The body that a client of ours sends for a recording: as recorded, where that can be. */
    default byte[] request(Recording recording) {
        return recording.request();
    }

    /** What such a supplier is sent when a recording is passed on, but for the wish for usage. */
    default byte[] sent(Recording recording) {
        return request(recording);
    }

    /** What suppliers of this dialect speak. */
    Dialect dialect();

    /** Reads what a supplier of this dialect was sent. */
    Request read(String path, byte[] body);

    /** Reads what a client of ours asks. */
    default Request asked(Call call, Recording recording) {
        return read(recording.path(), request(recording));
    }

    /** Takes a stream of this dialect apart. */
    default List<Frame> frames(byte[] stream) {
        var frames = new ArrayList<Frame>();
        var parser = new SseParser(64 * 1024 * 1024);
        Consumer<SseEvent> taker =
                event ->
                        frames.add(
                                Frame.of(
                                        event.type().equals(SseEvent.MESSAGE) ? "" : event.type(),
                                        event.data()));
        parser.push(stream, taker);
        parser.end(taker);
        return frames;
    }

    /** How a supplier of this dialect tells an answer. */
    Voice voice(boolean stream);

    Framing framing();

    /**
     * A recorded request as a client of ours sends it.
     *
     * @param path at our gateway
     * @param headers of the dialect, without credentials
     */
    record Call(String path, String model, boolean stream, Map<String, String> headers) {}
}
