package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.market.Counter;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Verdict;
import entrepot.market.catalog.Hedge;
import entrepot.market.catalog.Model;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * One order on its way: attempt after attempt until something is on the counter or nothing more can
 * be tried. Each attempt leaves its own receipt.
 */
final class Purchase {

    private static final int ATTEMPTS_MAX = 6;
    private static final Duration BACKOFF = Duration.ofMillis(250);

    /** How long a caller is kept waiting for a supplier to rest, however late its deadline. */
    private static final Duration WAITING_MAX = Duration.ofSeconds(30);

    private final Broker broker;
    private final Order order;
    private final Counter counter;
    private final Shelf shelf;
    private final Model model;
    private final @Nullable Ladder ladder;
    private final List<Candidate> candidates;
    private final Instant waitsUntil;

    /** When each candidate may be tried (again) in this order; {@code MAX} for never. */
    private final IdentityHashMap<Candidate, Instant> readyAt = new IdentityHashMap<>(4);

    private final List<Failure> failures = new ArrayList<>(2);
    private @Nullable Request request;
    private int attempts;

    /** Whether some supplier may have done the work, though nothing was delivered. */
    private boolean maybeDone;

    /** Whose reserved units were refused just now; null when the others were told, or none were. */
    private @Nullable Candidate refusing;

    Purchase(Broker broker, Order order, Counter counter, Shelf shelf, Model model) {
        this.broker = broker;
        this.order = order;
        this.counter = counter;
        this.shelf = shelf;
        this.model = model;
        this.ladder = broker.ladder(order, shelf);
        List<Candidate> admitted = broker.admitted(order, shelf, model, ladder);
        this.candidates = ladder == null ? admitted : new ArrayList<>(admitted);
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
        spill();
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
        Hedge hedge = model.hedge();
        if (hedge == null) {
            return after(run(candidate, counter).run());
        }
        List<AttemptRun.Result> results = new Race(this, counter, hedge).run(candidate);
        for (AttemptRun.Result result : results) {
            if (result instanceof AttemptRun.Result.Done done) {
                return done.receipt(); // what became of the other is on its own receipt
            }
        }
        results.forEach(this::after);
        return null;
    }

    /** The next attempt, at a candidate whose lane has been entered. */
    AttemptRun run(Candidate candidate, Counter to) {
        attempts++;
        return new AttemptRun(
                broker, order, shelf.catalogue(), candidate, attempts, this::request, to);
    }

    /**
     * Another candidate for a hedge, its lane entered: at another supplier, ready, and no dearer
     * than the rule allows. Null when there is none.
     */
    @Nullable Candidate beside(Candidate first, Hedge hedge) {
        Instant now = broker.clock().instant();
        var pricing = new Pricing(shelf.catalogue().prices(), now);
        for (Candidate candidate : candidates) {
            if (!candidate.supplier().id().equals(first.supplier().id())
                    && !readyAt(candidate, now).isAfter(now)
                    && hedge.allows(pricing.typical(first), pricing.typical(candidate))
                    && candidate.tryEnter()) {
                return candidate;
            }
        }
        return null;
    }

    private @Nullable Receipt after(AttemptRun.Result result) {
        return switch (result) {
            case AttemptRun.Result.Done done -> done.receipt();
            case AttemptRun.Result.Undelivered undelivered -> {
                goOn(undelivered.candidate(), undelivered.accepted(), undelivered.failure());
                yield null;
            }
            case AttemptRun.Result.Limited limited -> {
                attempts--;
                failures.add(limited.failure());
                readyAt.put(limited.candidate(), Instant.MAX); // a cheaper one may still fit
                yield null;
            }
            case AttemptRun.Result.Left ignored -> null;
        };
    }

    /** Decides whether another attempt may help, and when this candidate may be tried again. */
    private void goOn(Candidate candidate, boolean accepted, Failure failure) {
        maybeDone |= accepted;
        if (!elsewhere(failure.cause())) {
            throw failed(failure);
        }
        failures.add(failure);
        refusing = failure.cause() == Cause.SUPPLIER_LIMITED ? candidate : refusing;
        readyAt.put(
                candidate,
                accepted || !again(failure.cause())
                        ? Instant.MAX
                        : broker.clock().instant().plus(backoff()));
    }

    /** Says to the others why they are tried after reserved units, or that they must not be. */
    private void spill() {
        Candidate from = refusing;
        if (ladder == null || from == null) {
            return;
        }
        refusing = null;
        boolean spilled = false;
        for (int i = 0; i < candidates.size(); i++) {
            Candidate other = candidates.get(i);
            switch (ladder.spilling(from, other, order.wishes())) {
                case Ladder.Spilling.Kept _ -> readyAt.put(other, Instant.MAX);
                case Ladder.Spilling.Told told -> {
                    Candidate heard = other.heard(List.of(told.why()));
                    Instant ready = readyAt.remove(other);
                    if (ready != null) {
                        readyAt.put(heard, ready);
                    }
                    candidates.set(i, heard);
                    spilled = true;
                }
                case null -> {
                    // It is of the same units.
                }
            }
        }
        if (spilled) {
            ladder.spilled(from);
        }
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

    /** Read once, however many attempts want it, be it at the same time. */
    private synchronized Request request() {
        if (request == null) {
            request = order.request().get();
        }
        return request;
    }

    /** Ends the order; it has a row of its own when not a single attempt could be made. */
    private Failed give(Failure failure) {
        if (attempts > 0) {
            return failed(failure);
        }
        var verdicts = new ArrayList<>(broker.passed());
        verdicts.add(new Verdict("route", false, failure.message()));
        return broker.refused(order, model.id(), verdicts, failure);
    }

    private Failed failed(Failure failure) {
        var failed = new Failed(failure);
        return maybeDone ? failed.afterWork() : failed;
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
