package entrepot.market.contracts;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * Somebody who is bound by a contract.
 *
 * @param id the same in every contract
 * @param vendor whose models it makes, if it is a vendor: the first half of their canonical ids
 * @param channels on which it sells, as suppliers name theirs
 */
public record Party(
        String id, String name, @Nullable String vendor, Set<String> channels, Place place) {

    public Party {
        channels = Sets.sorted(channels);
    }
}
