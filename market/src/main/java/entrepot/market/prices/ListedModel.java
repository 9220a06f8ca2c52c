package entrepot.market.prices;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One model of one channel in the public list.
 *
 * @param name the channel's own
 * @param names others by which the channel knows it
 * @param source which of the list's sources its prices are from
 */
public record ListedModel(
        String name, List<String> names, String source, Tariff tariff, Abilities abilities) {

    public ListedModel {
        names = List.copyOf(names);
    }

    /**
     * What it can do, as far as the list says.
     *
     * @param contextTokensMax null when not said, as the next
     * @param takes such as {@code text}, {@code image}, {@code audio}, {@code pdf}; empty when not
     *     said
     * @param gives likewise
     * @param tools whether it calls tools; null when not said, as the next
     */
    public record Abilities(
            @Nullable Long contextTokensMax,
            @Nullable Long outputTokensMax,
            List<String> takes,
            List<String> gives,
            @Nullable Boolean tools,
            @Nullable Boolean reasoning) {

        public static final Abilities UNKNOWN =
                new Abilities(null, null, List.of(), List.of(), null, null);

        public Abilities {
            takes = List.copyOf(takes);
            gives = List.copyOf(gives);
        }
    }
}
