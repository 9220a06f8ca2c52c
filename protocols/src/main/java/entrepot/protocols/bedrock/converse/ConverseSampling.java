package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.bedrock.BedrockModel.Thinking;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What a model can take of how to choose words and how hard to think; what it cannot is left out or
 * said in the nearest way.
 */
final class ConverseSampling {

    /** Fewer tokens for thinking are refused (Claude, extended thinking). */
    static final int THINKING_TOKENS_MIN = 1024;

    /** Efforts in tokens, for models that count. */
    private static final Map<String, Integer> BUDGETS =
            Map.of(
                    "minimal", 1024,
                    "low", 4096,
                    "medium", 10_240,
                    "high", 24_576,
                    "xhigh", 32_768,
                    "max", 65_536);

    private static final BigDecimal TOP_P_WHILE_THINKING_MIN = new BigDecimal("0.95");
    private static final String NONE = "none";

    private ConverseSampling() {}

    static Sampling fit(Request request) {
        BedrockModel model = BedrockModel.of(request.model());
        Sampling asked = request.sampling();
        boolean own = Residue.of(request.extras(), DIALECT, "additionalModelRequestFields") != null;
        return switch (model.maker()) {
            case ANTHROPIC -> anthropic(asked, model.thinking(), request.toolChoice());
            case NOVA -> with(asked, asked.temperature(), asked.topP(), asked.topK(), three(asked));
            case GPT_OSS -> {
                String effort = three(asked);
                yield with(
                        asked,
                        asked.temperature(),
                        asked.topP(),
                        null,
                        NONE.equals(effort) ? null : effort);
            }
            case UNKNOWN ->
                    new Sampling(
                            asked.outputTokensMax(),
                            asked.temperature(),
                            asked.topP(),
                            own ? asked.topK() : null,
                            asked.stop(),
                            null,
                            null,
                            null,
                            null,
                            asked.reasoningEffort(),
                            own ? asked.reasoningTokensMax() : null);
            case TITAN, META, MISTRAL, COHERE, AI21, OTHER ->
                    with(asked, asked.temperature(), asked.topP(), null, null);
        };
    }

    private static Sampling with(
            Sampling asked,
            @Nullable BigDecimal temperature,
            @Nullable BigDecimal topP,
            @Nullable Integer topK,
            @Nullable String effort) {
        return new Sampling(
                asked.outputTokensMax(),
                temperature,
                topP,
                topK,
                asked.stop(),
                null,
                null,
                null,
                null,
                effort,
                null);
    }

    /** The effort for a model that knows three. */
    private static @Nullable String three(Sampling asked) {
        String effort = asked.reasoningEffort();
        if (effort == null) {
            return null;
        }
        return switch (effort) {
            case "minimal" -> "low";
            case "xhigh", "max" -> "high";
            default -> effort;
        };
    }

    private static Sampling anthropic(Sampling asked, Thinking thinking, ToolChoice choice) {
        // A model that must use a tool may not think first.
        boolean forced =
                choice instanceof ToolChoice.Required || choice instanceof ToolChoice.Named;
        String effort = null;
        Integer budget = null;
        if (thinking == Thinking.EFFORT) {
            effort = effort(asked);
        } else if (thinking == Thinking.BUDGET) {
            budget = budget(asked);
            effort = NONE.equals(asked.reasoningEffort()) ? NONE : null;
        }
        if (forced && !NONE.equals(effort)) {
            effort = null;
            budget = null;
        }
        boolean thinks = budget != null || (effort != null && !effort.equals(NONE));
        BigDecimal topP = asked.topP();
        if (thinks && topP != null && topP.compareTo(TOP_P_WHILE_THINKING_MIN) < 0) {
            topP = null;
        }
        if (thinking != Thinking.NONE && asked.temperature() != null && !thinks) {
            // These models take one of the two.
            topP = null;
        }
        BigDecimal temperature = asked.temperature();
        if (thinks && temperature != null && temperature.compareTo(BigDecimal.ONE) != 0) {
            temperature = null;
        }
        return new Sampling(
                asked.outputTokensMax(),
                temperature,
                topP,
                thinks ? null : asked.topK(),
                asked.stop(),
                null,
                null,
                null,
                null,
                effort,
                budget);
    }

    private static @Nullable String effort(Sampling asked) {
        String effort = asked.reasoningEffort();
        if (effort != null) {
            return effort.equals("minimal") ? "low" : effort;
        }
        Integer budget = asked.reasoningTokensMax();
        if (budget == null) {
            return null;
        }
        if (budget <= 4096) {
            return "low";
        }
        return budget <= 10_240 ? "medium" : "high";
    }

    private static @Nullable Integer budget(Sampling asked) {
        Integer budget = asked.reasoningTokensMax();
        if (budget == null && asked.reasoningEffort() != null) {
            budget = BUDGETS.get(asked.reasoningEffort());
        }
        Integer max = asked.outputTokensMax();
        if (budget == null || max == null || budget < max) {
            return budget;
        }
        // The budget is part of the output and must be less.
        return max > THINKING_TOKENS_MIN ? max - 1 : null;
    }
}
