package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.conversation.Request;
import entrepot.market.Explanation;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;
import entrepot.market.Wishes;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Model;
import entrepot.market.contracts.AsOf;
import entrepot.market.gates.Gates;
import entrepot.market.gates.Question;
import entrepot.market.yaml.Spelling;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says what would become of a supposed order, by the same gates and the same ranking. */
final class Explainer {

    private final Gates gates;
    private final Ranking ranking;
    private final Holds holds;
    private final @Nullable Capacity capacity;
    private final InstantSource clock;

    Explainer(
            Gates gates,
            Ranking ranking,
            Holds holds,
            @Nullable Capacity capacity,
            InstantSource clock) {
        this.gates = gates;
        this.ranking = ranking;
        this.holds = holds;
        this.capacity = capacity;
        this.clock = clock;
    }

    Explanation explain(Inquiry inquiry, Shelf shelf) {
        Model model = shelf.catalogue().find(inquiry.model());
        if (model == null) {
            throw new Failed(Broker.unknownModel(inquiry.model(), shelf.catalogue()));
        }
        asked(inquiry.wishes(), shelf.catalogue());
        String territory = shelf.catalogue().demands().buyer(inquiry.caller().tenant()).territory();
        var pricing = new Pricing(shelf.catalogue().prices(), inquiry.at());
        Ladder ladder =
                Ladder.of(
                        capacity,
                        shelf.catalogue(),
                        inquiry.caller().tenant(),
                        inquiry.api(),
                        new AsOf(inquiry.at(), inquiry.known()),
                        clock.instant());
        Ranking.Ranked ranked =
                ranking.rank(
                        shelf.candidates(model),
                        inquiry.wishes(),
                        pricing,
                        candidate ->
                                new Question(
                                        inquiry.caller(),
                                        candidate.model(),
                                        candidate.offer(),
                                        candidate.supplier(),
                                        inquiry.api(),
                                        inquiry.storefront(),
                                        inquiry.purpose(),
                                        territory,
                                        inquiry.at(),
                                        inquiry.known()),
                        ladder,
                        true);
        List<Way> ways = ways(inquiry, ranked, pricing);
        var versions = new ArrayList<String>();
        versions.add("catalogue " + shelf.catalogue().version());
        versions.addAll(ranking.gates().versions());
        return new Explanation(
                model.id(), inquiry.at(), versions, gates.look(order(inquiry)), ways);
    }

    /** Whoever names somebody that nobody knows has most likely misspelt them. */
    private static void asked(Wishes wishes, Catalogue catalogue) {
        var known = new TreeSet<String>();
        catalogue
                .suppliers()
                .forEach((id, supplier) -> {
                    known.add(id);
                    known.add(supplier.channel().name());
                });
        Map<String, Collection<String>> named =
                Map.of("order", wishes.order(), "only", wishes.only(), "ignore", wishes.ignore());
        named.forEach((member, names) -> {
            for (String name : names) {
                if (!known.contains(name)) {
                    throw new Failed(
                            new Failure(
                                    Cause.INVALID_REQUEST,
                                    "no supplier or channel is called '"
                                            + name
                                            + "'"
                                            + Spelling.hint(name, known),
                                    "entrepot.route." + member,
                                    "invalid_value",
                                    null,
                                    null,
                                    null));
                }
            }
        });
    }

    /** Those that would be tried first; what does not fit a budget is passed over. */
    private List<Way> ways(Inquiry inquiry, Ranking.Ranked ranked, Pricing pricing) {
        var ways = new LinkedHashSet<Way>();
        var unaffordable = new ArrayList<Way>();
        Set<Model.Offer> seen = new LinkedHashSet<>();
        for (Candidate candidate : ranked.open()) {
            if (!seen.add(candidate.offer())) {
                continue;
            }
            Verdict budget = holds.look(inquiry, candidate, pricing);
            if (budget == null) {
                ways.add(way(candidate, ways.size() + 1));
            } else if (budget.passed()) {
                ways.add(way(candidate.heard(List.of(budget)), ways.size() + 1));
            } else {
                unaffordable.add(way(candidate.heard(List.of(budget)), 0));
            }
        }
        ways.addAll(unaffordable);
        ranked.closed().forEach(candidate -> ways.add(way(candidate, 0)));
        return List.copyOf(ways);
    }

    private static Way way(Candidate candidate, int place) {
        int own = candidate.verdicts().size() - 1;
        var verdicts = new ArrayList<>(candidate.verdicts());
        // What concerns the whole order is told once, beside the ways.
        return new Way(
                candidate.supplier().id(),
                candidate.supplier().channel().name(),
                candidate.offer().name(),
                place,
                verdicts.subList(Math.min(candidate.passed(), own), verdicts.size()));
    }

    private Order order(Inquiry inquiry) {
        Instant now = clock.instant();
        return new Order(
                "supposed",
                inquiry.caller(),
                inquiry.model(),
                inquiry.api(),
                inquiry.storefront(),
                now,
                () -> Request.of(inquiry.model(), List.of()),
                null,
                null,
                Order.Losses.REFUSE);
    }
}
