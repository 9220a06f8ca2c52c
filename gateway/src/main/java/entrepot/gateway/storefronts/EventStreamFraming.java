package entrepot.gateway.storefronts;

import entrepot.http.eventstream.EventStreamMessage;
import entrepot.http.eventstream.EventStreamWriter;
import entrepot.protocols.Frame;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** {@code application/vnd.amazon.eventstream}: binary messages, each with its checksums. */
public final class EventStreamFraming implements Framing {

    @Override
    public String contentType() {
        return "application/vnd.amazon.eventstream";
    }

    @Override
    public byte[] bytes(List<Frame> frames) {
        var all = new ByteArrayOutputStream();
        for (Frame frame : frames) {
            boolean failed = frame.kind() == Frame.Kind.EXCEPTION;
            all.writeBytes(
                    EventStreamWriter.write(
                            EventStreamMessage.of(
                                    frame.data(),
                                    failed ? ":exception-type" : ":event-type",
                                    frame.name(),
                                    ":content-type",
                                    "application/json",
                                    ":message-type",
                                    failed ? "exception" : "event")));
        }
        return all.toByteArray();
    }
}
