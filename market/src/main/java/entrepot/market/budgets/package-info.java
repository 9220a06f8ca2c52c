/**
 * Budgets and other limits, decided before a call and settled after it.
 *
 * <p>An attempt holds its worst case of every limit that concerns it, or of none; what it really
 * used takes the hold's place. The database has the one truth of each limit; a node takes shares of
 * the remainder and decides by them in memory. Limits themselves are kept in the child package, and
 * prices are no matter of this one. Begin with {@link entrepot.market.budgets.Budgets}.
 */
@NullMarked
package entrepot.market.budgets;

import org.jspecify.annotations.NullMarked;
