/**
 * What the ledger remembers, asked again: orders of a period under other contracts, and every
 * decision that a clause touched. Reads the ledger and the catalogue; writes nothing, and how a
 * call is judged is the affair of {@link entrepot.market.contracts}. Begin with {@link
 * entrepot.market.hindsight.Hindsight}.
 */
@NullMarked
package entrepot.market.hindsight;

import org.jspecify.annotations.NullMarked;
