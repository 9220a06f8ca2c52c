package entrepot.market.routing;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.Wishes.MaxPrice;
import entrepot.market.catalog.Supplier.Channel;
import entrepot.market.gates.OfferGates;
import entrepot.market.gates.Question;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Which ways an order may go, the best first, and why it may not go the others. */
final class Ranking {

    private static final String ROUTE = "route";
    // A million at once would be priced as a long prompt.
    private static final Usage THOUSAND_IN = new Usage(Map.of(Meter.FRESH_INPUT, 1_000L), false);
    private static final Usage THOUSAND_OUT = new Usage(Map.of(Meter.OUTPUT, 1_000L), false);

    private final OfferGates gates;

    Ranking(OfferGates gates) {
        this.gates = gates;
    }

    OfferGates gates() {
        return gates;
    }

    /**
     * @param open in the order of attempts; what each gate said stands in its verdicts
     * @param closed the rest; the last of its verdicts is a no
     */
    record Ranked(List<Candidate> open, List<Candidate> closed) {}

    /**
     * Ranks.
     *
     * @param questions what to ask of each candidate
     * @param ladder null where nothing is paid for before it is used
     * @param all whether every gate is to be heard of a candidate that one refused
     */
    Ranked rank(
            List<Candidate> candidates,
            Wishes wishes,
            Pricing pricing,
            Function<Candidate, Question> questions,
            @Nullable Ladder ladder,
            boolean all) {
        if (!all
                && ladder == null
                && gates.idle()
                && wishes.equals(Wishes.NONE)
                && !pricing.refuses()) {
            return new Ranked(candidates, List.of());
        }
        var open = new ArrayList<Candidate>(candidates.size());
        var closed = new ArrayList<Candidate>();
        @Nullable Candidate before = null;
        List<Verdict> said = List.of();
        for (Candidate candidate : candidates) {
            if (before == null || !before.offer().equals(candidate.offer())) {
                said = said(candidate, wishes, pricing, questions.apply(candidate), all);
                before = candidate;
            }
            Candidate heard = candidate.heard(said);
            (said.stream().allMatch(Verdict::passed) ? open : closed).add(heard);
        }
        if (ladder != null) {
            Ladder.Sorted sorted = ladder.sorted(open, wishes, !all);
            open = new ArrayList<>(sorted.open());
            closed.addAll(sorted.closed());
        }
        sort(open, wishes, pricing);
        return new Ranked(wishes.allowFallbacks() ? open : firstOffer(open, closed), closed);
    }

    private List<Verdict> said(
            Candidate candidate, Wishes wishes, Pricing pricing, Question question, boolean all) {
        List<Verdict> said = all ? gates.judgeAll(question) : gates.judge(question);
        Verdict unpriced = pricing.refusal(candidate);
        if (unpriced != null) {
            said = new ArrayList<>(said);
            said.add(unpriced);
        }
        String unwanted = unwanted(candidate, wishes, pricing);
        if (unwanted == null) {
            return said;
        }
        var more = new ArrayList<>(said);
        more.add(new Verdict(ROUTE, false, unwanted, "the request's wishes", null));
        return more;
    }

    private static @Nullable String unwanted(Candidate candidate, Wishes wishes, Pricing pricing) {
        if (!wishes.only().isEmpty() && !named(wishes.only(), candidate)) {
            return "only " + String.join(", ", wishes.only()) + " may be used";
        }
        if (named(wishes.ignore(), candidate)) {
            return "it is to be ignored";
        }
        Channel channel = candidate.supplier().channel();
        if (wishes.denyDataCollection() && channel.collects()) {
            return "it may collect content (data: collected), which data_collection: deny rules"
                    + " out";
        }
        if (wishes.zeroRetention() && !channel.zeroRetention()) {
            return "it is not known to keep nothing (data: zero-retention), which zdr asks for";
        }
        return dear(candidate, wishes.maxPrice(), pricing);
    }

    private static @Nullable String dear(
            Candidate candidate, @Nullable MaxPrice max, Pricing pricing) {
        if (max == null) {
            return null;
        }
        String input = dear(pricing.cost(candidate, THOUSAND_IN), max.input(), "input");
        return input == null
                ? dear(pricing.cost(candidate, THOUSAND_OUT), max.output(), "output")
                : input;
    }

    private static @Nullable String dear(
            @Nullable Money thousand, @Nullable BigDecimal max, String what) {
        if (max == null) {
            return null;
        }
        if (thousand == null) {
            return "its price of " + what + " is not known, and max_price is set";
        }
        var price = new Money(thousand.amount().movePointRight(3), thousand.currency());
        return price.amount().compareTo(max) <= 0
                ? null
                : "a million tokens of %s cost %s, over max_price %s"
                        .formatted(what, price, max.toPlainString());
    }

    private static boolean named(List<String> names, Candidate candidate) {
        return place(names, candidate) < names.size();
    }

    private static int place(List<String> names, Candidate candidate) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.equals(candidate.supplier().id())
                    || name.equals(candidate.supplier().channel().name())) {
                return i;
            }
        }
        return names.size();
    }

    /** Keeps the market's order among equals. */
    private static void sort(List<Candidate> open, Wishes wishes, Pricing pricing) {
        if (wishes.sort() != null) {
            open.sort(by(wishes.sort(), pricing));
        }
        if (!wishes.order().isEmpty()) {
            open.sort(Comparator.comparingInt(candidate -> place(wishes.order(), candidate)));
        }
    }

    private static Comparator<Candidate> by(Wishes.Sort sort, Pricing pricing) {
        return switch (sort) {
            case PRICE -> Comparator.comparing(pricing::typical, CHEAPEST);
            case LATENCY -> Comparator.comparingDouble(Ranking::latency);
            case THROUGHPUT -> Comparator.comparingDouble(Ranking::throughput).reversed();
        };
    }

    /** Prices of another currency, or none, come after those of the first's. */
    private static final Comparator<@Nullable Money> CHEAPEST =
            Comparator.nullsLast(
                    Comparator.comparing(Money::currency).thenComparing(Money::amount));

    private static double latency(Candidate candidate) {
        Gauge.Reading reading = candidate.gauge().reading();
        return reading.answers() == 0 ? Double.MAX_VALUE : reading.firstEventMillis();
    }

    private static double throughput(Candidate candidate) {
        return candidate.gauge().reading().tokensPerSecond();
    }

    private static List<Candidate> firstOffer(List<Candidate> open, List<Candidate> closed) {
        var first = new ArrayList<Candidate>();
        for (Candidate candidate : open) {
            if (first.isEmpty() || first.getFirst().offer().equals(candidate.offer())) {
                first.add(candidate);
            } else {
                closed.add(
                        candidate.heard(
                                List.of(
                                        new Verdict(
                                                ROUTE,
                                                false,
                                                "fallbacks are not allowed",
                                                "the request's wishes",
                                                null))));
            }
        }
        return first;
    }
}
