/**
 * The record of money: append-only rows, one per attempt, each with balanced postings, all chained
 * by hash. {@code books} says what a receipt posts, {@code rollups} keeps sums as rows are written.
 * Begin with {@link entrepot.market.ledger.Ledger}; docs/ledger.md tells the whole.
 */
@NullMarked
package entrepot.market.ledger;

import org.jspecify.annotations.NullMarked;
