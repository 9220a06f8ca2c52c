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
import entrepot.market.budgets.Hold;
import entrepot.market.budgets.LimitReached;
import entrepot.market.catalog.Catalogue;
import entrepot.market.gates.ContractGate;
import entrepot.market.metering.Tally;
import entrepot.market.prices.Rating;
import entrepot.market.supply.Attempt;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** One attempt at one supplier, which leaves by one door, {@link #settle}: its receipt. */
final class AttemptRun {

    private static final Logger log = LoggerFactory.getLogger(AttemptRun.class);

    private final Broker broker;
    private final Order order;
    private final Catalogue catalogue;
    private final Candidate candidate;
    private final int number;
    private final Supplier<Request> request;
    private final Counter counter;
    private final Tally tally;
    private final Instant start;
    private @Nullable Hold hold;

    AttemptRun(
            Broker broker,
            Order order,
            Catalogue catalogue,
            Candidate candidate,
            int number,
            Supplier<Request> request,
            Counter counter) {
        this.broker = broker;
        this.order = order;
        this.catalogue = catalogue;
        this.candidate = candidate;
        this.number = number;
        this.request = request;
        this.counter = counter;
        this.tally = new Tally(broker.clock());
        this.start = broker.clock().instant();
    }

    /** How an attempt ended. */
    sealed interface Result {

        /** Something is on the counter. */
        record Done(Receipt receipt) implements Result {}

        /**
         * Nothing is on the counter.
         *
         * @param accepted whether the supplier may have done the work all the same
         */
        record Undelivered(Candidate candidate, boolean accepted, Failure failure)
                implements Result {}

        /** A limit leaves no room for this attempt: no supplier was called, and no receipt is. */
        record Limited(Candidate candidate, Failure failure) implements Result {}

        /** Another attempt was first. */
        record Left() implements Result {}
    }

    Candidate candidate() {
        return candidate;
    }

    /**
     * Delivers, or says why not; the receipt is written in any case.
     *
     * @throws Failed for what no other attempt could mend
     * @throws InterruptedException when the caller has left
     */
    Result run() throws InterruptedException {
        try {
            hold = broker.holds().take(order, candidate, number, request, pricing());
        } catch (LimitReached reached) {
            return new Result.Limited(candidate, reached.refusal().failure(start));
        } catch (Failed undecided) {
            return new Result.Limited(candidate, undecided.failure());
        }
        try {
            candidate.supply().deliver(attempt());
        } catch (Failed failed) {
            Failure failure = failed.failure();
            settle(Outcome.FAILED, failure);
            candidate.breaker().failed(failure, broker.clock().instant());
            return new Result.Undelivered(candidate, tally.isAccepted(), failure);
        } catch (InterruptedException e) {
            settle(Outcome.CANCELLED, null);
            throw e;
        } catch (RuntimeException | Error e) {
            Failure failure = Failure.of(Cause.INTERNAL, "an error of this gateway's own");
            log.error("order {} failed at {}", order.id(), candidate.supplier().id(), e);
            settle(tally.isOpened() ? Outcome.BROKEN : Outcome.FAILED, failure);
            var thrown = new Failed(failure, e);
            throw tally.isAccepted() ? thrown.afterWork() : thrown;
        }
        Failure broken = tally.failure();
        if (broken == null) {
            candidate.breaker().succeeded();
        } else {
            candidate.breaker().failed(broken, broker.clock().instant());
        }
        return new Result.Done(settle(outcome(broken), broken));
    }

    private Pricing pricing() {
        return new Pricing(catalogue.prices(), start);
    }

    private Attempt attempt() {
        return new Attempt(
                order,
                request,
                new Deal(
                        order.id(),
                        candidate.model().id(),
                        candidate.supplier().id(),
                        catalogue.version(),
                        number),
                candidate.offer().name(),
                candidate.credential(),
                Duration.between(start, order.deadline()),
                counter,
                tally);
    }

    private Outcome outcome(@Nullable Failure broken) {
        if (broken == null) {
            return Outcome.DELIVERED;
        }
        return broken.cause() == Cause.CANCELLED
                ? Outcome.CANCELLED
                : tally.isOpened() ? Outcome.BROKEN : Outcome.FAILED;
    }

    /** The one place where an attempt's receipt is written. */
    private Receipt settle(Outcome outcome, @Nullable Failure failure) {
        Order.Work work = order.work();
        var usage = tally.usage();
        Rating rating = pricing().rate(candidate, usage);
        Instant first = tally.firstEventAt();
        var channel = candidate.supplier().channel();
        var receipt =
                Receipt.builder()
                        .id(broker.ids().next("rcpt_"))
                        .orderId(order.id())
                        .attempt(number)
                        .tenant(order.caller().tenant())
                        .team(order.caller().team())
                        .principal(order.caller().principal())
                        .keyId(order.caller().keyId())
                        .storefront(order.storefront())
                        .modelAsked(order.model())
                        .model(candidate.model().id())
                        .supplier(candidate.supplier().id())
                        .outcome(outcome)
                        .usage(usage)
                        .cost(rating.cost())
                        .startedAt(start)
                        .endedAt(broker.clock().instant())
                        .firstEventMillis(
                                first == null ? null : Duration.between(start, first).toMillis())
                        .sessionId(work == null ? null : work.sessionId())
                        .turnId(work == null ? null : work.turnId())
                        .verdicts(verdicts(Pricing.verdict(rating, usage)))
                        .detail(failure == null ? null : detail(failure))
                        .channel(channel.name())
                        .region(channel.region())
                        .api(order.api())
                        .project(order.purpose().project())
                        .pricing(rating.name())
                        .clauses(clauses())
                        .build();
        broker.ledger().append(receipt);
        broker.holds().settle(hold, receipt);
        candidate.gauge().add(receipt);
        broker.used(catalogue, receipt);
        if (work != null) {
            awaitLedger();
        }
        return receipt;
    }

    /** The contracts' clauses that let the call go this way. */
    private List<String> clauses() {
        for (Verdict verdict : candidate.verdicts()) {
            String source = verdict.source();
            if (source != null && verdict.gate().equals(ContractGate.NAME)) {
                return List.of(source);
            }
        }
        return List.of();
    }

    private List<Verdict> verdicts(@Nullable Verdict price) {
        List<Loss> losses = tally.losses();
        int limits = hold == null ? 0 : hold.limits();
        if (losses.isEmpty() && limits == 0 && price == null) {
            return candidate.verdicts();
        }
        var verdicts = new ArrayList<>(candidate.verdicts());
        if (limits > 0) {
            verdicts.add(
                    verdicts.size() - 1,
                    new Verdict("budget", true, "held at worst of " + limits + " limits"));
        }
        if (!losses.isEmpty()) {
            verdicts.add(new Verdict("losses", true, "not told: " + Losses.text(losses)));
        }
        if (price != null) {
            verdicts.add(price);
        }
        return List.copyOf(verdicts);
    }

    /**
     * An agent's journal names the receipt: it must not be able to name one that a crash lost, nor
     * one whose cost its budgets forgot.
     */
    private void awaitLedger() {
        try {
            broker.ledger().flush();
            broker.holds().flush(hold);
        } catch (InterruptedException left) {
            Thread.currentThread().interrupt();
        }
    }

    private static String detail(Failure failure) {
        String code = failure.supplierCode();
        return failure.cause() + (code == null ? "" : " (" + code + ")") + ": " + failure.message();
    }
}
