package entrepot.market.routing;

import entrepot.conversation.Failed;
import entrepot.conversation.Request;
import entrepot.market.Explanation;
import entrepot.market.Explanation.Way;
import entrepot.market.Inquiry;
import entrepot.market.Order;
import entrepot.market.catalog.Model;
import entrepot.market.gates.Gates;
import entrepot.market.gates.Question;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says what would become of a supposed order, by the same gates and the same ranking. */
final class Explainer {

    private final Gates gates;
    private final Ranking ranking;
    private final InstantSource clock;

    Explainer(Gates gates, Ranking ranking, InstantSource clock) {
        this.gates = gates;
        this.ranking = ranking;
        this.clock = clock;
    }

    Explanation explain(Inquiry inquiry, Shelf shelf) {
        Model model = shelf.catalogue().find(inquiry.model());
        if (model == null) {
            throw new Failed(Broker.unknownModel(inquiry.model(), shelf.catalogue()));
        }
        Ranking.Ranked ranked =
                ranking.rank(
                        shelf.candidates(model),
                        inquiry.wishes(),
                        new Pricing(shelf.catalogue().prices(), inquiry.at()),
                        candidate ->
                                new Question(
                                        inquiry.caller(),
                                        candidate.model(),
                                        candidate.offer(),
                                        candidate.supplier(),
                                        inquiry.api(),
                                        inquiry.storefront(),
                                        inquiry.purpose(),
                                        inquiry.at(),
                                        inquiry.known()),
                        true);
        var ways = new LinkedHashSet<Way>();
        Set<Model.Offer> seen = new LinkedHashSet<>();
        for (Candidate candidate : ranked.open()) {
            if (seen.add(candidate.offer())) {
                ways.add(way(candidate, seen.size()));
            }
        }
        ranked.closed().forEach(candidate -> ways.add(way(candidate, 0)));
        var versions = new ArrayList<String>();
        versions.add("catalogue " + shelf.catalogue().version());
        versions.addAll(ranking.gates().versions());
        return new Explanation(
                model.id(),
                inquiry.at(),
                versions,
                gates.look(order(inquiry)),
                new ArrayList<>(ways));
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
