package entrepot.market.ledger.rollups;

import java.util.Locale;

/** By what usage can be told apart. What a row does not say is the empty text. */
public enum Dimension {
    TEAM,
    PROJECT,
    MODEL,
    SUPPLIER,
    CHANNEL,
    REGION,
    /** What kind of call: {@code stateless}, {@code stateful}, {@code platform}. */
    API,
    /** How attempts ended; {@code corrected} for money of an earlier month that was re-rated. */
    OUTCOME;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The dimension of a word such as {@code model}; throws {@code IllegalArgumentException}. */
    public static Dimension of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
