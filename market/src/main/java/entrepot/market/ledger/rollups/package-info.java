/**
 * Sums over the ledger that are kept in the transaction that writes its rows: usage and money by
 * hour, day and month and by every dimension, and the balance of each account by month. Each writer
 * keeps its own rows (column {@code chain}), so that nodes never wait for each other; readers add
 * them up. Begin with {@link entrepot.market.ledger.rollups.Rollups}.
 */
@NullMarked
package entrepot.market.ledger.rollups;

import org.jspecify.annotations.NullMarked;
