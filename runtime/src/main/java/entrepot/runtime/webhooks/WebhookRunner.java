package entrepot.runtime.webhooks;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.http.Headers;
import entrepot.identity.Ids;
import entrepot.runtime.journal.Journal;
import entrepot.runtime.journal.SessionKey;
import entrepot.runtime.outside.Outside;
import entrepot.store.Database;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * This node's share of webhooks: what has grown in journals becomes rows, and rows that are due are
 * sent. Each event is a row once, whoever reads the journal; it is sent at least once.
 */
public final class WebhookRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookRunner.class);

    static final int ATTEMPTS_MAX = 8;
    static final long LEASE_MILLIS = 60_000;
    private static final long BACK_OFF_MILLIS = 5_000;
    private static final long BACK_OFF_MILLIS_MAX = 6L * 3600 * 1000;
    static final long KEPT_MILLIS = 7L * 24 * 3600 * 1000;
    private static final int AT_ONCE = 32;
    private static final int GROWN_MAX = 10_000;
    private static final long POLL_MILLIS = 500;
    private static final long SWEEP_MILLIS = 30_000;
    private static final long CALL_MILLIS_MAX = 15_000;
    private static final int ANSWER_BYTES_MAX = 64 << 10;
    private static final int ERROR_CHARS_MAX = 300;

    private final Database database;
    private final Webhooks webhooks;
    private final Teller teller;
    private final Outside outside;
    private final Ids ids;
    private final InstantSource clock;
    private final BlockingQueue<SessionKey> grown = new LinkedBlockingQueue<>(GROWN_MAX);
    private final AtomicBoolean open = new AtomicBoolean();
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});
    private long sweptMillis;

    public WebhookRunner(
            Database database,
            Journal journal,
            Webhooks webhooks,
            Outside outside,
            Ids ids,
            InstantSource clock) {
        this.database = database;
        this.webhooks = webhooks;
        this.teller = new Teller(database, journal, clock);
        this.outside = outside;
        this.ids = ids;
        this.clock = clock;
    }

    /** A session's journal has grown. Returns at once; what is lost here is found by looking. */
    public void grown(SessionKey key) {
        grown.offer(key);
    }

    public void start() {
        open.set(true);
        thread = Thread.ofVirtual().name("webhooks").start(this::run);
    }

    private void run() {
        while (open.get()) {
            try {
                SessionKey first = grown.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                List<SessionKey> keys = new ArrayList<>();
                if (first != null) {
                    keys.add(first);
                    grown.drainTo(keys);
                }
                for (SessionKey key : Set.copyOf(keys)) {
                    teller.tell(key);
                }
                if (clock.millis() - sweptMillis >= SWEEP_MILLIS) {
                    sweptMillis = clock.millis();
                    sweep();
                }
                deliver();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.warn("webhooks were not looked after; trying again", e);
                if (!pause()) {
                    return;
                }
            }
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Tells of all that has grown unheard, and forgets what is old. */
    public void sweep() {
        teller.tellAll();
        database.once(sql ->
                sql.update(
                        "delete from webhook_delivery where ended_ms < ?",
                        clock.millis() - KEPT_MILLIS));
        database.once(sql ->
                sql.update(
                        "delete from webhook_seen where not exists (select 1 from session s"
                                + " where s.tenant = webhook_seen.tenant"
                                + " and s.id = webhook_seen.session)"));
    }

    // ---- sending

    private record Held(
            String tenant,
            String endpointId,
            String id,
            String body,
            long attempts,
            long dueMillis) {}

    /** How a try ended: without an error it has arrived. */
    private record Outcome(@Nullable Integer status, @Nullable String error) {}

    /** Sends what is due now, some at once. Returns how many were tried. */
    public int deliver() throws InterruptedException {
        long now = clock.millis();
        List<Held> due =
                database.read(sql ->
                        sql.query(
                                "select tenant, endpoint, id, body, attempts, due_ms"
                                        + " from webhook_delivery where due_ms <= ?"
                                        + " order by due_ms limit ?",
                                row ->
                                        new Held(
                                                row.text("tenant"),
                                                row.text("endpoint"),
                                                row.text("id"),
                                                row.text("body"),
                                                row.number("attempts"),
                                                row.number("due_ms")),
                                now,
                                AT_ONCE));
        if (due.isEmpty()) {
            return 0;
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Held held : due) {
                if (take(held, now)) {
                    all.add(
                            threads.submit(() -> {
                                Outcome outcome = send(held);
                                end(held, outcome);
                                return outcome;
                            }));
                }
            }
            for (Future<?> each : all) {
                try {
                    each.get();
                } catch (ExecutionException e) {
                    // Its lease ends by itself, and then it is tried again.
                    LOG.warn("a webhook was not sent", e.getCause());
                }
            }
            return all.size();
        }
    }

    private boolean take(Held held, long now) {
        return database.once(sql ->
                sql.update(
                        "update webhook_delivery set due_ms = ?, attempts = attempts + 1"
                                + " where tenant = ? and endpoint = ? and id = ?"
                                + " and due_ms = ?",
                        now + LEASE_MILLIS,
                        held.tenant(),
                        held.endpointId(),
                        held.id(),
                        held.dueMillis()))
                == 1;
    }

    private Outcome send(Held held) throws InterruptedException {
        Webhooks.Address address = webhooks.address(held.tenant(), held.endpointId()).orElse(null);
        return address == null
                ? new Outcome(null, "There is no such endpoint any more.")
                : send(address, held.id(), held.body());
    }

    private Outcome send(Webhooks.Address address, String id, String body)
            throws InterruptedException {
        if (address.secrets().isEmpty()) {
            return new Outcome(null, "Its secret does not open: rotate it.");
        }
        long seconds = clock.instant().getEpochSecond();
        String signatures =
                String.join(
                        " ",
                        address.secrets().stream()
                                .map(secret -> Signature.of(secret, id, seconds, body))
                                .toList());
        Headers headers =
                Headers.of("content-type", "application/json")
                        .plus("user-agent", "Entrepot-Webhooks/1")
                        .plus("webhook-id", id)
                        .plus("webhook-timestamp", Long.toString(seconds))
                        .plus("webhook-signature", signatures);
        try {
            Outside.Answer answer =
                    outside.call(
                            new Outside.Asking(
                                    "POST",
                                    URI.create(address.url()),
                                    headers,
                                    body.getBytes(StandardCharsets.UTF_8),
                                    ANSWER_BYTES_MAX,
                                    CALL_MILLIS_MAX));
            return new Outcome(
                    answer.status(),
                    answer.status() / 100 == 2 ? null : "It answered " + answer.status() + ".");
        } catch (Outside.NoAnswer e) {
            String why = String.valueOf(e.getMessage());
            boolean fits = why.length() <= ERROR_CHARS_MAX;
            return new Outcome(null, fits ? why : why.substring(0, ERROR_CHARS_MAX));
        }
    }

    private void end(Held held, Outcome outcome) {
        long attempts = held.attempts() + 1;
        boolean arrived = outcome.error() == null;
        boolean over = arrived || attempts >= ATTEMPTS_MAX;
        Delivery.Status status =
                arrived
                        ? Delivery.Status.DELIVERED
                        : over ? Delivery.Status.FAILED : Delivery.Status.PENDING;
        if (status == Delivery.Status.FAILED) {
            LOG.warn(
                    "webhook {} to endpoint {} is given up after {} tries: {}",
                    held.id(),
                    held.endpointId(),
                    attempts,
                    outcome.error());
        }
        long now = clock.millis();
        long wait =
                Math.min(BACK_OFF_MILLIS_MAX, BACK_OFF_MILLIS << Math.min(30, 2 * (attempts - 1)));
        Integer answered = outcome.status();
        database.once(sql ->
                sql.update(
                        "update webhook_delivery set status = ?, last_status = ?, last_error = ?,"
                                + " due_ms = ?, ended_ms = ?"
                                + " where tenant = ? and endpoint = ? and id = ? and status = ?",
                        WebhookRows.word(status),
                        answered == null ? null : (Long) answered.longValue(),
                        outcome.error(),
                        over ? null : (Long) (now + wait),
                        over ? (Long) now : null,
                        held.tenant(),
                        held.endpointId(),
                        held.id(),
                        WebhookRows.word(Delivery.Status.PENDING)));
    }

    /**
     * Sends a made-up event at once.
     *
     * @return the HTTP status of the answer
     * @throws Failed when it does not arrive
     */
    public int test(String tenant, WebhookEndpoint endpoint, EventType type)
            throws InterruptedException {
        Webhooks.Address address = webhooks.address(tenant, endpoint.id()).orElseThrow();
        String id = ids.next("evt_");
        Outcome outcome =
                send(
                        address,
                        id,
                        Teller.body(
                                id,
                                new SessionEvents.Event(
                                        type,
                                        type == EventType.ACTION_REQUIRED ? "function_call" : null),
                                "sess_example",
                                "none",
                                clock.instant().getEpochSecond()));
        Integer status = outcome.status();
        if (outcome.error() != null || status == null) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.INVALID_REQUEST,
                            "The event did not arrive. " + outcome.error()));
        }
        return status;
    }

    @Override
    public void close() {
        if (open.getAndSet(false)) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
