/**
 * What is paid for already: reserved units with their measured use, and commitments that are behind
 * plan. Routing asks it which offers to try first.
 *
 * <p>Units come from the catalogue and from contracts, commitments from contracts alone; what is
 * committed is forecast now and then, never at an order. Begin with {@link
 * entrepot.market.capacity.Capacity}.
 */
@NullMarked
package entrepot.market.capacity;

import org.jspecify.annotations.NullMarked;
