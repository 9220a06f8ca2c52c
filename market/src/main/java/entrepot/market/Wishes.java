package entrepot.market;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * Where a caller would have its order go, in the words of <a
 * href="https://openrouter.ai/docs/guides/routing/provider-selection">OpenRouter's provider
 * routing</a>. Gates decide first; wishes rank and remove what gates let through.
 *
 * @param order suppliers or channels to try first, in this order
 * @param only suppliers or channels; empty for all
 * @param ignore suppliers or channels never to use
 * @param allowFallbacks whether another offer may be tried when the first does not deliver
 * @param requireParameters whether an offer that would not be told all of the request is out
 * @param denyDataCollection whether offers whose supplier may keep or train on content are out
 * @param zeroRetention whether only offers without any retention will do
 * @param maxPrice null when the caller sets none
 * @param sort what decides among what is left; null for the market's own order
 */
public record Wishes(
        List<String> order,
        List<String> only,
        List<String> ignore,
        boolean allowFallbacks,
        boolean requireParameters,
        boolean denyDataCollection,
        boolean zeroRetention,
        @Nullable MaxPrice maxPrice,
        @Nullable Sort sort) {

    public static final Wishes NONE =
            new Wishes(List.of(), List.of(), List.of(), true, false, false, false, null, null);

    public Wishes {
        order = List.copyOf(order);
        only = List.copyOf(only);
        ignore = List.copyOf(ignore);
    }

    /**
     * The most that may be paid, per million tokens in the offer's currency.
     *
     * @param input null for any
     * @param output null for any
     */
    public record MaxPrice(@Nullable BigDecimal input, @Nullable BigDecimal output) {}

    /** What is best. */
    public enum Sort {
        /** Cheapest first. */
        PRICE,
        /** Most tokens a second first, as measured here. */
        THROUGHPUT,
        /** Shortest wait for the first event first, as measured here. */
        LATENCY
    }
}
