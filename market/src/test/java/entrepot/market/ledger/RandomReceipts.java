package entrepot.market.ledger;

import entrepot.conversation.Usage;
import entrepot.conversation.Usage.Meter;
import entrepot.market.Money;
import entrepot.market.Order;
import entrepot.market.Receipt;
import entrepot.market.Receipt.Outcome;
import entrepot.market.Receipt.Verdict;
import entrepot.testkit.Seeds;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;

/** Receipts of one tenant over two months, from a seed. */
final class RandomReceipts {

    static final String TENANT = "tn_a";
    static final Instant FROM = Instant.parse("2026-09-15T00:00:00Z");
    private static final long SPAN_MILLIS = 60L * 24 * 3_600_000;

    private RandomReceipts() {}

    static Receipt next(Seeds seeds, int number) {
        Instant ended = FROM.plusMillis(seeds.random().nextLong(SPAN_MILLIS));
        var receipt =
                Receipt.builder()
                        .id("rcpt_%06d".formatted(number))
                        .orderId("ord_" + seeds.word())
                        .attempt(1 + seeds.upTo(2))
                        .tenant(TENANT)
                        .team(seeds.pick(List.of("blue", "red")))
                        .principal(seeds.word())
                        .keyId("key_" + seeds.word())
                        .storefront("openai.chat")
                        .modelAsked("m")
                        .model(seeds.pick(List.of("acme/one", "acme/two", "zeta/x")))
                        .supplier(seeds.pick(List.of("azure-1", "bedrock-1")))
                        .outcome(seeds.pick(List.of(Outcome.values())))
                        .usage(usage(seeds))
                        .cost(money(seeds))
                        .startedAt(ended.minusMillis(seeds.upTo(5_000)))
                        .endedAt(ended)
                        .verdicts(List.of(new Verdict("key", true, seeds.text(3))))
                        .detail(seeds.oneIn(3) ? seeds.text(4) : null)
                        .build();
        return receipt.withTrade(
                        seeds.pick(List.of("azure", "bedrock")),
                        seeds.oneIn(2) ? null : "eu",
                        seeds.oneIn(3) ? null : seeds.pick(List.of(Order.ApiKind.values())))
                .withProject(seeds.oneIn(2) ? null : "p" + seeds.upTo(2))
                .withCharge(seeds.oneIn(5) ? money(seeds) : null)
                .withClauses(seeds.oneIn(3) ? List.of("cl_1", "cl_2") : List.of());
    }

    private static Usage usage(Seeds seeds) {
        var meters = new EnumMap<Meter, Long>(Meter.class);
        for (Meter meter : Meter.values()) {
            if (seeds.oneIn(4)) {
                meters.put(meter, (long) seeds.upTo(100_000));
            }
        }
        return new Usage(meters, seeds.oneIn(4));
    }

    /** Also amounts that 64 bits do not hold and digits that nothing bills. */
    private static @Nullable Money money(Seeds seeds) {
        String currency = seeds.pick(List.of("USD", "USD", "EUR", "JPY"));
        return switch (seeds.upTo(8)) {
            case 0 -> null;
            case 1 -> Money.zero(currency);
            case 2 -> Money.of("0.000000000000000000003", currency);
            case 3 -> Money.of("123456789012345678901234567890.5", currency);
            default ->
                    new Money(BigDecimal.valueOf(seeds.random().nextLong(1L << 45), 12), currency);
        };
    }
}
