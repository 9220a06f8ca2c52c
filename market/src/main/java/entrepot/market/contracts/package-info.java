/**
 * Contracts as dated clauses, and the questions they answer: may this channel carry this call, must
 * capacity be offered to somebody first, what is owed to whom.
 *
 * <p>Everything is decided from one immutable {@link entrepot.market.contracts.ContractBook}, for
 * one time that is asked about and one that says what was known by then. No file, clock or database
 * is touched here: reading is done in {@code reading}, printing in {@code rendering}. Begin with
 * {@link entrepot.market.contracts.Clause} and {@link entrepot.market.contracts.ContractBook}.
 */
@NullMarked
package entrepot.market.contracts;

import org.jspecify.annotations.NullMarked;
