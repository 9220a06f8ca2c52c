package entrepot.market.statements.terms;

import java.time.Instant;

/** Whoever keeps the contracts tells the terms in them. */
public interface KnownTerms {

    /** When nobody keeps contracts. */
    KnownTerms NONE =
            new KnownTerms() {
                @Override
                public Terms of(String tenant, Instant at, Instant known) {
                    return Terms.NONE;
                }

                @Override
                public Terms ofParty(String party, Instant at, Instant known) {
                    return Terms.NONE;
                }
            };

    /**
     * The terms by which a tenant's statements are made.
     *
     * @param at the moment that is asked about: what begins later is left out
     * @param known what was learned after this does not count
     */
    Terms of(String tenant, Instant at, Instant known);

    /** The same, seen from a party of the contracts. */
    Terms ofParty(String party, Instant at, Instant known);
}
