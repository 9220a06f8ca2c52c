package entrepot.market.hindsight;

import entrepot.market.Money;
import entrepot.market.contracts.whatif.WhatIf;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Orders of the ledger, decided again.
 *
 * @param catalogueVersion of the snapshot whose offers and prices were taken
 * @param billed what each order cost by the ledger, by its id; absent when no price was known
 * @param leftOut how many could not be decided again, by reason
 * @param next after which receipt the next page begins; null when this is the last
 */
public record Retold(
        String catalogueVersion,
        WhatIf whatIf,
        Map<String, Money> billed,
        Map<LeftOut, Integer> leftOut,
        @Nullable String next) {

    public Retold {
        billed = Map.copyOf(billed);
        var counts = new EnumMap<LeftOut, Integer>(LeftOut.class);
        counts.putAll(leftOut);
        leftOut = Collections.unmodifiableMap(counts);
    }
}
