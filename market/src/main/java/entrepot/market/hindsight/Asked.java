package entrepot.market.hindsight;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Which orders are decided again.
 *
 * @param from included
 * @param to not included
 * @param after the {@code next} of the page before; null for the first
 */
public record Asked(
        String tenant, Instant from, Instant to, @Nullable String after, int ordersMax) {

    public static final int ORDERS_MAX = 10_000;

    public Asked {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("it must not be before from");
        }
        if (ordersMax < 1 || ordersMax > ORDERS_MAX) {
            throw new IllegalArgumentException("it must be 1 to " + ORDERS_MAX);
        }
    }
}
