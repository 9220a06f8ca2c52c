package entrepot.gateway.storefronts;

import entrepot.conversation.Answer;
import entrepot.conversation.Answers;
import entrepot.conversation.EventSink;
import entrepot.conversation.Failed;
import entrepot.gateway.door.Call;
import entrepot.http.BodyWriter;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.protocols.Frame;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** Answers one call: passes bytes of its own dialect on, and lets its voice tell events. */
final class CallCounter implements Counter {

    private final Call call;
    private final boolean stream;
    private final Voice voice;
    private final Framing framing;
    private @Nullable Streamed streamed;
    private Answers.@Nullable Collector collected;
    private @Nullable Deal deal;

    /** A stream of events under way. */
    private record Streamed(BodyWriter body, StreamWriter writer) {}

    CallCounter(Call call, boolean stream, Voice voice, Framing framing) {
        this.call = call;
        this.stream = stream;
        this.voice = voice;
        this.framing = framing;
    }

    @Override
    public void whole(Deal chosen, int status, String contentType, byte[] body) {
        call.respond(status, DealHeaders.of(chosen, contentType), body);
    }

    @Override
    public Exchange.End relay(Deal chosen, Incoming upstream, Exchange.Filter filter)
            throws InterruptedException {
        return call.relay(
                upstream,
                200,
                DealHeaders.stream(chosen, framing.contentType()),
                framing.relayed(filter));
    }

    @Override
    public EventSink open(Deal chosen) {
        deal = chosen;
        if (!stream) {
            collected = new Answers.Collector();
            return collected;
        }
        BodyWriter body = call.open(200, DealHeaders.stream(chosen, framing.contentType()));
        StreamWriter writer = voice.stream();
        streamed = new Streamed(body, writer);
        return event -> send(body, writer.write(event));
    }

    /**
     * Ends the answer well, once the market has delivered.
     *
     * @throws entrepot.conversation.Failed when an answer that was to be told whole broke off:
     *     nothing has been said of it yet
     */
    void finish() throws InterruptedException {
        if (collected != null && deal != null) {
            Answer answer = answer(collected);
            Headers headers = DealHeaders.of(deal, "application/json");
            for (Map.Entry<String, String> told : voice.headers(answer).entrySet()) {
                headers = headers.plus(told.getKey(), told.getValue());
            }
            call.respond(200, headers, voice.whole(answer));
        }
        if (streamed != null) {
            send(streamed.body(), streamed.writer().end());
            byte[] end = framing.end();
            if (end.length > 0) {
                streamed.body().write(end);
            }
            streamed.body().close();
            streamed = null;
        }
    }

    private static Answer answer(Answers.Collector collected) {
        try {
            return collected.answer();
        } catch (Failed broken) {
            throw broken.afterWork(); // its beginning was on the counter
        }
    }

    /** Breaks a stream that was not ended well, so that nobody takes it for whole. */
    void abandon() {
        if (streamed != null) {
            streamed.body().abort();
        }
    }

    private void send(BodyWriter body, List<Frame> frames) throws InterruptedException {
        if (!frames.isEmpty()) {
            body.write(framing.bytes(frames));
        }
    }
}
