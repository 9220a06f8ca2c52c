/**
 * Weighs what passes over the counter: the supplier's own usage where it is told, an estimate that
 * says so where it is not. Prices live in the catalogue. Begin with {@link
 * entrepot.market.metering.Tally}.
 */
@NullMarked
package entrepot.market.metering;

import org.jspecify.annotations.NullMarked;
