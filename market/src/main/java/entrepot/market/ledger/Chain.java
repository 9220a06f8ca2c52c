package entrepot.market.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The last row of one writer's chain. Each row's hash covers its own place and values and the hash
 * before it, so that no row can be changed, taken out or put in between without every later hash
 * being wrong.
 *
 * @param sequence 0 before the first row
 * @param hash SHA-256 in hex
 */
record Chain(String name, long sequence, String hash) {

    static Chain start(String name) {
        return new Chain(name, 0, "");
    }

    /** The chain with one more row at its end. */
    Chain next(RowHash hashes, @Nullable Object[] values) {
        return new Chain(name, sequence + 1, hashes.of(this, values));
    }
}
