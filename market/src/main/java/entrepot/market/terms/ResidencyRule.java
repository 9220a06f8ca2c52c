package entrepot.market.terms;

import java.util.Set;

/**
 * Where content may be worked on, and by whom. An empty set allows any.
 *
 * @param source who says so, such as {@code residency[0] of the catalogue} or {@code
 *     contract/clause}
 * @param territories countries (ISO 3166) or {@code EU}, {@code EEA}
 * @param regions in the channel's own words, or a prefix with a star: {@code eu-*}
 */
public record ResidencyRule(
        String source, Set<String> territories, Set<String> regions, Set<String> processors) {

    public ResidencyRule {
        territories = Set.copyOf(territories);
        regions = Set.copyOf(regions);
        processors = Set.copyOf(processors);
    }
}
