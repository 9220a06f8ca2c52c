/**
 * Where orders meet offers: gates, routing, supply, metering and the ledger.
 *
 * <p>Whoever wants a model's answer (a storefront, an agent's turn) hands an {@link
 * entrepot.market.Order} and a {@link entrepot.market.Counter} to the {@link
 * entrepot.market.Market}; one receipt per attempt is the result. Knows no HTTP exchange. Begin
 * with {@link entrepot.market.Market}.
 */
@NullMarked
package entrepot.market;

import org.jspecify.annotations.NullMarked;
