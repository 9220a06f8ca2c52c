package entrepot.market;

import entrepot.conversation.Loss;

import java.util.List;

/**
 * The offer that was chosen for an order.
 *
 * @param model canonical id
 * @param catalogVersion of the snapshot that decided
 * @param attempt from 1
 * @param losses what the supplier was not told, because its dialect cannot carry it
 */
public record Deal(
        String orderId,
        String model,
        String supplier,
        String catalogVersion,
        int attempt,
        List<Loss> losses) {

    public Deal {
        losses = List.copyOf(losses);
    }

    /** A deal without a loss. */
    public Deal(String orderId, String model, String supplier, String catalogVersion, int attempt) {
        this(orderId, model, supplier, catalogVersion, attempt, List.of());
    }

    public Deal withLosses(List<Loss> lost) {
        return new Deal(orderId, model, supplier, catalogVersion, attempt, lost);
    }
}
