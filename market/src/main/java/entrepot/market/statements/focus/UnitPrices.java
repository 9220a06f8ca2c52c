package entrepot.market.statements.focus;

import entrepot.conversation.Usage.Meter;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;

/** What an offer costs per million of what a meter counts; null when that is not known. */
@FunctionalInterface
public interface UnitPrices {

    UnitPrices UNKNOWN = (model, supplier, meter) -> null;

    @Nullable BigDecimal perMillion(String model, String supplier, Meter meter);
}
