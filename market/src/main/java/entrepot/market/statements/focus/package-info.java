/**
 * The four datasets of FOCUS 1.4 (FinOps Open Cost and Usage Specification), written from the
 * ledger's sums, and a validator of such files. Columns and rules follow the specification at
 * https://focus.finops.org, of which only names and rules are taken. Begin with {@link
 * entrepot.market.statements.focus.Dataset}.
 */
@NullMarked
package entrepot.market.statements.focus;

import org.jspecify.annotations.NullMarked;
