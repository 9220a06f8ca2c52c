package entrepot.market.contracts.reading;

import entrepot.market.Money;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them: {@code 250 billion USD}, {@code 1_000.50}. */
final class Amounts {

    private static final Pattern AMOUNT =
            Pattern.compile(
                    "(\\d[\\d_]{0,24}(?:\\.\\d{1,12})?)(?: (million|billion))?(?: ([A-Z]{3}))?");

    private Amounts() {}

    /** Null when it is no amount. */
    static @Nullable Money parse(String text, String currency) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        return matcher.matches() ? money(matcher, currency) : null;
    }

    /** The same text with each amount in a currency written one way, so that texts compare. */
    static String plain(String text) {
        return AMOUNT.matcher(text.strip())
                .replaceAll(found ->
                        found.group(3) == null
                                ? Matcher.quoteReplacement(found.group())
                                : money(found, found.group(3)).toString());
    }

    private static Money money(java.util.regex.MatchResult found, String currency) {
        var number = new BigDecimal(found.group(1).replace("_", ""));
        String scale = found.group(2);
        if (scale != null) {
            number = number.movePointRight(scale.equals("million") ? 6 : 9);
        }
        return new Money(number, found.group(3) == null ? currency : found.group(3));
    }
}
