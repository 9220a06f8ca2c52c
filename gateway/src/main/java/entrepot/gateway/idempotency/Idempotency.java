package entrepot.gateway.idempotency;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Route;
import entrepot.http.BodyWriter;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.market.idempotency.Claim;
import entrepot.market.idempotency.KeyedCall;
import entrepot.market.idempotency.KeyedCalls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Lets calls with an {@code Idempotency-Key} run once. Each runs on a thread of its own, which may
 * block, and answers into a {@link Flight}; whoever sent the call, first or again, listens to that.
 */
public final class Idempotency implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);
    private static final int BEATS_PER_SWEEP = 6;
    private static final Duration CLOSING_MAX = Duration.ofSeconds(5);

    private final KeyedCalls calls;
    private final IdempotencySettings settings;
    private final InstantSource clock;
    private final Flight.Bounds bounds;
    private final ConcurrentHashMap<KeyedCall.Name, Flight> flights = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Run, Thread> runs = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * A virtual thread is carried where whoever starts it is carried: one that may block must not
     * be started by a thread that an event loop carries.
     */
    private final ExecutorService starter =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("keyed-calls").factory());

    public Idempotency(KeyedCalls calls, IdempotencySettings settings, InstantSource clock) {
        this.calls = calls;
        this.settings = settings;
        this.clock = clock;
        this.bounds =
                new Flight.Bounds(
                        new Room(settings.bytesMax()),
                        calls.limits().answerBytesMax(),
                        settings.windowBytesMax());
    }

    /** The same routes; those that post to models hear the key. */
    public List<Route> over(List<Route> routes) {
        var heard = new ArrayList<Route>(routes.size());
        for (Route route : routes) {
            boolean posts = route.method().equals("POST");
            heard.add(
                    posts && route.scope() == Caller.Scope.MODELS
                            ? route.answeredBy(call -> answer(route, call))
                            : route);
        }
        return heard;
    }

    /** Begins to renew leases, and to look for what is over. */
    public Idempotency start() {
        Thread.ofPlatform().daemon().name("keyed-calls-beat").start(this::beats);
        return this;
    }

    private void answer(Route route, Call call) throws InterruptedException {
        String key = call.header(Said.HEADER);
        if (key == null) {
            route.endpoint().answer(call);
            return;
        }
        if (key.isEmpty() || key.length() > KeyedCall.KEY_CHARS_MAX) {
            throw Said.length(key.length());
        }
        Caller caller = call.caller();
        var keyed =
                new KeyedCall(
                        caller.tenant(),
                        caller.keyId(),
                        route.method() + " " + route.path(),
                        key,
                        fingerprint(call));
        hear(route, call, keyed);
    }

    private void hear(Route route, Call call, KeyedCall keyed) throws InterruptedException {
        while (true) {
            Flight there = flights.get(keyed.name());
            if (there == null) {
                var own = new Flight(keyed, bounds, clock);
                there = flights.putIfAbsent(keyed.name(), own);
                if (there == null) {
                    take(route, call, own);
                    return;
                }
            }
            if (!there.call().fingerprint().equals(keyed.fingerprint())) {
                throw Said.taken();
            }
            Flight.Listener listener = there.join();
            if (listener != null) {
                tell(call, listener, true);
                return;
            }
        }
    }

    /** Has a flight of one's own run, and listens to it. */
    private void take(Route route, Call call, Flight own) throws InterruptedException {
        Flight.Listener listener = own.join();
        if (listener == null) {
            throw new IllegalStateException("a flight was over before it began");
        }
        if (flights.size() > settings.callsMax()) {
            end(own, Said.full());
        } else {
            var run = new Run(own, route, call, calls, settings, closed);
            try {
                starter.execute(() -> start(run));
            } catch (RejectedExecutionException stopped) {
                end(own, Said.stopping());
            }
        }
        tell(call, listener, false);
    }

    private void start(Run run) {
        Thread thread =
                Thread.ofVirtual()
                        .name("keyed-call")
                        .unstarted(() -> {
                            try {
                                run.run();
                            } finally {
                                runs.remove(run);
                                end(run.flight(), Said.stopping());
                            }
                        });
        runs.put(run, thread);
        thread.start();
    }

    /**
     * From now on the call is asked for anew.
     *
     * @param instead what is told if nothing was said
     */
    private void end(Flight flight, Failed instead) {
        flights.remove(flight.call().name(), flight);
        flight.end(instead);
    }

    /**
     * Answers a call with what it hears.
     *
     * @param again whether the call was sent before
     */
    private static void tell(Call call, Flight.Listener listener, boolean again)
            throws InterruptedException {
        try (listener) {
            Flight.Head head = listener.head();
            Headers headers =
                    again || listener.isReplay()
                            ? head.headers().with("idempotent-replayed", "true")
                            : head.headers();
            if (head.streamed()) {
                stream(call.open(head.status(), headers), listener);
            } else {
                byte[] body = listener.next();
                call.respond(head.status(), headers, body == null ? new byte[0] : body);
            }
        }
    }

    private static void stream(BodyWriter body, Flight.Listener listener)
            throws InterruptedException {
        boolean well = false;
        try {
            byte @Nullable [] piece;
            while ((piece = listener.next()) != null) {
                body.write(piece);
            }
            well = listener.endedWell();
        } finally {
            if (well) {
                body.close();
            } else {
                body.abort();
            }
        }
    }

    /** Of all that must be the same for a call to be the same. */
    private static String fingerprint(Call call) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(call.target().getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(call.body()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256.", e);
        }
    }

    private void beats() {
        try {
            for (int beat = 1; !closed.await(settings.beat().toMillis(), TimeUnit.MILLISECONDS); ) {
                try {
                    beat();
                    if (beat++ % BEATS_PER_SWEEP == 0) {
                        int _ = calls.sweep();
                    }
                } catch (RuntimeException e) {
                    LOG.warn("keyed calls were not looked after: {}", e.toString());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Goes on holding what runs, and breaks off what nobody has listened to for long. */
    void beat() {
        var held = new ArrayList<Claim.Mine>();
        runs.forEach((run, thread) -> {
            Claim.Mine mine = run.mine();
            if (mine != null) {
                held.add(mine);
            }
            if (run.flight().unheardMillis() > settings.unheard().toMillis()) {
                thread.interrupt();
            }
        });
        calls.renew(held);
    }

    /** Breaks off what runs; it may be run anew. */
    @Override
    public void close() {
        closed.countDown();
        starter.shutdown();
        try {
            boolean _ = starter.awaitTermination(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS);
            runs.values().forEach(Thread::interrupt);
            for (Thread thread : runs.values()) {
                boolean _ = thread.join(CLOSING_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
