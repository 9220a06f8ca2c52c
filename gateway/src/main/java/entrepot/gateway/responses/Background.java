package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.gateway.responses.Production.Batch;
import entrepot.gateway.responses.Scribe.Result;
import entrepot.gateway.storefronts.Instructions;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.ResponseKey;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.responses.ResponseStore.Held;
import entrepot.runtime.responses.StoredEvent;
import entrepot.runtime.responses.StoredResponse;
import entrepot.runtime.responses.StoredResponse.Origin;
import entrepot.runtime.responses.StoredResponse.Status;
import entrepot.runtime.responses.Upkeep;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Makes responses that nobody waits for. Each is stored before its caller learns of it. When its
 * node dies another takes it over: it is made if nothing was bought for it yet, and has failed
 * otherwise, since a model is not asked twice for one response.
 */
final class Background {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private static final String LOST =
            "The server was stopped before this response was finished. What it had cost is in the"
                    + " ledger; send the request again.";

    /** Where earlier versions kept that losses are allowed. */
    private static final String OLD_LOSSES = "x-entrepot-losses";

    private final Market market;
    private final ResponseStore store;
    private final Expansion expansion;
    private final Upkeep upkeep;
    private final Ids ids;
    private final InstantSource clock;
    private final ResponsesSettings settings;
    private final Semaphore room;
    private final Map<ResponseKey, Thread> makers = new ConcurrentHashMap<>();

    Background(ResponsesApi.Parts parts, Expansion expansion, Upkeep upkeep) {
        this.market = parts.market();
        this.store = parts.responses();
        this.expansion = expansion;
        this.upkeep = upkeep;
        this.ids = parts.ids();
        this.clock = parts.clock();
        this.settings = parts.settings();
        this.room = new Semaphore(settings.backgroundMax(), true);
    }

    /** Keeps a response and begins to make it. Returns it as it is now. */
    ObjectNode begin(Job job) {
        Scribe scribe = scribe(job);
        ObjectNode shown = scribe.opening(Status.QUEUED);
        long epoch = store.create(job.kept(Status.QUEUED, shown, scribe.queue()));
        make(job, new Held(job.key(), epoch));
        return shown;
    }

    private Scribe scribe(Job job) {
        return new Scribe(job.asked(), job.id(), job.createdSeconds(), ids, clock);
    }

    private void make(Job job, Held held) {
        Thread maker = Thread.ofVirtual().name("background").unstarted(() -> run(job, held));
        makers.put(held.key(), maker);
        upkeep.hold(held, maker::interrupt);
        maker.start();
    }

    private void run(Job job, Held held) {
        boolean begun = false;
        try {
            room.acquire();
            try {
                begun = true;
                produce(job, held);
            } finally {
                room.release();
            }
        } catch (InterruptedException e) {
            giveUp(held, begun);
        } catch (RuntimeException e) {
            LOG.error("response {} broke", held.key().id(), e);
            failAfterAll(held);
        } finally {
            upkeep.drop(held);
            makers.remove(held.key());
        }
    }

    /** Cancelled, deleted or taken over: then this changes nothing. Or this node stops. */
    private void giveUp(Held held, boolean begun) {
        try {
            if (begun) {
                fail(held, LOST);
            } else {
                store.release(held);
            }
        } catch (RuntimeException e) {
            LOG.error("response {} could not be given up", held.key().id(), e);
        }
    }

    /** Should this fail too, the lease runs out, and whoever takes the response over says it. */
    private void failAfterAll(Held held) {
        try {
            fail(held, "The server made a mistake.");
        } catch (RuntimeException e) {
            LOG.error("response {} could not be ended", held.key().id(), e);
        }
    }

    private void produce(Job job, Held held) throws InterruptedException {
        Scribe scribe = scribe(job);
        ObjectNode shown = scribe.opening(Status.IN_PROGRESS);
        if (!store.begin(held.key(), held.epoch(), Items.text(shown), scribe.begin())) {
            return;
        }
        var deadline = clock.instant().plus(settings.backgroundPatience());
        Order order = job.order(ids.next("ord_"), deadline, true);
        try (var production = Production.start(market, order, scribe)) {
            while (true) {
                Batch batch = production.next();
                Failed refused = batch.refusal();
                List<StoredEvent> events =
                        refused == null ? batch.events() : scribe.fail(refused.failure());
                if (batch.last()) {
                    Result result = Objects.requireNonNull(scribe.result(), "result");
                    store.end(held.key(), held.epoch(), Foreground.ending(result, events));
                    return;
                }
                if (!store.append(held.key(), held.epoch(), events)) {
                    return;
                }
            }
        }
    }

    /** Takes over what another node left behind, or this one before it was started again. */
    void takeOver(StoredResponse left) {
        var held = new Held(left.key(), left.epoch());
        if (left.status() == Status.QUEUED && left.background()) {
            make(again(left), held);
        } else {
            fail(held, LOST);
        }
    }

    private Job again(StoredResponse left) {
        ObjectNode request = Items.object(left.request());
        Instructions said = said(request);
        Asked asked = Asked.read(request);
        Origin origin = left.origin();
        return new Job(
                new Caller(
                        left.key().tenant(),
                        origin.team(),
                        origin.principal(),
                        origin.keyId(),
                        Set.of(Caller.Scope.MODELS)),
                left.key().id(),
                left.createdMillis() / 1000,
                asked,
                left.previous(),
                expansion.again(asked, store.input(left.key())),
                List.of(),
                List.of(),
                said);
    }

    /** What the caller said when it came, which is no part of what a supplier is told. */
    private static Instructions said(ObjectNode request) {
        JsonNode kept = request.remove(Job.SAID);
        JsonNode losses = request.remove(OLD_LOSSES);
        return losses == null
                ? Instructions.of(kept)
                : Instructions.of(Json.object().set("losses", losses));
    }

    private void fail(Held held, String message) {
        store.find(held.key())
                .map(found -> Items.object(found.body()))
                .ifPresent(body -> {
                    body.put("status", Status.FAILED.word());
                    body.set(
                            "error",
                            Json.object().put("code", "server_error").put("message", message));
                    store.stop(
                            held.key(),
                            held.epoch(),
                            Status.FAILED,
                            Items.text(body),
                            number -> Scribe.event("response.failed", number, body));
                });
    }

    /**
     * Cancels a response, whichever node makes it.
     *
     * @return false when it has ended by now
     */
    boolean cancel(StoredResponse response) {
        ObjectNode body = Items.object(response.body());
        body.put("status", Status.CANCELLED.word());
        boolean cancelled =
                store.stop(
                        response.key(),
                        response.epoch(),
                        Status.CANCELLED,
                        Items.text(body),
                        number -> Scribe.event("response.cancelled", number, body));
        if (cancelled) {
            interrupt(response.key());
        }
        return cancelled;
    }

    /** Stops whoever makes it on this node; another node's maker learns of it by its lease. */
    void interrupt(ResponseKey key) {
        Thread maker = makers.get(key);
        if (maker != null) {
            maker.interrupt();
        }
    }

    /** Lets what is being made finish for so long, and ends the rest. */
    void stop(Duration drain) {
        long end = System.nanoTime() + drain.toNanos();
        List<Thread> all = List.copyOf(makers.values());
        try {
            for (Thread maker : all) {
                maker.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
            all.forEach(Thread::interrupt);
            for (Thread maker : all) {
                maker.join();
            }
        } catch (InterruptedException e) {
            all.forEach(Thread::interrupt);
            Thread.currentThread().interrupt();
        }
    }
}
