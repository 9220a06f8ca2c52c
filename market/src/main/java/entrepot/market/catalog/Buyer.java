package entrepot.market.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Who a tenant is as contracts see it.
 *
 * @param territory ISO 3166-1 alpha-2, such as {@code DE}; empty when nobody said: then clauses of
 *     every territory bind
 * @param party its id in the contracts; null when nobody said: then no clause favours it
 */
public record Buyer(String territory, @Nullable String party) {

    public static final Buyer UNKNOWN = new Buyer("", null);
}
