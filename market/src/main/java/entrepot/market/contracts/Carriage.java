package entrepot.market.contracts;

import entrepot.market.Order.ApiKind;

import java.time.Instant;
import java.util.Objects;

/**
 * One call for a model by way of one channel: what the contract gate asks about.
 *
 * @param model canonical, {@code vendor/name}
 * @param channel as the supplier names it, such as {@code azure}
 * @param firstParty whether the vendor itself is the seller
 * @param territory ISO 3166-1 alpha-2 of the buyer; empty when not known, which counts as inside of
 *     every territory
 * @param known what was learned after this does not count
 */
public record Carriage(
        String model,
        String vendor,
        ApiKind api,
        String channel,
        boolean firstParty,
        String territory,
        Instant at,
        Instant known) {

    public Carriage {
        Objects.requireNonNull(api, "api");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(known, "known");
        if (model.length() <= vendor.length()
                || !model.startsWith(vendor)
                || model.charAt(vendor.length()) != '/') {
            throw new IllegalArgumentException(model + " is no model of the vendor " + vendor);
        }
    }

    public AsOf asOf() {
        return new AsOf(at, known);
    }

    /** The same call by way of another channel. */
    public Carriage by(String otherChannel, boolean byVendor) {
        return new Carriage(model, vendor, api, otherChannel, byVendor, territory, at, known);
    }

    /** The same call at another time. */
    public Carriage asOf(AsOf times) {
        return new Carriage(
                model, vendor, api, channel, firstParty, territory, times.at(), times.known());
    }
}
