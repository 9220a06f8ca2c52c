package entrepot.gateway.idempotency;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Answering;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Route;
import entrepot.market.idempotency.Claim;
import entrepot.market.idempotency.KeptAnswer;
import entrepot.market.idempotency.KeyedCalls;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Answers one keyed call into its flight, on a thread of its own that nobody's leaving interrupts:
 * claims it, runs it or says again what was kept, and keeps what it said before it tells the end.
 */
final class Run {

    private static final Logger LOG = LoggerFactory.getLogger(Run.class);

    private final Flight flight;
    private final Route route;
    private final Call call;
    private final KeyedCalls calls;
    private final IdempotencySettings settings;
    private final CountDownLatch closed;
    private volatile Claim.@Nullable Mine mine;

    Run(
            Flight flight,
            Route route,
            Call asked,
            KeyedCalls calls,
            IdempotencySettings settings,
            CountDownLatch closed) {
        this.flight = flight;
        this.route = route;
        this.call = asked.by(exchange -> new FlightExchange(exchange, flight));
        this.calls = calls;
        this.settings = settings;
        this.closed = closed;
    }

    Flight flight() {
        return flight;
    }

    /** What is to be renewed while it runs. */
    Claim.@Nullable Mine mine() {
        return mine;
    }

    /** Answers, and ends the flight. */
    void run() {
        boolean left = false;
        @Nullable Failed failed = null;
        try {
            failed = Answering.answer(call, route.path(), this::answer);
        } catch (InterruptedException given) {
            left = true;
        }
        boolean _ = Thread.interrupted(); // what follows is done in any case
        try {
            settle(left || flight.isDeserted(), failed);
        } catch (RuntimeException e) {
            LOG.error("{}: what was answered could not be kept", call.requestId(), e);
        }
    }

    private void answer(Call own) throws InterruptedException {
        switch (claim()) {
            case Claim.Mine claimed -> {
                mine = claimed;
                route.endpoint().answer(own);
            }
            case Claim.Answered answered -> flight.replay(answered.answer());
            case Claim.Spent spent -> throw Said.spent(spent.reason());
            case Claim.Taken _ -> throw Said.taken();
            case Claim.Busy _ -> throw Said.busy();
        }
    }

    /** Waits while another node runs it. */
    private Claim claim() throws InterruptedException {
        while (true) {
            Claim claim = calls.claim(flight.call());
            if (!(claim instanceof Claim.Busy)
                    || call.elapsedMillis() > settings.patience().toMillis()) {
                return claim;
            }
            if (closed.await(settings.look().toMillis(), TimeUnit.MILLISECONDS)) {
                throw Said.stopping();
            }
        }
    }

    private void settle(boolean left, @Nullable Failed failed) {
        Claim.Mine held = mine;
        if (held == null) {
            return; // nothing was run
        }
        boolean harmless = flight.status() >= 400 && (failed == null || !failed.maybeDone());
        if (left) {
            if (closed.getCount() == 0) {
                calls.release(held);
            } else {
                calls.spend(held, Said.UNHEARD);
            }
        } else if (harmless) {
            calls.release(held);
        } else {
            if (flight.status() >= 400) {
                flight.mark("x-should-retry", "false"); // it would be told the same
            }
            KeptAnswer answer = flight.answer();
            if (answer == null) {
                calls.spend(held, Said.TOO_LARGE);
            } else if (!calls.keep(held, answer)) {
                LOG.warn("{} was taken over while it ran", call.requestId());
            }
        }
    }
}
