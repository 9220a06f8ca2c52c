package entrepot.market.routing;

import entrepot.http.HttpClient;
import entrepot.identity.Ids;
import entrepot.market.catalog.Catalogue;
import entrepot.market.gates.CapacityGate;
import entrepot.market.gates.Gates;
import entrepot.market.gates.KeyGate;
import entrepot.market.gates.LedgerGate;
import entrepot.market.ledger.Ledger;
import entrepot.market.supply.BuiltInModel;
import entrepot.market.supply.Supplies;

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
     * Opens the market.
     *
     * @param catalogue gives the snapshot in force, such as a {@code CatalogueFile}
     * @param builtInModels what runs in this process; the catalogue must have been read with them
     */
    public static Broker open(
            Supplier<Catalogue> catalogue,
            Ledger ledger,
            HttpClient http,
            List<BuiltInModel> builtInModels,
            InstantSource clock,
            Ids ids) {
        var gates =
                new Gates(
                        List.of(
                                new KeyGate(),
                                new CapacityGate(ORDERS_MAX, ORDERS_PER_KEY_MAX),
                                new LedgerGate(ledger)));
        return new Broker(
                catalogue,
                gates,
                ledger,
                new Supplies(http, builtInModels, clock),
                clock,
                ids,
                Pause.REAL);
    }
}
