package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Loss;
import entrepot.conversation.Request;
import entrepot.market.Counter;
import entrepot.market.Deal;
import entrepot.market.Losses;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Model;
import entrepot.market.metering.Tally;
import entrepot.market.supply.Attempt;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * One order on its way: attempt after attempt until something is on the counter or nothing more can
 * be tried. Every attempt leaves by one door, {@link #settle}, which writes its receipt.
 */
final class Purchase {

    private static final Logger log = LoggerFactory.getLogger(Purchase.class);
    private static final int ATTEMPTS_MAX = 6;
    private static final Duration BACKOFF = Duration.ofMillis(250);

    /** How long a caller is kept waiting for a supplier to rest, however late its deadline. */
    private static final Duration WAITING_MAX = Duration.ofSeconds(30);

    private final Broker broker;
    private final Order order;
    private final Counter counter;
    private final Shelf shelf;
    private final Model model;
    private final List<Candidate> candidates;
    private final Instant waitsUntil;

    /** When each candidate may be tried (again) in this order; {@code MAX} for never. */
    private final IdentityHashMap<Candidate, Instant> readyAt = new IdentityHashMap<>(4);

    private final List<Failure> failures = new ArrayList<>(2);
    private @Nullable Request request;
    private int attempts;

    Purchase(Broker broker, Order order, Counter counter, Shelf shelf, Model model) {
        this.broker = broker;
        this.order = order;
        this.counter = counter;
        this.shelf = shelf;
        this.model = model;
        this.candidates = broker.admitted(order, shelf, model);
        Instant patience = broker.clock().instant().plus(WAITING_MAX);
        this.waitsUntil = patience.isBefore(order.deadline()) ? patience : order.deadline();
    }

    Receipt run() throws InterruptedException {
        while (true) {
            Candidate candidate = next();
            try {
                Receipt receipt = attempt(candidate);
                if (receipt != null) {
                    return receipt;
                }
            } finally {
                candidate.lane().leave();
            }
        }
    }

    /** The best candidate that is ready, its lane entered; waits when none is but one will be. */
    private Candidate next() throws InterruptedException {
        while (true) {
            Instant now = broker.clock().instant();
            if (!now.isBefore(order.deadline())) {
                throw give(
                        failures.isEmpty()
                                ? Failure.of(Cause.TIMED_OUT, "the order's deadline has passed")
                                : nothingLeft(now, Instant.MAX));
            }
            Instant earliest = Instant.MAX;
            @Nullable Candidate full = null;
            for (Candidate candidate : candidates) {
                Instant ready = readyAt(candidate, now);
                if (ready.isAfter(now)) {
                    earliest = ready.isBefore(earliest) ? ready : earliest;
                } else if (candidate.tryEnter()) {
                    return candidate;
                } else {
                    full = candidate;
                }
            }
            if (full != null) {
                throw give(limited(full));
            }
            if (attempts >= ATTEMPTS_MAX || !earliest.isBefore(waitsUntil)) {
                throw give(nothingLeft(now, earliest));
            }
            broker.pause().await(Duration.between(now, earliest));
        }
    }

    private Instant readyAt(Candidate candidate, Instant now) {
        if (attempts >= ATTEMPTS_MAX) {
            return Instant.MAX;
        }
        Instant own = readyAt.getOrDefault(candidate, Instant.MIN);
        Breaker.Rest rest = candidate.breaker().rest();
        if (rest.until().isAfter(now) && rest.refused()) {
            return Instant.MAX; // waiting does not mend a key
        }
        return rest.until().isAfter(own) ? rest.until() : own;
    }

    /** Returns the receipt when this attempt was the last, whichever way; null to go on. */
    private @Nullable Receipt attempt(Candidate candidate) throws InterruptedException {
        attempts++;
        Instant start = broker.clock().instant();
        var tally = new Tally(broker.clock());
        var attempt =
                new Attempt(
                        order,
                        this::request,
                        new Deal(
                                order.id(),
                                candidate.model().id(),
                                candidate.supplier().id(),
                                shelf.catalogue().version(),
                                attempts),
                        candidate.offer().name(),
                        candidate.credential(),
                        Duration.between(start, order.deadline()),
                        counter,
                        tally);
        try {
            candidate.supply().deliver(attempt);
        } catch (Failed failed) {
            Failure failure = failed.failure();
            settle(candidate, start, tally, Outcome.FAILED, failure);
            candidate.breaker().failed(failure, broker.clock().instant());
            return goOn(candidate, tally, failure);
        } catch (InterruptedException e) {
            settle(candidate, start, tally, Outcome.CANCELLED, null);
            throw e;
        } catch (RuntimeException | Error e) {
            Failure failure = Failure.of(Cause.INTERNAL, "an error of this gateway's own");
            log.error("order {} failed at {}", order.id(), candidate.supplier().id(), e);
            settle(
                    candidate,
                    start,
                    tally,
                    tally.isOpened() ? Outcome.BROKEN : Outcome.FAILED,
                    failure);
            throw new Failed(failure, e);
        }
        Failure broken = tally.failure();
        if (broken == null) {
            candidate.breaker().succeeded();
        } else {
            candidate.breaker().failed(broken, broker.clock().instant());
        }
        return settle(candidate, start, tally, outcome(tally), broken);
    }

    private static Outcome outcome(Tally tally) {
        Failure broken = tally.failure();
        if (broken == null) {
            return Outcome.DELIVERED;
        }
        return broken.cause() == Cause.CANCELLED
                ? Outcome.CANCELLED
                : tally.isOpened() ? Outcome.BROKEN : Outcome.FAILED;
    }

    /** Decides whether another attempt may help, and when this candidate may be tried again. */
    private @Nullable Receipt goOn(Candidate candidate, Tally tally, Failure failure) {
        if (!elsewhere(failure.cause())) {
            throw new Failed(failure);
        }
        failures.add(failure);
        readyAt.put(
                candidate,
                tally.isAccepted() || !again(failure.cause())
                        ? Instant.MAX
                        : broker.clock().instant().plus(backoff()));
        return null;
    }

    /** Whether another supplier may do better. */
    private static boolean elsewhere(Cause cause) {
        return switch (cause) {
            case UNREACHABLE,
                    TIMED_OUT,
                    SUPPLIER_LIMITED,
                    SUPPLIER_OVERLOADED,
                    SUPPLIER_FAILED,
                    SUPPLIER_REFUSED,
                    UNAVAILABLE,
                    UNSUPPORTED,
                    MODEL_NOT_FOUND ->
                    true; // the last: our name for the model at this supplier is wrong
            case INVALID_REQUEST,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    NOT_FOUND,
                    CONFLICT,
                    TOO_LARGE,
                    CONTEXT_TOO_LONG,
                    CONTENT_FILTERED,
                    LIMITED,
                    BUDGET_EXCEEDED,
                    CANCELLED,
                    INTERNAL ->
                    false;
        };
    }

    /** Whether the same supplier may do better a little later. */
    private static boolean again(Cause cause) {
        return switch (cause) {
            case UNREACHABLE, TIMED_OUT, SUPPLIER_LIMITED, SUPPLIER_OVERLOADED, SUPPLIER_FAILED ->
                    true;
            default -> false;
        };
    }

    /** Doubles with each failure; spread by the order's id so that many do not come together. */
    private Duration backoff() {
        long millis = BACKOFF.toMillis() << Math.min(failures.size() - 1, 6);
        return Duration.ofMillis(millis + Math.floorMod(order.id().hashCode(), millis / 2));
    }

    private Request request() {
        if (request == null) {
            request = order.request().get();
        }
        return request;
    }

    /** The one place where an attempt's receipt is written. */
    private Receipt settle(
            Candidate candidate,
            Instant start,
            Tally tally,
            Outcome outcome,
            @Nullable Failure failure) {
        Order.Work work = order.work();
        var usage = tally.usage();
        Instant first = tally.firstEventAt();
        var receipt =
                new Receipt(
                        broker.ids().next("rcpt_"),
                        order.id(),
                        attempts,
                        order.caller().tenant(),
                        order.caller().team(),
                        order.caller().principal(),
                        order.caller().keyId(),
                        order.storefront(),
                        order.model(),
                        candidate.model().id(),
                        candidate.supplier().id(),
                        outcome,
                        usage,
                        candidate.offer().prices().cost(usage),
                        start,
                        broker.clock().instant(),
                        first == null ? null : Duration.between(start, first).toMillis(),
                        work == null ? null : work.sessionId(),
                        work == null ? null : work.turnId(),
                        verdicts(candidate, tally),
                        failure == null ? null : detail(failure));
        broker.ledger().append(receipt);
        candidate.gauge().add(receipt);
        if (work != null) {
            awaitLedger();
        }
        return receipt;
    }

    private static List<Verdict> verdicts(Candidate candidate, Tally tally) {
        List<Loss> losses = tally.losses();
        if (losses.isEmpty()) {
            return candidate.verdicts();
        }
        var verdicts = new ArrayList<>(candidate.verdicts());
        verdicts.add(new Verdict("losses", true, "not told: " + Losses.text(losses)));
        return List.copyOf(verdicts);
    }

    /** An agent's journal names the receipt: it must not be able to name one that a crash lost. */
    private void awaitLedger() {
        try {
            broker.ledger().flush();
        } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
        }
    }

    private static String detail(Failure failure) {
        String code = failure.supplierCode();
        return failure.cause() + (code == null ? "" : " (" + code + ")") + ": " + failure.message();
    }

    /** Ends the order; it has a row of its own when not a single attempt could be made. */
    private Failed give(Failure failure) {
        if (attempts > 0) {
            return new Failed(failure);
        }
        var verdicts = new ArrayList<>(broker.passed());
        verdicts.add(new Verdict("route", false, failure.message()));
        return broker.refused(order, model.id(), verdicts, failure);
    }

    private Failure limited(Candidate full) {
        return new Failure(
                Cause.LIMITED,
                "supplier "
                        + full.supplier().id()
                        + " has "
                        + full.supplier().callsMax()
                        + " calls under way, its limit here (calls_max): come back",
                null,
                "supplier_concurrency",
                null,
                null,
                Duration.ofSeconds(1));
    }

    /** Why nobody delivered: what the last one said that was not about a key of ours. */
    private Failure nothingLeft(Instant now, Instant earliest) {
        List<Failure> known = new ArrayList<>(failures);
        if (known.isEmpty()) {
            for (Candidate candidate : candidates) {
                Breaker.Rest rest = candidate.breaker().rest();
                if (rest.until().isAfter(now) && rest.reason() != null) {
                    known.add(rest.reason());
                }
            }
        }
        if (known.isEmpty()) {
            return Failure.of(Cause.UNAVAILABLE, "no supplier is configured for " + model.id());
        }
        Failure telling =
                known.stream()
                        .filter(failure -> failure.cause() != Cause.SUPPLIER_REFUSED)
                        .reduce((first, second) -> second)
                        .orElse(known.getLast());
        Duration wait = earliest.equals(Instant.MAX) ? null : Duration.between(now, earliest);
        return new Failure(
                telling.cause(),
                known.size() == 1
                        ? telling.message()
                        : telling.message() + " (" + known.size() + " attempts failed)",
                telling.param(),
                telling.code(),
                telling.supplierCode(),
                telling.supplierRequestId(),
                wait == null ? telling.retryAfter() : wait);
    }
}
