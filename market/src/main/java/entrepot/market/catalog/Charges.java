package entrepot.market.catalog;

import entrepot.market.ledger.books.ChargeRule;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What tenants are charged, and in whose name.
 *
 * @param party which party of the contracts runs this; null when nobody said
 * @param rules the first that covers an attempt holds; where none does, nothing is charged
 */
public record Charges(@Nullable String party, List<ChargeRule> rules) {

    public static final Charges NONE = new Charges(null, List.of());

    public Charges {
        rules = List.copyOf(rules);
    }
}
