package entrepot.market.ledger;

import entrepot.market.ledger.books.Posting;

import java.util.List;

/**
 * One row as stored.
 *
 * @param chain of which writer
 * @param sequence its place in the chain, from 1
 * @param hash over the row, its postings and the hash before
 */
public record LedgerRow(
        String chain, long sequence, String hash, Entry entry, List<Posting> postings) {

    public LedgerRow {
        postings = List.copyOf(postings);
    }
}
