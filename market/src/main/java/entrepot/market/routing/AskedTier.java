package entrepot.market.routing;

import entrepot.conversation.Extras;
import entrepot.market.prices.Tiers;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Set;

/** The service tier that a request asks for, in whichever dialect it was written. */
final class AskedTier {

    /** Sold below the standard price, wherever they are sold. */
    private static final Set<String> CHEAPER = Set.of("flex", "batch");

    private AskedTier() {}

    /**
     * {@code service_tier} of OpenAI and Anthropic, {@code speed} of Anthropic, {@code serviceTier}
     * of Gemini and Converse ({@code {type}}).
     *
     * @return null when none is asked for
     */
    static @Nullable String of(Extras extras) {
        if (extras.isEmpty()) {
            return null;
        }
        String speed = text(extras.members().get("speed"));
        if ("fast".equals(speed)) {
            return speed;
        }
        String tier = text(extras.members().get("service_tier"));
        return tier == null ? text(extras.members().get("serviceTier")) : tier;
    }

    private static @Nullable String text(@Nullable JsonNode value) {
        if (value == null) {
            return null;
        }
        String word = (value.isObject() ? value.path("type") : value).asString("");
        return word.isEmpty() || word.equals("standard_only") ? null : word;
    }

    /** Whether the standard price is never below that of a tier. */
    static boolean isCheaper(@Nullable String tier) {
        return CHEAPER.contains(Tiers.of(tier));
    }
}
