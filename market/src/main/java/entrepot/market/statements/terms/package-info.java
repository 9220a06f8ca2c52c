/**
 * What statements need to know of contracts, and no more: small records that whoever keeps the
 * contracts makes from their clauses. Begin with {@link
 * entrepot.market.statements.terms.CommitmentTerms}.
 */
@NullMarked
package entrepot.market.statements.terms;

import org.jspecify.annotations.NullMarked;
