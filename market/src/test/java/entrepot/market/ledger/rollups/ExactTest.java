package entrepot.market.ledger.rollups;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.testkit.Seeds;

import org.junit.jupiter.api.Test;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Set;

final class ExactTest {

    @Test
    void keepsEveryDigitAndAddsUpInWholeNumbers() throws Exception {
        Seeds.each(
                300,
                seeds -> {
                    long micros = 0;
                    long attos = 0;
                    BigDecimal rests = BigDecimal.ZERO;
                    BigDecimal right = BigDecimal.ZERO;
                    for (int i = 0; i < 20; i++) {
                        BigDecimal amount =
                                new BigDecimal(
                                        new BigInteger(
                                                1 + seeds.upTo(90),
                                                new java.util.Random(seeds.random().nextLong())),
                                        seeds.upTo(30));
                        amount = seeds.oneIn(2) ? amount.negate() : amount;
                        Exact exact = Exact.of(amount);
                        assertThat(exact.amount()).isEqualByComparingTo(amount);
                        assertThat(exact.attos()).isBetween(0L, 999_999_999_999L);
                        micros += exact.micros();
                        attos += exact.attos();
                        String rest = exact.rest();
                        rests = rest == null ? rests : rests.add(new BigDecimal(rest));
                        right = right.add(amount);
                    }
                    assertThat(new Exact(micros, attos, rests.toPlainString()).amount())
                            .isEqualByComparingTo(right);
                });
    }

    @Test
    void spansCoverATimeOnceWithBucketsAsLargeAsTheyMayBe() {
        var query =
                new UsageQuery(
                        "t",
                        Instant.parse("2026-01-30T22:10:00Z"),
                        Instant.parse("2026-04-02T03:59:59Z"),
                        Set.of(),
                        null,
                        java.util.Map.of());
        assertThat(Rollups.spans(query))
                .containsExactlyInAnyOrder(
                        span(Grain.HOUR, "2026-01-30T22:00:00Z", "2026-01-31T00:00:00Z"),
                        span(Grain.DAY, "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z"),
                        span(Grain.MONTH, "2026-02-01T00:00:00Z", "2026-04-01T00:00:00Z"),
                        span(Grain.DAY, "2026-04-01T00:00:00Z", "2026-04-02T00:00:00Z"),
                        span(Grain.HOUR, "2026-04-02T00:00:00Z", "2026-04-02T03:00:00Z"));
        assertThat(Rollups.spans(query.every(Grain.HOUR))).hasSize(1);
    }

    private static Rollups.Span span(Grain grain, String from, String to) {
        return new Rollups.Span(
                grain, Instant.parse(from).toEpochMilli(), Instant.parse(to).toEpochMilli());
    }
}
