package entrepot.market.supply;

import entrepot.http.HttpClient;
import entrepot.market.catalog.Supplier;
import entrepot.protocols.openai.chat.ChatDialect;

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
            case Supplier.Remote remote -> new RemoteSupply(http, remote, endpoints(remote));
        };
    }

    /** The APIs of an account, the preferred one first. */
    private static List<Endpoint> endpoints(Supplier.Remote remote) {
        return switch (remote.api()) {
            case Supplier.Api.OpenAiCompatible _ ->
                    List.of(new OpenAiEndpoint(remote, new ChatDialect(), "/chat/completions"));
        };
    }
}
