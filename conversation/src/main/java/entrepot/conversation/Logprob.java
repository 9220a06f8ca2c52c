package entrepot.conversation;

import java.math.BigDecimal;
import java.util.List;

/**
 * How likely a token of an answer's text was.
 *
 * @param logprob natural logarithm of its probability, as the supplier wrote it
 * @param bytes the token's UTF-8, 0 to 255 each; empty when the supplier did not say
 * @param top the likeliest tokens at its place, likeliest first; empty when not asked for
 */
public record Logprob(String token, BigDecimal logprob, List<Integer> bytes, List<Logprob> top) {

    public Logprob {
        bytes = List.copyOf(bytes);
        top = List.copyOf(top);
    }

    /** Parts whose one text has these; of several texts nobody says whose they are. */
    public static List<Part> told(List<Part> parts, List<Logprob> logprobs) {
        long texts = parts.stream().filter(Part.Text.class::isInstance).count();
        if (logprobs.isEmpty() || texts != 1) {
            return parts;
        }
        return parts.stream()
                .map(part ->
                        part instanceof Part.Text text
                                ? new Part.Text(text.text(), logprobs, text.extras())
                                : part)
                .toList();
    }

    /** Those of all texts, in order. */
    public static List<Logprob> of(List<Part> parts) {
        return parts.stream()
                .filter(Part.Text.class::isInstance)
                .flatMap(part -> ((Part.Text) part).logprobs().stream())
                .toList();
    }
}
