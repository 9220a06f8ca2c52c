package entrepot.market.supply;

import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;
import entrepot.market.supply.framing.Deframer;
import entrepot.protocols.Frame;
import entrepot.protocols.StopCut;
import entrepot.protocols.StreamReader;

import java.util.ArrayList;
import java.util.List;

/** Reads a stream of a supplier's dialect and tells it as events. */
final class StreamEvents {

    private StreamEvents() {}

    /**
     * Reads until the dialect says that nothing more comes, whether or not the connection is closed
     * then.
     *
     * @param stops where the answer is cut
     */
    static void read(Attempt attempt, Endpoint endpoint, List<String> stops, Incoming stream)
            throws CallFailed, InterruptedException {
        if (Bodies.packing(stream) != null) {
            throw Bodies.failed("The supplier packs its stream, although it was asked not to.");
        }
        var sink = new CounterSink(attempt);
        try {
            EventSink cutting = StopCut.before(sink, stops);
            read(stream, endpoint.deframer(), endpoint.dialect().reader(cutting));
            sink.end();
        } catch (CallFailed e) {
            if (!attempt.tally().isOpened()) {
                throw e;
            }
            sink.fail(
                    Failure.of(
                            Bodies.cause(e),
                            attempt.deal().supplier() + " broke off its answer before the end"));
        } catch (Failed e) {
            sink.fail(e.failure());
        }
    }

    private static void read(Incoming stream, Deframer deframer, StreamReader reader)
            throws CallFailed, InterruptedException {
        List<Frame> frames = new ArrayList<>();
        while (!reader.done()) {
            byte[] chunk = stream.next();
            if (chunk == null) {
                deframer.end(frames::add);
            } else {
                deframer.push(chunk, frames::add);
            }
            for (Frame frame : frames) {
                reader.frame(frame);
            }
            frames.clear();
            if (chunk == null) {
                reader.end();
                return;
            }
        }
    }
}
