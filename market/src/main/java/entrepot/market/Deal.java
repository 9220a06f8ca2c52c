package entrepot.market;

/**
 * The offer that was chosen for an order.
 *
 * @param model canonical id
 * @param catalogVersion of the snapshot that decided
 * @param attempt from 1
 */
public record Deal(
        String orderId, String model, String supplier, String catalogVersion, int attempt) {}
