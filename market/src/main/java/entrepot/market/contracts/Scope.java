package entrepot.market.contracts;

import entrepot.market.Order.ApiKind;

import java.util.Set;

/**
 * What a clause is about. An empty set does not restrict.
 *
 * @param models canonical ids, or {@code vendor/*} for all of a vendor
 * @param territories ISO 3166-1 alpha-2, such as {@code JP}
 */
public record Scope(
        Set<String> models, Set<ApiKind> apis, Distribution distribution, Set<String> territories) {

    public static final Scope ALL = new Scope(Set.of(), Set.of(), Distribution.ANY, Set.of());

    public Scope {
        models = Sets.sorted(models);
        apis = Sets.sorted(apis);
        territories = Sets.sorted(territories);
    }

    /** Who sells: the vendor itself, or somebody else who distributes. */
    public enum Distribution {
        ANY,
        FIRST_PARTY,
        THIRD_PARTY;

        boolean covers(boolean firstParty) {
            return this == ANY || (this == FIRST_PARTY) == firstParty;
        }

        boolean meets(Distribution other) {
            return this == ANY || other == ANY || this == other;
        }
    }

    /**
     * Whether the clause speaks of this carriage. A territory that is not known counts as inside:
     * what might be forbidden is not let through for want of knowing.
     */
    public boolean covers(Carriage carriage) {
        return (apis.isEmpty() || apis.contains(carriage.api()))
                && coversModel(carriage.model())
                && coversSale(carriage);
    }

    /**
     * Whether a waiver of this scope lifts a clause for this carriage. A territory that is not
     * known is not one in which something was given up.
     */
    boolean lifts(Carriage carriage) {
        return (territories.isEmpty() || !carriage.territory().isEmpty()) && covers(carriage);
    }

    /** The part of {@link #covers} that no index answers. */
    boolean coversSale(Carriage carriage) {
        return distribution.covers(carriage.firstParty())
                && (territories.isEmpty()
                        || carriage.territory().isEmpty()
                        || territories.contains(carriage.territory()));
    }

    public boolean coversModel(String model) {
        return models.isEmpty() || models.contains(model) || models.contains(vendorOf(model));
    }

    /** Whether some carriage is in both. */
    public boolean meets(Scope other) {
        return (apis.isEmpty() || other.apis.isEmpty() || Sets.meet(apis, other.apis))
                && distribution.meets(other.distribution)
                && (territories.isEmpty()
                        || other.territories.isEmpty()
                        || Sets.meet(territories, other.territories))
                && meetsModels(other);
    }

    private boolean meetsModels(Scope other) {
        return models.isEmpty()
                || other.models.isEmpty()
                || models.stream().anyMatch(other::coversModel)
                || other.models.stream().anyMatch(this::coversModel);
    }

    /** All models of the vendor of a model, as a pattern. */
    static String vendorOf(String model) {
        int slash = model.indexOf('/');
        return slash < 0 ? model : model.substring(0, slash) + "/*";
    }
}
