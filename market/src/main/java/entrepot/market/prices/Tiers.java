package entrepot.market.prices;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/** The service tiers that suppliers state, each in words of its own, in one set of words. */
public final class Tiers {

    /** What is bought when nothing else is said. */
    public static final String STANDARD = "standard";

    static final String FAST = "fast";
    static final String PRIORITY = "priority";

    private Tiers() {}

    /**
     * The word for a tier: {@code standard}, {@code batch}, {@code flex}, {@code priority}, {@code
     * fast}, {@code provisioned}, or the supplier's own in small letters.
     *
     * @param stated as the answer says it; null or empty when it says nothing
     */
    public static String of(@Nullable String stated) {
        String word = stated == null ? "" : stated.toLowerCase(Locale.ROOT);
        return switch (word) {
            // OpenAI says default, Groq and Vertex on_demand; auto says that nothing was chosen.
            case "", "default", "auto", "on_demand", STANDARD -> STANDARD;
            case "on_demand_flex" -> "flex";
            case "on_demand_priority" -> PRIORITY;
            case "provisioned_throughput", "reserved" -> "provisioned";
            default -> word;
        };
    }
}
