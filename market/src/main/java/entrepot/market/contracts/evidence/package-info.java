/**
 * Proof of what a clause decided: every decision it touched in a period, as one signed document
 * that a third party can verify with the public key alone. Keys come from the caller; nothing is
 * stored here. Begin with {@link entrepot.market.contracts.evidence.Evidence}.
 */
@NullMarked
package entrepot.market.contracts.evidence;

import org.jspecify.annotations.NullMarked;
