package entrepot.market.ledger.rollups;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount in whole numbers, which both databases add up exactly: micros + attos / 10^18 + rest.
 *
 * @param attos 0 to 10^12 - 1
 * @param rest what is finer, or an amount too large; null for none
 */
record Exact(long micros, long attos, @Nullable String rest) {

    /** A thousand million: nine thousand such rows still add up in 64 bits of micros. */
    private static final BigDecimal PART_MAX = BigDecimal.TEN.pow(9);

    static Exact of(BigDecimal amount) {
        if (amount.abs().compareTo(PART_MAX) >= 0) {
            return new Exact(0, 0, amount.toPlainString());
        }
        BigDecimal micros = amount.setScale(6, RoundingMode.FLOOR);
        BigDecimal finer = amount.subtract(micros);
        BigDecimal attos = finer.setScale(18, RoundingMode.FLOOR);
        BigDecimal rest = finer.subtract(attos);
        return new Exact(
                micros.unscaledValue().longValueExact(),
                attos.unscaledValue().longValueExact(),
                rest.signum() == 0 ? null : rest.toPlainString());
    }

    /** Also of sums of many, where attos are more than a micro. */
    BigDecimal amount() {
        BigDecimal amount = BigDecimal.valueOf(micros, 6).add(BigDecimal.valueOf(attos, 18));
        return rest == null ? amount : amount.add(new BigDecimal(rest));
    }
}
