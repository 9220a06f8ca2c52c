/**
 * What things cost: dated prices by offer, tier, region and meter, and the public price list that
 * comes with the project. Knows nothing of who bought what (see the ledger).
 *
 * <p>Prices are per million of what a meter counts. What nobody told us is not known, never zero.
 * Begin with {@link entrepot.market.prices.PriceBook}, then {@link entrepot.market.prices.Tariff}.
 */
@NullMarked
package entrepot.market.prices;

import org.jspecify.annotations.NullMarked;
