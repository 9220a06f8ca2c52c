package entrepot.market.terms;

import entrepot.market.catalog.Catalogue;
import entrepot.market.catalog.Demands;
import entrepot.market.gates.Question;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The terms that stand in the catalogue in force. */
public final class CatalogueTerms implements TermsSource {

    private final Supplier<Catalogue> catalogue;

    private volatile Known known = new Known(Demands.NONE, Map.of());

    public CatalogueTerms(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    @Override
    public boolean isEmpty() {
        return catalogue.get().demands().terms().isEmpty();
    }

    @Override
    public List<RequiredTerms> required(Question question) {
        return ofModel(question.model().id(), question.at());
    }

    @Override
    public List<RequiredTerms> ofModel(String model, Instant at) {
        Known here = known(catalogue.get().demands());
        String key = here.demands.termsKey(model);
        return key == null ? List.of() : here.byKey.getOrDefault(key, List.of());
    }

    private Known known(Demands demands) {
        Known here = known;
        if (!here.demands.equals(demands)) {
            here = Known.of(demands);
            known = here;
        }
        return here;
    }

    private record Known(Demands demands, Map<String, List<RequiredTerms>> byKey) {

        static Known of(Demands demands) {
            var byKey = new HashMap<String, List<RequiredTerms>>();
            demands.terms()
                    .forEach((key, terms) ->
                            byKey.put(
                                    key,
                                    List.of(
                                            new RequiredTerms(
                                                    terms.id(),
                                                    terms.version(),
                                                    terms.title(),
                                                    terms.url(),
                                                    "terms of " + key + " in the catalogue"))));
            return new Known(demands, byKey);
        }
    }
}
