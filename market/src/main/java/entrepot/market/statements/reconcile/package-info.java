/**
 * Compares a supplier's invoice with the ledger. Begin with {@link
 * entrepot.market.statements.reconcile.Reconciliation}.
 */
@NullMarked
package entrepot.market.statements.reconcile;

import org.jspecify.annotations.NullMarked;
