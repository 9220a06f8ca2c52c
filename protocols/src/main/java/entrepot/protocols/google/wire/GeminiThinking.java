package entrepot.protocols.google.wire;

import entrepot.conversation.Sampling;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How much to think: models from Gemini 3 on weigh it by level, those before count it in tokens
 * (ai.google.dev/gemini-api/docs/thinking). The tokens of a level are those of Google's own
 * compatibility with OpenAI.
 */
public final class GeminiThinking {

    public static final int LOW_TOKENS = 1024;
    public static final int MEDIUM_TOKENS = 8192;
    public static final int HIGH_TOKENS = 24576;

    private static final Pattern COUNTING = Pattern.compile("(?i)(?:.*[/-])?gemini-[12][.-].*");

    private GeminiThinking() {}

    /** What is asked of the model; at most one of the two. */
    public record Asked(@Nullable String level, @Nullable Integer budget) {}

    /** Whether a model counts its thinking in tokens. */
    public static boolean counts(String model) {
        return COUNTING.matcher(model).matches();
    }

    /**
     * @param byBudget whether no thinking is a budget of nothing, as the caller said it
     */
    public static Asked asked(String model, Sampling sampling, boolean byBudget) {
        String effort = sampling.reasoningEffort();
        if (effort == null) {
            return new Asked(null, sampling.reasoningTokensMax());
        }
        boolean off = effort.equals("none");
        if (off && (byBudget || counts(model))) {
            return new Asked(null, 0);
        }
        return counts(model)
                ? new Asked(null, budget(sampling, effort))
                : new Asked(level(model, effort), null);
    }

    private static @Nullable Integer budget(Sampling sampling, String effort) {
        if (sampling.reasoningTokensMax() != null) {
            return sampling.reasoningTokensMax();
        }
        return switch (effort) {
            case "minimal", "low" -> LOW_TOKENS;
            case "medium" -> MEDIUM_TOKENS;
            case "high", "xhigh", "max" -> HIGH_TOKENS;
            default -> null;
        };
    }

    private static @Nullable String level(String model, String effort) {
        return switch (effort) {
            // Pro models think at least a little.
            case "none", "minimal" ->
                    model.toLowerCase(Locale.ROOT).contains("-pro") ? "LOW" : "MINIMAL";
            case "low", "medium", "high" -> effort.toUpperCase(Locale.ROOT);
            case "xhigh", "max" -> "HIGH";
            default -> null;
        };
    }
}
