package entrepot.market.contracts.whatif;

import entrepot.market.Money;
import entrepot.market.contracts.AsOf;
import entrepot.market.contracts.Clause;
import entrepot.market.contracts.ContractBook;
import entrepot.market.contracts.Judgement;
import entrepot.market.contracts.whatif.PastDecision.Candidate;
import entrepot.market.contracts.whatif.Redecision.Refused;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Past orders under another book. Each is judged at its own time with everything that the book
 * knows. The same input always gives the same result.
 *
 * @param differences what all orders cost more than before, by currency, as far as it can be told
 * @param untold how many changed their supplier or price so that the difference cannot be told
 */
public record WhatIf(
        String bookVersion,
        Preference preference,
        List<Redecision> orders,
        Map<String, Money> differences,
        int untold) {

    public WhatIf {
        orders = List.copyOf(orders);
        differences = Collections.unmodifiableMap(new TreeMap<>(differences));
    }

    /** Which of the candidates that are allowed is taken. */
    public enum Preference {
        /** The one that filled the order; when it may not, the first in the order of then. */
        KEEP,
        /** The one that costs least; unknown prices last, then in the order of then. */
        CHEAPEST
    }

    public static WhatIf of(
            List<PastDecision> decisions, ContractBook book, Preference preference) {
        var orders = new ArrayList<Redecision>();
        var differences = new TreeMap<String, Money>();
        int untold = 0;
        for (PastDecision decision : decisions) {
            Redecision again = again(decision, book, preference);
            orders.add(again);
            Money difference = again.difference();
            if (difference != null) {
                differences.merge(difference.currency(), difference, Money::plus);
            } else if (again.chosen() != null || decision.chosen() != null) {
                untold++;
            }
        }
        return new WhatIf(book.version(), preference, orders, differences, untold);
    }

    /** Those that go elsewhere. */
    public List<Redecision> moved() {
        return orders.stream().filter(Redecision::moved).toList();
    }

    private static Redecision again(
            PastDecision decision, ContractBook book, Preference preference) {
        var asOf = new AsOf(decision.at(), Instant.MAX);
        var refused = new ArrayList<Refused>();
        var allowed = new ArrayList<Priced>();
        for (Candidate candidate : decision.candidates()) {
            Judgement judgement = book.judge(decision.by(candidate, asOf));
            if (judgement.allowed()) {
                Money cost = Pricing.cost(book, decision, candidate, asOf);
                allowed.add(new Priced(candidate, judgement, cost));
            } else {
                refused.add(new Refused(candidate, judgement));
            }
        }
        Priced chosen =
                switch (preference) {
                    case KEEP -> keep(decision, allowed);
                    case CHEAPEST -> cheapest(allowed);
                };
        Candidate before = before(decision);
        Money costBefore =
                before == null
                        ? null
                        : Pricing.cost(decision.usage(), before.perMillion(), before.currency());
        return new Redecision(
                decision,
                chosen == null ? null : chosen.candidate(),
                refused,
                costBefore,
                chosen == null ? null : chosen.cost(),
                why(decision, chosen, refused, preference));
    }

    private record Priced(Candidate candidate, Judgement judgement, @Nullable Money cost) {

        /** Amounts in different currencies do not compare: the first then stays. */
        boolean cheaperThan(Priced other) {
            if (cost == null || other.cost == null) {
                return cost != null;
            }
            return cost.currency().equals(other.cost.currency()) && cost.compareTo(other.cost) < 0;
        }
    }

    private static @Nullable Candidate before(PastDecision decision) {
        return decision.candidates().stream()
                .filter(each -> each.supplier().equals(decision.chosen()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Priced keep(PastDecision decision, List<Priced> allowed) {
        for (Priced each : allowed) {
            if (each.candidate().supplier().equals(decision.chosen())) {
                return each;
            }
        }
        return allowed.isEmpty() ? null : allowed.getFirst();
    }

    private static @Nullable Priced cheapest(List<Priced> allowed) {
        Priced best = null;
        for (Priced each : allowed) {
            if (best == null || each.cheaperThan(best)) {
                best = each;
            }
        }
        return best;
    }

    private static String why(
            PastDecision decision,
            @Nullable Priced chosen,
            List<Refused> refused,
            Preference preference) {
        String then = decision.chosen();
        Refused former =
                refused.stream()
                        .filter(each -> each.candidate().supplier().equals(then))
                        .findFirst()
                        .orElse(null);
        if (chosen == null) {
            return refused.isEmpty()
                    ? "there was no candidate"
                    : "no candidate may fill it: " + refused.getFirst().judgement().reason();
        }
        String now = chosen.candidate().supplier();
        if (now.equals(then)) {
            return "stays with " + now;
        }
        if (former != null) {
            return "goes to " + now + ", since " + former.judgement().reason();
        }
        if (then == null) {
            Clause deciding = chosen.judgement().deciding();
            return "is filled by "
                    + now
                    + (deciding == null ? "" : ", since " + chosen.judgement().reason());
        }
        return preference == Preference.CHEAPEST
                ? "goes to " + now + ", which costs less than " + then
                : "goes to " + now;
    }
}
