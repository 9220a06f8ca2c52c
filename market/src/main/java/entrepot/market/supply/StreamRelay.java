package entrepot.market.supply;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.http.CallFailed;
import entrepot.http.Exchange;
import entrepot.http.Incoming;
import entrepot.market.metering.Tally;
import entrepot.protocols.Meter;
import entrepot.protocols.StreamWire;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;

/**
 * Passes a stream on as bytes and weighs it beside. Until the first content is in sight nothing is
 * put on the counter: what merely frames an answer is kept, and a supplier who fails at once can
 * still be replaced.
 */
final class StreamRelay implements Exchange.Filter {

    private static final int HELD_BYTES_MAX = 64 * 1024;
    private static final byte[] NOTHING = {};

    private final Attempt attempt;
    private final Drains drains;
    private final StreamWire wire;
    private final Tally tally;
    private final Meter meter;

    /** What was taken from the stream before the counter was opened. */
    private byte[] held = NOTHING;

    StreamRelay(Attempt attempt, StreamWire wire, boolean hideUsage, Drains drains) {
        this.attempt = attempt;
        this.drains = drains;
        this.wire = wire;
        this.tally = attempt.tally();
        this.meter = wire.meter(hideUsage);
    }

    void run(Incoming stream) throws CallFailed, InterruptedException {
        if (Bodies.packing(stream) != null) {
            throw Bodies.failed("The supplier packs its stream, although it was asked not to.");
        }
        awaitContent(stream);
        tally.opened();
        Exchange.End end = attempt.counter().relay(attempt.deal(), drains.lent(stream), this);
        boolean whole = meter.finished();
        if (end == Exchange.End.CLIENT_LEFT && !(whole && meter.usageReported())) {
            drains.drain(stream, this::look, () -> meter.finished() && meter.usageReported());
        }
        weigh();
        if (!whole) {
            Failure failure = meter.failure();
            tally.broke(failure == null ? failure(end) : failure);
        }
    }

    private void look(byte @Nullable [] chunk) {
        if (chunk == null) {
            meter.end();
        } else {
            meter.chunk(chunk);
        }
    }

    private void awaitContent(Incoming stream) throws CallFailed, InterruptedException {
        // A chunk is looked at before it is taken, so it goes through a meter of its own first.
        Meter ahead = wire.meter(false);
        while (true) {
            byte[] chunk = stream.peek();
            if (chunk == null) {
                ahead.end();
            } else {
                tally.began();
                ahead.chunk(chunk);
            }
            if (ahead.content() || ahead.finished() || held.length > HELD_BYTES_MAX) {
                return;
            }
            Failure failure = ahead.failure();
            if (failure != null) {
                tally.rejected();
                throw new Failed(failure);
            }
            if (chunk == null) {
                throw Bodies.failed("The supplier's stream ended before it began.");
            }
            held = joined(held, meter.chunk(chunk));
            stream.next();
        }
    }

    @Override
    public byte[] chunk(byte[] bytes) {
        byte[] out = meter.chunk(bytes);
        weigh();
        return held.length == 0 ? out : withHeld(out);
    }

    @Override
    public byte[] end() {
        byte[] out = meter.end();
        weigh();
        out = joined(out, lastWord(Exchange.End.COMPLETE));
        return held.length == 0 ? out : withHeld(out);
    }

    @Override
    public byte[] broken(Exchange.End how) {
        return joined(held, lastWord(how));
    }

    /** An error event where the answer has not come to its own end, so that the caller can tell. */
    private byte[] lastWord(Exchange.End how) {
        if (meter.finished() || meter.failure() != null) {
            return NOTHING;
        }
        return wire.broken(failure(how));
    }

    private void weigh() {
        tally.outputEvents(meter.contentEvents());
        if (meter.usageReported()) {
            tally.reported(meter.usage());
        }
        if (meter.finished()) {
            tally.finished();
        }
    }

    private byte[] withHeld(byte[] out) {
        byte[] both = joined(held, out);
        held = NOTHING;
        return both;
    }

    private Failure failure(Exchange.End end) {
        String supplier = attempt.deal().supplier();
        return switch (end) {
            case CLIENT_LEFT -> Failure.of(Cause.CANCELLED, "the caller has left");
            case TIMED_OUT -> Failure.of(Cause.TIMED_OUT, supplier + " fell silent");
            case COMPLETE, UPSTREAM_BROKE ->
                    Failure.of(
                            Cause.UNREACHABLE, supplier + " broke off its answer before the end");
        };
    }

    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0 || second.length == 0) {
            return first.length == 0 ? second : first;
        }
        var both = new ByteArrayOutputStream(first.length + second.length);
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
