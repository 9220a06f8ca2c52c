/**
 * Limits as they are kept and administered: who may use how much of what, in which period.
 *
 * <p>Knows the rows and their rules, and what was used by period; what decides a call by them is
 * the parent package. Begin with {@link entrepot.market.budgets.limits.Limits}.
 */
@NullMarked
package entrepot.market.budgets.limits;

import org.jspecify.annotations.NullMarked;
