/**
 * Contracts as people and programs read them: what is in force, who may carry what and when that
 * changes, what differs between two sets or two days. Each report is data first and comes as text
 * or JSON. Prints to nothing and asks no clock. Begin with {@link
 * entrepot.market.contracts.rendering.Timeline}.
 */
@NullMarked
package entrepot.market.contracts.rendering;

import org.jspecify.annotations.NullMarked;
