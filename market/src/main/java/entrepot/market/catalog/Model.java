package entrepot.market.catalog;

import entrepot.market.prices.Prices;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/**
 * A vendor's model and who sells it.
 *
 * @param id canonical, {@code vendor/name}
 * @param note one line for people
 * @param createdSeconds Unix time, 0 when not known
 * @param offers in order of preference, at least one
 * @param fallback canonical id of the one model to try when no offer of this one delivers
 * @param hedge null for one supplier at a time
 */
public record Model(
        String id,
        String note,
        long createdSeconds,
        @Nullable Long contextTokensMax,
        @Nullable Long outputTokensMax,
        List<Offer> offers,
        @Nullable String fallback,
        @Nullable Hedge hedge) {

    /** A model that is asked for at one supplier at a time. */
    public Model(
            String id,
            String note,
            long createdSeconds,
            @Nullable Long contextTokensMax,
            @Nullable Long outputTokensMax,
            List<Offer> offers,
            @Nullable String fallback) {
        this(id, note, createdSeconds, contextTokensMax, outputTokensMax, offers, fallback, null);
    }

    public Model {
        Objects.requireNonNull(id, "id");
        if (id.indexOf('/') < 1) {
            throw new IllegalArgumentException("not of the form vendor/name: " + id);
        }
        offers = List.copyOf(offers);
    }

    public String vendor() {
        return id.substring(0, id.indexOf('/'));
    }

    /**
     * This model from one supplier.
     *
     * @param supplier the supplier's id in the catalogue
     * @param name what that supplier calls the model
     * @param prices what is said of its price; the catalogue's price book tells what it costs
     */
    public record Offer(String supplier, String name, Prices prices) {}
}
