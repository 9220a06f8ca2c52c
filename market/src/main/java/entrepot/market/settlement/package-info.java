/**
 * What contracts and the catalogue say of money, in the words of the ledger and of its statements:
 * the rules of charges and shares, and the terms of commitments, shares and fundings. Begin with
 * {@link entrepot.market.settlement.Settlement}.
 */
@NullMarked
package entrepot.market.settlement;

import org.jspecify.annotations.NullMarked;
