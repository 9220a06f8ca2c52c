package entrepot.gateway.storefronts;

import entrepot.http.Exchange;
import entrepot.http.sse.SseWriter;
import entrepot.protocols.Frame;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** How the frames of a caller's stream are put on the wire. */
public interface Framing {

    /** Server-sent events. */
    Framing SSE = new Sse();

    String contentType();

    /** Frames as bytes, ready to send. */
    byte[] bytes(List<Frame> frames);

    /** What follows the last frame of a stream that ended well. */
    default byte[] end() {
        return new byte[0];
    }

    /** Takes a stream that is relayed as server-sent events into this framing. */
    default Exchange.Filter relayed(Exchange.Filter filter) {
        return filter;
    }

    /** {@code text/event-stream}. */
    final class Sse implements Framing {

        private Sse() {}

        @Override
        public String contentType() {
            return "text/event-stream; charset=utf-8";
        }

        @Override
        public byte[] bytes(List<Frame> frames) {
            if (frames.size() == 1) {
                return SseWriter.event(frames.getFirst().name(), "", frames.getFirst().data());
            }
            var all = new ByteArrayOutputStream();
            for (Frame frame : frames) {
                all.writeBytes(SseWriter.event(frame.name(), "", frame.data()));
            }
            return all.toByteArray();
        }
    }
}
