package entrepot.market.supply;

import entrepot.http.HttpClient;
import entrepot.market.catalog.Supplier;

import java.util.List;

/** Makes what calls a supplier, for each supplier of a catalogue. */
public final class Supplies {

    private final HttpClient http;
    private final BuiltIn builtIn;

    public Supplies(HttpClient http, List<BuiltInModel> builtInModels) {
        this.http = http;
        this.builtIn = new BuiltIn(builtInModels);
    }

    public Supply of(Supplier supplier) {
        return switch (supplier) {
            case Supplier.BuiltIn ignored -> builtIn;
            case Supplier.OpenAiCompatible compatible -> new OpenAiCompatible(http, compatible);
        };
    }
}
