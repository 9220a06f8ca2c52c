/**
 * Statements: what was spent, owed and earned, per party and period, from the sums that the ledger
 * keeps and small records of terms. Pure but for the reading of sums: the moment they are made for
 * comes in as an argument. Begin with {@link entrepot.market.statements.Statements}.
 */
@NullMarked
package entrepot.market.statements;

import org.jspecify.annotations.NullMarked;
