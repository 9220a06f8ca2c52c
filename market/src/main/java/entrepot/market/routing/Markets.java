package entrepot.market.routing;

import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.Ids;
import entrepot.market.Explanation;
import entrepot.market.Inquiry;
import entrepot.market.budgets.Budgets;
import entrepot.market.capacity.Capacity;
import entrepot.market.catalog.Catalogue;
import entrepot.market.gates.CapacityGate;
import entrepot.market.gates.Gates;
import entrepot.market.gates.KeyGate;
import entrepot.market.gates.LedgerGate;
import entrepot.market.gates.OfferGate;
import entrepot.market.gates.OfferGates;
import entrepot.market.ledger.Ledger;
import entrepot.market.supply.BuiltInModel;
import entrepot.market.supply.Supplies;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/** Puts a market together from what it needs of the rest. */
public final class Markets {

    /** Orders under way at once, all keys together. */
    private static final int ORDERS_MAX = 20_000;

    private static final int ORDERS_PER_KEY_MAX = 10_000;

    private Markets() {}

    /**
     * What decides beside the catalogue.
     *
     * @param offerGates what each offer of an order must pass, in this order
     * @param budgets null where nothing is limited
     * @param capacity null where nothing is paid for before it is used
     */
    public record Rules(
            List<OfferGate> offerGates, @Nullable Budgets budgets, @Nullable Capacity capacity) {

        /** Whatever is for sale may be bought by whoever has a key. */
        public static final Rules NONE = new Rules(List.of(), null);

        /** Rules of a market where every order is on demand. */
        public Rules(List<OfferGate> offerGates, @Nullable Budgets budgets) {
            this(offerGates, budgets, null);
        }

        public Rules {
            offerGates = List.copyOf(offerGates);
        }
    }

    /**
     * What a market needs of the rest.
     *
     * @param catalogue gives the snapshot in force, such as a {@code CatalogueFile}
     * @param builtInModels what runs in this process; the catalogue must have been read with them
     */
    public record Parts(
            Supplier<Catalogue> catalogue,
            Ledger ledger,
            HttpClient http,
            List<BuiltInModel> builtInModels,
            InstantSource clock,
            Ids ids) {}

    /** Opens a market in which only the key, the ledger and room are asked for. */
    public static Broker open(
            Supplier<Catalogue> catalogue,
            Ledger ledger,
            HttpClient http,
            List<BuiltInModel> builtInModels,
            InstantSource clock,
            Ids ids) {
        return open(new Parts(catalogue, ledger, http, builtInModels, clock, ids), Rules.NONE);
    }

    /**
     * What would become of an order in a market that is not open: nothing is called, held or
     * written, so that only the key is asked for beside the rules.
     *
     * @throws entrepot.conversation.Failed when there is no such model
     */
    public static Explanation explain(
            Catalogue catalogue,
            List<BuiltInModel> builtInModels,
            Rules rules,
            InstantSource clock,
            Inquiry inquiry) {
        var gates = new Gates(List.of(new KeyGate()));
        var supplies = new Supplies(NO_LINE, builtInModels, clock);
        var shelf = Shelf.of(catalogue, null, supplies, gates.allPassed());
        var ranking = new Ranking(new OfferGates(rules.offerGates()));
        var holds = new Holds(rules.budgets());
        return new Explainer(gates, ranking, holds, rules.capacity(), clock)
                .explain(inquiry, shelf);
    }

    private static final HttpClient NO_LINE =
            new HttpClient() {
                @Override
                public Incoming send(Outgoing call) {
                    throw new IllegalStateException("an explanation calls nobody");
                }

                @Override
                public void close() {}
            };

    /** Opens the market. */
    public static Broker open(Parts parts, Rules rules) {
        var gates =
                new Gates(
                        List.of(
                                new KeyGate(),
                                new CapacityGate(ORDERS_MAX, ORDERS_PER_KEY_MAX),
                                new LedgerGate(parts.ledger())));
        return new Broker(
                parts.catalogue(),
                gates,
                new OfferGates(rules.offerGates()),
                rules.budgets(),
                rules.capacity(),
                parts.ledger(),
                new Supplies(parts.http(), parts.builtInModels(), parts.clock()),
                parts.clock(),
                parts.ids(),
                Pause.REAL);
    }
}
