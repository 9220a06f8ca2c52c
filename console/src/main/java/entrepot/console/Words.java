package entrepot.console;

import entrepot.market.Money;
import entrepot.market.Receipt;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Numbers, times and money as people read them; each with its unit. */
final class Words {

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("d MMM HH:mm:ss 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private Words() {}

    static String moment(Instant at) {
        return MOMENT.format(at);
    }

    static String count(long count) {
        return String.format(Locale.ENGLISH, "%,d", count);
    }

    static String millis(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return BigDecimal.valueOf(millis, 3).setScale(1, RoundingMode.HALF_UP) + " s";
        }
        Duration took = Duration.ofMillis(millis);
        return took.toHours() > 0
                ? took.toHours() + " h " + took.toMinutesPart() + " min"
                : took.toMinutes() + " min " + took.toSecondsPart() + " s";
    }

    static String offset(long millis) {
        return "+" + BigDecimal.valueOf(Math.max(0, millis), 3) + " s";
    }

    static String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 60) {
            return seconds + " s ago";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min ago";
        }
        return seconds < 86_400 ? seconds / 3600 + " h ago" : moment(then);
    }

    /** Every digit of an exact cost; zero as zero, unknown as unknown. */
    static String cost(@Nullable Money cost) {
        return cost == null ? "unknown price" : cost.toString();
    }

    /** The sum of many costs, by currency; says how many have no known price. */
    static String cost(List<Receipt> receipts) {
        var sums = new TreeMap<String, Money>();
        long unknown = 0;
        for (Receipt receipt : receipts) {
            Money cost = receipt.cost();
            if (cost == null) {
                unknown++;
            } else {
                sums.merge(cost.currency(), cost, Money::plus);
            }
        }
        String known = String.join(" + ", sums.values().stream().map(Money::toString).toList());
        if (unknown == 0) {
            return known.isEmpty() ? "0" : known;
        }
        return (known.isEmpty() ? "" : known + " + ") + unknown + " without a price";
    }

    /** The first line, cut to a length with an ellipsis. */
    static String clip(String text, int charsMax) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() <= charsMax ? line : line.substring(0, charsMax - 1) + "…";
    }
}
