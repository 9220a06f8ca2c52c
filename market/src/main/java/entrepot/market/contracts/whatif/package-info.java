/**
 * Past orders decided again under other contracts: what would have gone elsewhere, why, and what it
 * would have cost. Pure: where the past decisions come from is the caller's affair. Begin with
 * {@link entrepot.market.contracts.whatif.WhatIf}.
 */
@NullMarked
package entrepot.market.contracts.whatif;

import org.jspecify.annotations.NullMarked;
