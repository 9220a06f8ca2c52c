package entrepot.market.prices;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * What is to be priced.
 *
 * @param model canonical id
 * @param supplier its id in the catalogue
 * @param name what that supplier calls the model
 * @param channel of the public list; null for the one that the catalogue knows of the supplier
 * @param region null for the one that the catalogue knows of the supplier
 * @param tier as the answer states it, in the supplier's word; null when it states none
 * @param at when it was bought
 */
public record RatingQuestion(
        String model,
        String supplier,
        String name,
        @Nullable String channel,
        @Nullable String region,
        @Nullable String tier,
        Instant at) {

    /** Of an offer of the catalogue, at its usual tier. */
    public RatingQuestion(String model, String supplier, String name, Instant at) {
        this(model, supplier, name, null, null, null, at);
    }

    /** The same for what an answer states. */
    public RatingQuestion stated(@Nullable String statedTier, @Nullable String statedRegion) {
        return new RatingQuestion(
                model,
                supplier,
                name,
                channel,
                statedRegion == null ? region : statedRegion,
                statedTier,
                at);
    }
}
