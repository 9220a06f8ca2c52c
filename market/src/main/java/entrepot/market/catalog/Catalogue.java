package entrepot.market.catalog;

import entrepot.market.prices.PriceBook;
import entrepot.market.yaml.Spelling;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * One snapshot of everything for sale. Whoever decides, decides by one snapshot from beginning to
 * end; whatever is derived from it lives and dies with it.
 */
public final class Catalogue {

    private final String version;
    private final Map<String, Supplier> suppliers;
    private final Map<String, Model> models;
    private final Map<String, String> aliases;
    private final List<String> warnings;
    private final Demands demands;
    private final PriceBook prices;
    private final Map<String, Model> names;

    /**
     * @param version names the text it was read from; equal texts have equal versions on all nodes
     * @param aliases to canonical ids
     * @param warnings what is allowed but unwise
     * @param demands what the operator demands of calls
     * @param prices of all its offers
     */
    public Catalogue(
            String version,
            Map<String, Supplier> suppliers,
            Map<String, Model> models,
            Map<String, String> aliases,
            List<String> warnings,
            Demands demands,
            PriceBook prices) {
        this.version = Objects.requireNonNull(version, "version");
        this.suppliers = Collections.unmodifiableMap(new LinkedHashMap<>(suppliers));
        this.models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        this.aliases = Collections.unmodifiableMap(new LinkedHashMap<>(aliases));
        this.warnings = List.copyOf(warnings);
        this.demands = demands;
        this.prices = prices;
        this.names = names();
    }

    public String version() {
        return version;
    }

    public Map<String, Supplier> suppliers() {
        return suppliers;
    }

    public Map<String, Model> models() {
        return models;
    }

    public Map<String, String> aliases() {
        return aliases;
    }

    public List<String> warnings() {
        return warnings;
    }

    /** What the operator demands of calls. */
    public Demands demands() {
        return demands;
    }

    /** What everything in it costs. */
    public PriceBook prices() {
        return prices;
    }

    /**
     * The model meant by a canonical id, an alias, or a bare or supplier's own name that only one
     * model has.
     */
    public @Nullable Model find(String asked) {
        return names.get(asked);
    }

    public @Nullable Supplier supplier(String id) {
        return suppliers.get(id);
    }

    /** Words for the end of a refusal: what may have been meant instead. */
    public String hint(String asked) {
        return Spelling.nearest(asked, names.keySet())
                .map(near -> "; did you mean '" + near + "'?")
                .orElse("; GET /v1/models lists what there is");
    }

    private Map<String, Model> names() {
        var found = new HashMap<String, Model>(models);
        aliases.forEach((alias, id) -> {
            Model model = models.get(id);
            if (model != null) {
                found.put(alias, model);
            }
        });
        var derived = new HashMap<String, Model>();
        var ambiguous = new HashSet<String>();
        for (Model model : models.values()) {
            for (String name : ownNames(model)) {
                Model other = derived.putIfAbsent(name, model);
                if (other != null && !other.equals(model)) {
                    ambiguous.add(name);
                }
            }
        }
        derived.keySet().removeAll(ambiguous);
        derived.forEach(found::putIfAbsent);
        return Map.copyOf(found);
    }

    private static Set<String> ownNames(Model model) {
        var own = new HashSet<String>();
        own.add(model.id().substring(model.id().indexOf('/') + 1));
        var offered = new ArrayList<>(model.offers());
        offered.forEach(offer -> own.add(offer.name()));
        return own;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (other == this) {
            return true; // what every order asks
        }
        return other instanceof Catalogue catalogue
                && version.equals(catalogue.version)
                && prices.version().equals(catalogue.prices.version())
                && suppliers.equals(catalogue.suppliers)
                && models.equals(catalogue.models)
                && aliases.equals(catalogue.aliases)
                && warnings.equals(catalogue.warnings)
                && demands.equals(catalogue.demands);
    }

    @Override
    public int hashCode() {
        return version.hashCode();
    }

    @Override
    public String toString() {
        return "catalogue " + version;
    }
}
