package entrepot.market.catalog;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the operator says of calls and of who makes them, beside who sells what.
 *
 * @param terms that a tenant must have accepted, by model id, {@code vendor/*} or {@code *}
 * @param residency where content may be worked on; every rule that fits a call holds
 * @param buyers who tenants are, by tenant
 * @param charges what tenants are charged
 */
public record Demands(
        Map<String, Terms> terms,
        List<Residency> residency,
        Map<String, Buyer> buyers,
        Charges charges) {

    public static final Demands NONE = new Demands(Map.of(), List.of(), Map.of(), Charges.NONE);

    public Demands {
        terms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(terms));
        residency = List.copyOf(residency);
        buyers = Map.copyOf(buyers);
    }

    /** Who a tenant is; unknown when nobody said. */
    public Buyer buyer(String tenant) {
        return buyers.isEmpty() ? Buyer.UNKNOWN : buyers.getOrDefault(tenant, Buyer.UNKNOWN);
    }

    /**
     * The key under which the terms of a model stand, the most exact one first; null when it needs
     * none.
     */
    public @Nullable String termsKey(String model) {
        if (terms.isEmpty()) {
            return null;
        }
        if (terms.containsKey(model)) {
            return model;
        }
        String vendor = ModelNames.ofVendor(model);
        if (terms.containsKey(vendor)) {
            return vendor;
        }
        return terms.containsKey(ModelNames.ALL) ? ModelNames.ALL : null;
    }

    /**
     * One version of an agreement's text.
     *
     * @param url where it can be read; null when nobody said
     */
    public record Terms(String id, String version, String title, @Nullable String url) {}

    /**
     * Where content may be worked on, and by whom. An empty set allows any.
     *
     * @param path where the rule stands in the catalogue, such as {@code residency[0]}
     * @param tenant whose calls it concerns; null: everybody's
     * @param project null: any
     * @param dataClass null: any
     */
    public record Residency(
            String path,
            @Nullable String tenant,
            @Nullable String project,
            @Nullable String dataClass,
            Set<String> territories,
            Set<String> regions,
            Set<String> processors) {

        public Residency {
            territories = Set.copyOf(territories);
            regions = Set.copyOf(regions);
            processors = Set.copyOf(processors);
        }
    }
}
