package entrepot.gateway.storefronts;

import entrepot.conversation.Answers;
import entrepot.conversation.EventSink;
import entrepot.gateway.door.Call;
import entrepot.http.BodyWriter;
import entrepot.http.Exchange;
import entrepot.http.Headers;
import entrepot.http.Incoming;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.protocols.openai.chat.ChatAnswers;
import entrepot.protocols.openai.chat.ChatStreamWriter;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers one chat call: passes bytes of its own dialect on, and writes events otherwise. */
final class ChatCounter implements Counter {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Call call;
    private final boolean stream;
    private final boolean usageAsked;
    private @Nullable Streamed streamed;
    private Answers.@Nullable Collector collected;
    private @Nullable Deal deal;

    /** A stream of events under way. */
    private record Streamed(BodyWriter body, ChatStreamWriter chat) {}

    ChatCounter(Call call, boolean stream, boolean usageAsked) {
        this.call = call;
        this.stream = stream;
        this.usageAsked = usageAsked;
    }

    @Override
    public void whole(Deal chosen, int status, String contentType, byte[] body) {
        call.respond(status, headers(chosen, contentType), body);
    }

    @Override
    public Exchange.End relay(Deal chosen, Incoming upstream, Exchange.Filter filter)
            throws InterruptedException {
        return call.relay(upstream, 200, eventStream(chosen), filter);
    }

    @Override
    public EventSink open(Deal chosen) {
        deal = chosen;
        if (!stream) {
            collected = new Answers.Collector();
            return collected;
        }
        BodyWriter body = call.open(200, eventStream(chosen));
        var chat = new ChatStreamWriter(call.startedAt().getEpochSecond(), usageAsked);
        streamed = new Streamed(body, chat);
        return event -> send(body, chat.write(event));
    }

    /**
     * Ends the answer well, once the market has delivered.
     *
     * @throws entrepot.conversation.Failed when an answer that was to be told whole broke off:
     *     nothing has been said of it yet
     */
    void finish() throws InterruptedException {
        if (collected != null && deal != null) {
            call.respond(
                    200,
                    headers(deal, "application/json"),
                    ChatAnswers.write(collected.answer(), call.startedAt().getEpochSecond()));
        }
        if (streamed != null) {
            send(streamed.body(), streamed.chat().end());
            streamed.body().close();
            streamed = null;
        }
    }

    /** Breaks a stream that was not ended well, so that nobody takes it for whole. */
    void abandon() {
        if (streamed != null) {
            streamed.body().abort();
        }
    }

    private static void send(BodyWriter body, List<byte[]> payloads) throws InterruptedException {
        if (payloads.isEmpty()) {
            return;
        }
        var frames = new ByteArrayOutputStream();
        for (byte[] payload : payloads) {
            frames.writeBytes(DATA);
            frames.writeBytes(payload);
            frames.writeBytes(END);
        }
        body.write(frames.toByteArray());
    }

    private static Headers eventStream(Deal chosen) {
        return headers(chosen, "text/event-stream; charset=utf-8")
                .plus("cache-control", "no-cache, no-transform")
                .plus("x-accel-buffering", "no");
    }

    private static Headers headers(Deal chosen, String contentType) {
        return Headers.of(
                "content-type",
                contentType,
                "x-entrepot-order",
                chosen.orderId(),
                "x-entrepot-model",
                chosen.model(),
                "x-entrepot-supplier",
                chosen.supplier());
    }
}
