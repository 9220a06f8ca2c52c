/**
 * On which terms a tenant may use models: what it must have agreed to (gate {@code agreement}),
 * which models its teams and principals were granted (gate {@code entitlement}), and where its
 * content may be worked on (gate {@code region}).
 *
 * <p>Acceptances and entitlements are rows that are only added to or ended, held in memory on each
 * node, so that a gate costs no trip to the database. What is demanded comes from the catalogue,
 * from clauses of contracts, and from whoever else implements {@link
 * entrepot.market.terms.TermsSource} and {@link entrepot.market.terms.ResidencySource}. Conditions
 * that somebody writes are policies, not terms. Begin with {@link
 * entrepot.market.terms.AgreementGate}.
 */
@NullMarked
package entrepot.market.terms;

import org.jspecify.annotations.NullMarked;
