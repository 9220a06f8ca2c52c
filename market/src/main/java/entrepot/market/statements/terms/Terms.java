package entrepot.market.statements.terms;

import java.util.List;

/**
 * All that statements need to know of a tenant's contracts.
 *
 * @param notes what could not be taken from the contracts, and why; in words
 */
public record Terms(
        List<CommitmentTerms> commitments,
        List<ShareTerms> shares,
        List<Tranche> tranches,
        List<String> notes) {

    public static final Terms NONE = new Terms(List.of(), List.of(), List.of(), List.of());

    public Terms {
        commitments = List.copyOf(commitments);
        shares = List.copyOf(shares);
        tranches = List.copyOf(tranches);
        notes = List.copyOf(notes);
    }
}
