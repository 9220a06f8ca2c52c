package entrepot.knowledge.mentions;

import java.math.BigDecimal;

/**
 * A figure as a text writes it.
 *
 * @param words verbatim, such as {@code $50 billion}
 * @param from offset in the sentence
 * @param to offset after it
 * @param value with its thousands and millions multiplied out
 * @param unit such as {@code $}, {@code %} or {@code gigawatt}
 * @param qualifier what hedges it in the text, such as {@code up to}; empty when nothing does
 */
public record FigureMention(
        String words, int from, int to, BigDecimal value, String unit, String qualifier) {

    /** Equal for figures of the same size, whatever words they are written in. */
    public String key() {
        return value.stripTrailingZeros().toPlainString() + " " + unit;
    }

    /** The figure with its hedge, such as {@code up to $50 billion}. */
    public String wording() {
        return qualifier.isEmpty() ? words : qualifier + " " + words;
    }
}
