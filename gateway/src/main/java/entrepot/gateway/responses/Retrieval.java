package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Query;
import entrepot.gateway.door.Refusals;
import entrepot.http.BodyWriter;
import entrepot.http.sse.SseWriter;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.EventFeed;
import entrepot.runtime.responses.ResponseKey;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.responses.StoredResponse;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;

/** What may be done with a response that is kept: see it, follow it, cancel it, delete it. */
final class Retrieval {

    /** How often a silent stream looks whether its node is stopping. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ResponseStore store;
    private final Background background;
    private final Duration keepAlive;

    Retrieval(ResponseStore store, Background background, Duration keepAlive) {
        this.store = store;
        this.background = background;
        this.keepAlive = keepAlive;
    }

    void get(Call call) throws InterruptedException {
        StoredResponse response = found(call);
        Query query = call.query();
        if (!"true".equals(query.get("stream"))) {
            call.respond(200, shown(response, Listing.encrypted(query)));
            return;
        }
        long after = Listing.number(query, "starting_after", -1, -1, Long.MAX_VALUE);
        if (store.events(response.key(), -1).isEmpty()) {
            throw Refusals.value(
                    "stream",
                    "this response was not made with 'stream' or 'background', so it has no events"
                            + " to tell; leave 'stream' out to see it whole.");
        }
        follow(call, response.key(), after);
    }

    private ObjectNode shown(StoredResponse response, boolean encrypted) {
        ObjectNode body = Items.object(response.body());
        if (encrypted && !body.path("output").isEmpty()) {
            ArrayNode output = body.putArray("output");
            store.output(response.key()).forEach(item -> output.add(Items.read(item)));
        }
        return body;
    }

    /** Tells a response's events from one on, until it has ended, as it is made. */
    void follow(Call call, ResponseKey key, long after) throws InterruptedException {
        Duration look = keepAlive.compareTo(LOOK) < 0 ? keepAlive : LOOK;
        try (EventFeed feed = store.feed(key, after);
                BodyWriter body = call.open(200, SseTelling.headers())) {
            Duration silence = Duration.ZERO;
            while (true) {
                EventFeed.Next next = feed.next(look);
                if (next.ended() || (call.ending() && next.events().isEmpty())) {
                    return;
                }
                silence = next.events().isEmpty() ? silence.plus(look) : Duration.ZERO;
                if (silence.compareTo(keepAlive) >= 0) {
                    silence = Duration.ZERO;
                    body.write(SseWriter.comment("keep-alive"));
                }
                if (!next.events().isEmpty()) {
                    body.write(EventFrames.of(next.events()));
                }
            }
        }
    }

    void cancel(Call call) {
        StoredResponse response = found(call);
        if (!response.background()) {
            throw Refusals.value(
                    "response_id",
                    "only a response that was made with 'background' can be cancelled; to end"
                            + " another, close its connection.");
        }
        while (!response.status().ended() && !background.cancel(response)) {
            response = found(call);
        }
        call.respond(200, shown(found(call), false));
    }

    void delete(Call call) {
        ResponseKey key = key(call);
        if (!store.delete(key)) {
            throw unknown(key.id());
        }
        background.interrupt(key);
        call.respond(
                200,
                Json.object().put("id", key.id()).put("object", "response").put("deleted", true));
    }

    void inputItems(Call call) {
        StoredResponse response = found(call);
        var page = Listing.page(store.input(response.key()), Listing.query(call.query()));
        call.respond(200, Listing.json(page, Listing.encrypted(call.query())));
    }

    private static ResponseKey key(Call call) {
        return new ResponseKey(call.caller().tenant(), call.parameter("response"));
    }

    private StoredResponse found(Call call) {
        ResponseKey key = key(call);
        return store.find(key).orElseThrow(() -> unknown(key.id()));
    }

    private static Failed unknown(String id) {
        return new Failed(
                Failure.of(Failure.Cause.NOT_FOUND, "Response with id '" + id + "' not found."));
    }
}
