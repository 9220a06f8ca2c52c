package entrepot.protocols.anthropic.messages;

import static entrepot.protocols.anthropic.messages.MessagesRequests.DIALECT;

import entrepot.conversation.Message;
import entrepot.conversation.Message.Role;
import entrepot.conversation.Part;
import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.conversation.ToolChoice;
import entrepot.protocols.Seals;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * How hard the model thinks: {@code thinking} counts tokens, or lets the model decide, and {@code
 * output_config.effort} weighs.
 *
 * <p>What a caller of this dialect said stays among the extras as it was said, but for a budget and
 * for no thinking at all. An effort of another dialect becomes adaptive thinking with that effort,
 * or a budget where the model only counts.
 */
final class MessagesThinking {

    /** The canonical effort that switches thinking off. */
    static final String NONE = "none";

    /** Fewer tokens than these are no budget (openapi, ThinkingConfigEnabled). */
    private static final int BUDGET_TOKENS_MIN = 1024;

    /** Models that count and do not weigh: those before Claude 4.6. */
    private static final Pattern COUNTS =
            Pattern.compile("claude-(?:[123]|instant|(?:opus|sonnet|haiku)-4(?![-.][6-9]))");

    private static final Map<String, Integer> BUDGETS =
            Map.of(
                    "minimal", 1024,
                    "low", 2048,
                    "medium", 8192,
                    "high", 16_384,
                    "xhigh", 24_576,
                    "max", 31_000);

    private MessagesThinking() {}

    /** What was said about it. */
    record Said(@Nullable String effort, @Nullable Integer tokensMax) {}

    static Said read(Members body) {
        JsonNode weighed = body.peek("output_config").path("effort");
        String effort = weighed.isString() ? weighed.stringValue() : null;
        JsonNode raw = body.peek("thinking");
        if (raw.isMissingNode() || raw.isNull()) {
            return new Said(effort, null);
        }
        String type = Members.strict(raw, "thinking").requiredText("type");
        if (type.equals("enabled")) {
            Members thinking = body.requiredObject("thinking");
            thinking.take("type");
            Integer budget = thinking.integer("budget_tokens");
            if (budget == null) {
                throw thinking.missing("budget_tokens");
            }
            return new Said(effort, budget);
        }
        if (type.equals("disabled") && effort == null && raw.size() == 1) {
            body.take("thinking");
            return new Said(NONE, null);
        }
        return new Said(effort, null);
    }

    /** The {@code thinking} member; null when there is nothing to say. */
    static @Nullable ObjectNode write(Request request, int outputTokensMax) {
        Sampling sampling = request.sampling();
        String effort = sampling.reasoningEffort();
        if (sampling.reasoningTokensMax() != null) {
            return enabled(sampling.reasoningTokensMax());
        }
        if (effort == null || isOurs(request)) {
            return null;
        }
        if (effort.equals(NONE)) {
            return Json.object().put("type", "disabled");
        }
        if (!canThink(request)) {
            return null;
        }
        if (!counts(request.model())) {
            return Json.object().put("type", "adaptive");
        }
        int budget = BUDGETS.getOrDefault(effort, BUDGET_TOKENS_MIN);
        int fits = budget < outputTokensMax ? budget : outputTokensMax / 2;
        return fits < BUDGET_TOKENS_MIN ? null : enabled(fits);
    }

    private static ObjectNode enabled(int budget) {
        return Json.object().put("type", "enabled").put("budget_tokens", budget);
    }

    /** Writes the effort, where the model weighs. */
    static void effort(Request request, ObjectNode body) {
        String effort = request.sampling().reasoningEffort();
        if (effort == null || effort.equals(NONE)) {
            return;
        }
        boolean ours = isOurs(request);
        if (ours || !counts(request.model())) {
            String word = !ours && effort.equals("minimal") ? "low" : effort;
            body.putObject("output_config").put("effort", word);
        }
    }

    /** Whether the effort was said in this dialect: how it was said is among the extras. */
    static boolean isOurs(Request request) {
        JsonNode config = Residue.of(request.extras(), DIALECT, "output_config");
        return config != null && config.has("effort");
    }

    static boolean counts(String model) {
        return COUNTS.matcher(model).find();
    }

    /**
     * A tool may not be forced on a model that thinks; and one that counts wants its last turn to
     * begin with what it thought, where that turn called tools.
     */
    private static boolean canThink(Request request) {
        if (request.toolChoice() instanceof ToolChoice.Required
                || request.toolChoice() instanceof ToolChoice.Named) {
            return false;
        }
        if (!counts(request.model())) {
            return true;
        }
        for (Message message : request.messages().reversed()) {
            if (message.role() == Role.ASSISTANT) {
                boolean calls = message.parts().stream().anyMatch(Part.ToolCall.class::isInstance);
                return !calls || message.parts().stream().anyMatch(MessagesThinking::isSigned);
            }
        }
        return true;
    }

    private static boolean isSigned(Part part) {
        return part instanceof Part.Reasoning reasoning
                && reasoning.signature() != null
                && Seals.isOf(Seals.ANTHROPIC, reasoning.signature());
    }
}
