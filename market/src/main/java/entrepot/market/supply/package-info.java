/**
 * Calls suppliers: one class per kind of wire, and models that run in this process. Begin with
 * {@link entrepot.market.supply.BuiltInModel} for the smallest of them.
 */
@NullMarked
package entrepot.market.supply;

import org.jspecify.annotations.NullMarked;
