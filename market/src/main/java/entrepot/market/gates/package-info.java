/**
 * What an order must pass before any supplier is asked: each gate says yes, or no with a reason and
 * what would change it.
 *
 * <p>Only gates that decide something stand here. Which offer is taken is routing's affair. Begin
 * with {@link entrepot.market.gates.Gate} and {@link entrepot.market.gates.Gates}.
 */
@NullMarked
package entrepot.market.gates;

import org.jspecify.annotations.NullMarked;
