package entrepot.market.supply.framing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.eventstream.EventStreamBroken;
import entrepot.http.eventstream.EventStreamMessage;
import entrepot.http.eventstream.EventStreamParser;
import entrepot.protocols.Frame;

import java.util.function.Consumer;

/** Takes an AWS event stream apart; a message whose checksums are wrong ends it. */
public final class EventStreamDeframer implements Deframer {

    private final EventStreamParser parser = new EventStreamParser();

    @Override
    public void push(byte[] bytes, Consumer<Frame> frames) {
        try {
            parser.push(bytes, message -> frames.accept(frame(message)));
        } catch (EventStreamBroken e) {
            throw broken(e);
        }
    }

    @Override
    public void end(Consumer<Frame> frames) {
        try {
            parser.end();
        } catch (EventStreamBroken e) {
            throw broken(e);
        }
    }

    private static Frame frame(EventStreamMessage message) {
        String type = message.text(":message-type");
        if (type == null || type.equals("event")) {
            String name = message.text(":event-type");
            return Frame.of(name == null ? "" : name, message.payload());
        }
        String exception = message.text(":exception-type");
        String error = message.text(":error-code");
        String name = exception == null ? error : exception;
        return new Frame(Frame.Kind.EXCEPTION, name == null ? "" : name, message.payload());
    }

    private static Failed broken(EventStreamBroken e) {
        Cause cause =
                e.reason() == EventStreamBroken.Reason.TRUNCATED
                        ? Cause.UNREACHABLE
                        : Cause.SUPPLIER_FAILED;
        return new Failed(
                Failure.of(cause, "The supplier's stream cannot be read: " + e.getMessage()), e);
    }
}
