package entrepot.market.gates;

import entrepot.conversation.Failure;
import entrepot.conversation.Failure.Cause;
import entrepot.market.Order;
import entrepot.market.Receipt.Verdict;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many orders may be under way at once: of one key, and of all together. */
public final class CapacityGate implements Gate {

    private static final Verdict YES = new Verdict("capacity", true, "there is room");
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int ordersMax;
    private final int ordersPerKeyMax;
    private final AtomicInteger orders = new AtomicInteger();

    /** Holds only keys with orders under way, so it never holds more than {@code ordersMax}. */
    private final ConcurrentHashMap<KeyName, Integer> ordersByKey = new ConcurrentHashMap<>();

    public CapacityGate(int ordersMax, int ordersPerKeyMax) {
        this.ordersMax = ordersMax;
        this.ordersPerKeyMax = ordersPerKeyMax;
    }

    @Override
    public Verdict yes() {
        return YES;
    }

    @Override
    public @Nullable Failure enter(Order order) {
        if (orders.incrementAndGet() > ordersMax) {
            orders.decrementAndGet();
            return gatewayFull();
        }
        if (ordersByKey.merge(key(order), 1, Integer::sum) > ordersPerKeyMax) {
            leave(order);
            return keyFull(order);
        }
        return null;
    }

    @Override
    public @Nullable Failure look(Order order) {
        if (orders.get() >= ordersMax) {
            return gatewayFull();
        }
        return ordersByKey.getOrDefault(key(order), 0) >= ordersPerKeyMax ? keyFull(order) : null;
    }

    @Override
    public void leave(Order order) {
        ordersByKey.computeIfPresent(key(order), (key, count) -> count == 1 ? null : count - 1);
        orders.decrementAndGet();
    }

    /** Orders under way. */
    public int orders() {
        return orders.get();
    }

    private Failure gatewayFull() {
        return limited(
                "gateway_concurrency",
                "this gateway has " + ordersMax + " orders under way, its limit: come back");
    }

    private Failure keyFull(Order order) {
        return limited(
                "key_concurrency",
                "key "
                        + order.caller().keyId()
                        + " has "
                        + ordersPerKeyMax
                        + " orders under way, its limit: wait for one of them to end");
    }

    private static KeyName key(Order order) {
        return new KeyName(order.caller().tenant(), order.caller().keyId());
    }

    private static Failure limited(String code, String message) {
        return new Failure(Cause.LIMITED, message, null, code, null, null, RETRY_AFTER);
    }

    private record KeyName(String tenant, String keyId) {}
}
