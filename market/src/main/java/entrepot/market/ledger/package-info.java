/**
 * The record of money: append-only rows, one per attempt. Begin with {@link
 * entrepot.market.ledger.Ledger}.
 */
@NullMarked
package entrepot.market.ledger;

import org.jspecify.annotations.NullMarked;
