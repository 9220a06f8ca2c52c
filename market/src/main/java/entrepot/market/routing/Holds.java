package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Request;
import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Inquiry;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Order.Goods;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.market.budgets.Budgets;
import entrepot.market.budgets.Claim;
import entrepot.market.budgets.Hold;
import entrepot.market.budgets.LimitReached;
import entrepot.market.budgets.limits.LimitScope;
import entrepot.market.catalog.Model;
import entrepot.market.metering.TokenBound;
import entrepot.market.prices.Prices;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Puts aside what an attempt may cost at worst, and puts what it did cost in its place. */
final class Holds {

    private static final List<Meter> INPUTS =
            List.of(Meter.FRESH_INPUT, Meter.CACHE_WRITE_5M, Meter.CACHE_WRITE_1H);

    private final @Nullable Budgets budgets;

    /**
     * @param budgets null where nothing is limited
     */
    Holds(@Nullable Budgets budgets) {
        this.budgets = budgets;
    }

    /**
     * Holds for one attempt.
     *
     * @return null when no limit of the caller's tenant is known
     * @throws LimitReached when a limit refuses
     */
    @Nullable Hold take(
            Order order,
            Candidate candidate,
            int attempt,
            Supplier<Request> request,
            Pricing pricing) {
        if (budgets == null) {
            return null;
        }
        Order.Work work = order.work();
        if (work != null && work.budget() != null) {
            budgets.require(
                    order.caller(),
                    new LimitScope(LimitScope.Kind.TREE, work.rootId()),
                    work.budget());
        }
        if (!budgets.watches(order.caller().tenant())) {
            return null;
        }
        Size size = size(order, candidate.model(), request);
        return budgets.hold(
                new Claim(
                        order.id(),
                        attempt,
                        order.caller(),
                        order.purpose().project(),
                        work == null ? null : work.sessionId(),
                        work == null ? null : work.rootId(),
                        worst(pricing, candidate, size),
                        size.total(),
                        pricing.at()));
    }

    /**
     * What would be held for a supposed order at one of its offers; nothing is held.
     *
     * @return null when no limit of the caller's tenant is known
     */
    @Nullable Verdict look(Inquiry inquiry, Candidate candidate, Pricing pricing) {
        if (budgets == null || !budgets.watches(inquiry.caller().tenant())) {
            return null;
        }
        Model model = candidate.model();
        Inquiry.Extent extent = inquiry.extent();
        Long input = extent.inputTokens() == null ? model.contextTokensMax() : extent.inputTokens();
        Long output =
                extent.outputTokens() == null ? model.outputTokensMax() : extent.outputTokens();
        var size = input == null ? null : new Size(input, output, extent.tier());
        String session = null;
        var claim =
                new Claim(
                        "supposed",
                        1,
                        inquiry.caller(),
                        inquiry.purpose().project(),
                        session,
                        session,
                        size == null ? unsized(candidate) : worst(pricing, candidate, size),
                        size == null ? null : size.total(),
                        pricing.at());
        return Foresight.verdict(budgets.look(claim), extent);
    }

    private static @Nullable List<Money> unsized(Candidate candidate) {
        return candidate.offer().prices() instanceof Prices.Free ? List.of() : null;
    }

    /** Settles what was held with what was used; gives it back when no supplier worked. */
    void settle(@Nullable Hold hold, Receipt receipt) {
        if (budgets == null || hold == null) {
            return;
        }
        Usage usage = receipt.usage();
        boolean idle = receipt.outcome() == Outcome.FAILED && usage.meters().isEmpty();
        if (idle) {
            budgets.release(hold);
        } else {
            budgets.settle(hold, receipt.cost(), usage.totalTokens());
        }
    }

    /** Waits until what was settled is durable. */
    void flush(@Nullable Hold hold) throws InterruptedException {
        if (budgets != null && hold != null && hold.limits() > 0) {
            budgets.flush();
        }
    }

    /**
     * How large an order may become.
     *
     * @param output null when nobody said how much may be answered
     * @param tier that was asked for, in the caller's word; null when none was
     */
    private record Size(long input, @Nullable Long output, @Nullable String tier) {

        @Nullable Long total() {
            return output == null ? null : (Long) (input + output);
        }
    }

    private static Size size(Order order, Model model, Supplier<Request> request) {
        return switch (order.goods()) {
            case Goods.Conversation ignored -> conversation(order, model, request);
            case Goods.Embedding embedding ->
                    new Size(capped(TokenBound.of(embedding.request().get()), model), 0L, null);
            case Goods.Count ignored -> new Size(0, 0L, null);
            case Goods.Pictures ignored -> new Size(0, null, null);
        };
    }

    private static @Nullable Long output(Order order, @Nullable Long each) {
        Order.Verbatim verbatim = order.verbatim();
        return each == null ? null : (Long) (each * (verbatim == null ? 1 : verbatim.answers()));
    }

    private static Size conversation(Order order, Model model, Supplier<Request> request) {
        try {
            Request asked = request.get();
            Integer most = asked.sampling().outputTokensMax();
            Long output = most == null ? model.outputTokensMax() : Long.valueOf(most);
            return new Size(
                    capped(TokenBound.of(asked), model),
                    output(order, output),
                    AskedTier.of(asked.extras()));
        } catch (Failed unreadable) {
            // Same-dialect bytes may hold what only their supplier understands.
            Order.Verbatim verbatim = order.verbatim();
            long bytes = verbatim == null ? 0 : verbatim.splice().with(order.model(), false).length;
            return new Size(capped(bytes, model), output(order, model.outputTokensMax()), null);
        }
    }

    private static long capped(long tokens, Model model) {
        Long most = model.contextTokensMax();
        return most == null ? tokens : Math.min(tokens, most);
    }

    /** Null when a price is not known, or how much may be answered. */
    private static @Nullable List<Money> worst(Pricing pricing, Candidate candidate, Size size) {
        if (candidate.offer().prices() instanceof Prices.Free) {
            return List.of();
        }
        Long output = size.output();
        if (output == null) {
            return null;
        }
        Money worst = worst(pricing, candidate, size.input(), output, size.tier());
        if (worst == null && AskedTier.isCheaper(size.tier())) {
            worst = worst(pricing, candidate, size.input(), output, null);
        }
        return worst == null ? null : List.of(worst);
    }

    private static @Nullable Money worst(
            Pricing pricing,
            Candidate candidate,
            long inputTokens,
            long outputTokens,
            @Nullable String tier) {
        @Nullable Money worst = null;
        for (Meter input : INPUTS) {
            var usage = new Usage(Map.of(input, inputTokens, Meter.OUTPUT, outputTokens), true);
            Money cost = pricing.cost(candidate, usage.withTier(tier));
            if (cost != null && (worst == null || cost.compareTo(worst) > 0)) {
                worst = cost;
            }
        }
        return worst;
    }
}
