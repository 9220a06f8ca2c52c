package entrepot.conversation;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * How the model should choose its words. Null means: the caller did not say.
 *
 * @param reasoningEffort the dialects' common word, such as {@code low} or {@code high}
 */
public record Sampling(
        @Nullable Integer outputTokensMax,
        @Nullable BigDecimal temperature,
        @Nullable BigDecimal topP,
        List<String> stop,
        @Nullable Long seed,
        @Nullable Boolean parallelToolCalls,
        @Nullable String reasoningEffort) {

    public static final Sampling DEFAULT =
            new Sampling(null, null, null, List.of(), null, null, null);

    public Sampling {
        stop = List.copyOf(stop);
    }
}
