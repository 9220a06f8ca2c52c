/**
 * Finds an offer for each order and tries until one delivers: the model's offers in their order,
 * then those of its one fallback; freely before anything is on the counter, never after.
 *
 * <p>How a supplier is spoken to is the affair of supply. Begin with {@link
 * entrepot.market.routing.Broker}.
 */
@NullMarked
package entrepot.market.routing;

import org.jspecify.annotations.NullMarked;
