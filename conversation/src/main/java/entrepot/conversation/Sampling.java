package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * How the model should choose its words. Null means: the caller did not say.
 *
 * @param reasoningEffort the dialects' common word, such as {@code low} or {@code high}; {@code
 *     none} switches reasoning off
 * @param reasoningTokensMax a budget for reasoning, where a dialect counts instead of weighing
 * @param topLogprobs how many of the likeliest tokens to tell at each place, with their log
 *     probabilities; 0 for those of the chosen tokens alone
 */
public record Sampling(
        @Nullable Integer outputTokensMax,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        @Nullable Integer topK,
        List<String> stop,
        @Nullable Long seed,
        @Nullable BigDecimal frequencyPenalty,
        @Nullable BigDecimal presencePenalty,
        @Nullable Boolean parallelToolCalls,
        @Nullable String reasoningEffort,
        @Nullable Integer reasoningTokensMax,
        @Nullable Integer topLogprobs) {

    public static final Sampling DEFAULT =
            new Sampling(null, null, null, null, List.of(), null, null, null, null, null, null);

    public Sampling {
        stop = List.copyOf(stop);
    }

    /** Without a wish for log probabilities. */
    public Sampling(
            @Nullable Integer outputTokensMax,
            @Nullable BigDecimal temperature,
            @Nullable BigDecimal topP,
            @Nullable Integer topK,
            List<String> stop,
            @Nullable Long seed,
            @Nullable BigDecimal frequencyPenalty,
            @Nullable BigDecimal presencePenalty,
            @Nullable Boolean parallelToolCalls,
            @Nullable String reasoningEffort,
            @Nullable Integer reasoningTokensMax) {
        this(
                outputTokensMax,
                temperature,
                topP,
                topK,
                stop,
                seed,
                frequencyPenalty,
                presencePenalty,
                parallelToolCalls,
                reasoningEffort,
                reasoningTokensMax,
                null);
    }

    public Sampling withTopLogprobs(@Nullable Integer top) {
        return new Sampling(
                outputTokensMax,
                temperature,
                topP,
                topK,
                stop,
                seed,
                frequencyPenalty,
                presencePenalty,
                parallelToolCalls,
                reasoningEffort,
                reasoningTokensMax,
                top);
    }

    public Sampling withReasoningEffort(@Nullable String effort) {
        return new Sampling(
                outputTokensMax,
                temperature,
                topP,
                topK,
                stop,
                seed,
                frequencyPenalty,
                presencePenalty,
                parallelToolCalls,
                effort,
                reasoningTokensMax,
                topLogprobs);
    }

    public Sampling withOutputTokensMax(@Nullable Integer max) {
        return new Sampling(
                max,
                temperature,
                topP,
                topK,
                stop,
                seed,
                frequencyPenalty,
                presencePenalty,
                parallelToolCalls,
                reasoningEffort,
                reasoningTokensMax,
                topLogprobs);
    }
}
