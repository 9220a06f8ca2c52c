package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.CallFailed;
import entrepot.http.Incoming;
import entrepot.market.supply.framing.Deframer;
import entrepot.protocols.Frame;
import entrepot.protocols.StopCut;
import entrepot.protocols.StreamReader;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Reads a stream of a supplier's dialect and tells it as events. */
final class StreamEvents {

    private final Attempt attempt;
    private final Incoming stream;
    private final Deframer deframer;
    private final CounterSink sink;
    private final StreamReader reader;

    /** What has come and was not read yet. */
    private final Deque<Frame> frames = new ArrayDeque<>();

    private StreamEvents(Attempt attempt, Endpoint endpoint, List<String> stops, Incoming stream) {
        this.attempt = attempt;
        this.stream = stream;
        this.deframer = endpoint.deframer();
        this.sink = new CounterSink(attempt);
        this.reader = endpoint.dialect().reader(StopCut.before(sink, stops));
    }

    /**
     * Reads until the dialect says that nothing more comes, whether or not the connection is closed
     * then.
     *
     * @param stops where the answer is cut
     */
    static void read(
            Attempt attempt, Endpoint endpoint, List<String> stops, Incoming stream, Drains drains)
            throws CallFailed, InterruptedException {
        if (Bodies.packing(stream) != null) {
            throw Bodies.failed("The supplier packs its stream, although it was asked not to.");
        }
        new StreamEvents(attempt, endpoint, stops, stream).run(drains);
    }

    private void run(Drains drains) throws CallFailed, InterruptedException {
        try {
            while (!reader.done()) {
                byte[] chunk = stream.next();
                take(chunk);
                if (chunk == null) {
                    break;
                }
            }
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
        } catch (InterruptedException left) {
            drain(drains);
            throw left;
        }
    }

    /** The caller has left: what still comes is only weighed. */
    private void drain(Drains drains) throws InterruptedException {
        sink.weighOnly();
        try {
            drains.drain(stream, this::take, reader::done);
        } catch (Failed broken) {
            // Nobody is there to be told.
        }
    }

    private void take(byte @Nullable [] chunk) throws InterruptedException {
        if (chunk == null) {
            deframer.end(frames::add);
        } else {
            deframer.push(chunk, frames::add);
        }
        while (!frames.isEmpty()) {
            reader.frame(frames.remove());
        }
        if (chunk == null) {
            reader.end();
        }
    }
}
