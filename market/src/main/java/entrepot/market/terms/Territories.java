package entrepot.market.terms;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which countries unions are made of. */
final class Territories {

    /** https://european-union.europa.eu/principles-countries-history/eu-countries_en, 2026. */
    private static final Set<String> EU =
            Set.of(
                    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
                    "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI",
                    "SK");

    /** https://www.efta.int/eea/eea-agreement, 2026. */
    private static final Set<String> EEA =
            Stream.concat(EU.stream(), Stream.of("EU", "IS", "LI", "NO"))
                    .collect(Collectors.toUnmodifiableSet());

    private static final Map<String, Set<String>> UNIONS = Map.of("EU", EU, "EEA", EEA);

    private Territories() {}

    /** Whether a country or union lies in one of others. */
    static boolean within(String territory, Set<String> others) {
        if (others.contains(territory)) {
            return true;
        }
        for (String other : others) {
            if (UNIONS.getOrDefault(other, Set.of()).contains(territory)) {
                return true;
            }
        }
        return false;
    }
}
