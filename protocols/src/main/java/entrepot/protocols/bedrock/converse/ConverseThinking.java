package entrepot.protocols.bedrock.converse;

import static entrepot.protocols.bedrock.converse.ConverseRequests.DIALECT;

import entrepot.conversation.Request;
import entrepot.conversation.Sampling;
import entrepot.protocols.bedrock.BedrockModel;
import entrepot.protocols.bedrock.BedrockModel.Maker;
import entrepot.protocols.json.Json;
import entrepot.protocols.json.Members;
import entrepot.protocols.json.Residue;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How hard to think, and from how many words to choose: said in {@code
 * additionalModelRequestFields} in each maker's own words.
 */
final class ConverseThinking {

    private static final String FIELDS = "additionalModelRequestFields";
    private static final String NONE = "none";

    /** What the caller said. */
    record Said(@Nullable String effort, @Nullable Integer tokensMax, @Nullable Integer topK) {}

    private ConverseThinking() {}

    static Said read(Members body, @Nullable Members output, Maker maker) {
        Said common = outputConfig(output, maker);
        if (!body.peek(FIELDS).isObject()) {
            return common;
        }
        JsonNode raw = body.peek(FIELDS);
        if (raw.isEmpty()) {
            return common;
        }
        Members fields = body.requiredObject(FIELDS);
        return switch (maker) {
            case ANTHROPIC -> anthropic(fields, common);
            case NOVA -> nova(fields, common);
            case GPT_OSS ->
                    fields.peek("reasoning_effort").isString()
                            ? new Said(fields.text("reasoning_effort"), null, null)
                            : common;
            case UNKNOWN -> looked(raw, common);
            case TITAN, META, MISTRAL, COHERE, AI21, OTHER -> common;
        };
    }

    /** Bedrock's own word for every maker; taken only where it is also how we say it. */
    private static Said outputConfig(@Nullable Members output, Maker maker) {
        if (output == null || !output.peek("effort").isString()) {
            return new Said(null, null, null);
        }
        JsonNode effort = output.peek("effort");
        if (maker == Maker.UNKNOWN) {
            output.take("effort");
        }
        return new Said(effort.stringValue(), null, null);
    }

    private static Said anthropic(Members fields, Said common) {
        Integer topK = fields.peek("top_k").isIntegralNumber() ? fields.integer("top_k") : null;
        String effort = common.effort();
        Integer budget = null;
        Members thinking = within(fields, "thinking");
        String type = thinking == null ? "" : thinking.peek("type").asString("");
        JsonNode said = fields.peek("output_config").path("effort");
        if (thinking != null && type.equals("disabled")) {
            thinking.take("type");
            effort = NONE;
        } else if (thinking != null
                && type.equals("enabled")
                && thinking.peek("budget_tokens").canConvertToInt()) {
            thinking.take("type");
            budget = thinking.integer("budget_tokens");
        } else if (thinking != null && type.equals("adaptive") && said.isString()) {
            thinking.take("type");
            effort = fields.requiredObject("output_config").text("effort");
        } else if (said.isString()) {
            effort = said.stringValue();
        }
        return new Said(effort, budget, topK);
    }

    private static Said nova(Members fields, Said common) {
        Members inference = within(fields, "inferenceConfig");
        Integer topK =
                inference != null && inference.peek("topK").isIntegralNumber()
                        ? inference.integer("topK")
                        : null;
        Members reasoning = within(fields, "reasoningConfig");
        String effort = common.effort();
        String type = reasoning == null ? "" : reasoning.peek("type").asString("");
        if (reasoning != null && type.equals("disabled")) {
            reasoning.take("type");
            effort = NONE;
        } else if (reasoning != null
                && type.equals("enabled")
                && reasoning.peek("maxReasoningEffort").isString()) {
            reasoning.take("type");
            effort = reasoning.text("maxReasoningEffort");
        }
        return new Said(effort, null, topK);
    }

    private static @Nullable Members within(Members fields, String name) {
        JsonNode node = fields.peek(name);
        return node.isObject() && !node.isEmpty() ? fields.object(name) : null;
    }

    /** Behind an address that does not tell the model, what was said stays as it came. */
    private static Said looked(JsonNode fields, Said common) {
        JsonNode budget = fields.path("thinking").path("budget_tokens");
        JsonNode topK = fields.path("top_k");
        JsonNode effort = fields.path("output_config").path("effort");
        return new Said(
                effort.isString() ? effort.stringValue() : common.effort(),
                budget.canConvertToInt() ? budget.intValue() : null,
                topK.canConvertToInt() ? topK.intValue() : null);
    }

    static void write(Request request, ObjectNode body) {
        Sampling sampling = request.sampling();
        Maker maker = BedrockModel.of(request.model()).maker();
        String effort = said(request) ? null : sampling.reasoningEffort();
        ObjectNode fields = Json.object();
        switch (maker) {
            case ANTHROPIC -> {
                if (sampling.topK() != null) {
                    fields.put("top_k", sampling.topK());
                }
                anthropic(effort, sampling.reasoningTokensMax(), fields);
            }
            case NOVA -> {
                if (sampling.topK() != null) {
                    fields.putObject("inferenceConfig").put("topK", sampling.topK());
                }
                if (NONE.equals(effort)) {
                    fields.putObject("reasoningConfig").put("type", "disabled");
                } else if (effort != null) {
                    fields.putObject("reasoningConfig")
                            .put("type", "enabled")
                            .put("maxReasoningEffort", effort);
                }
            }
            case GPT_OSS -> {
                if (effort != null) {
                    fields.put("reasoning_effort", effort);
                }
            }
            case UNKNOWN -> {
                if (effort != null) {
                    body.withObject("outputConfig").put("effort", effort);
                }
            }
            case TITAN, META, MISTRAL, COHERE, AI21, OTHER -> {}
        }
        if (!fields.isEmpty()) {
            body.set(FIELDS, fields);
        }
    }

    private static void anthropic(
            @Nullable String effort, @Nullable Integer budget, ObjectNode fields) {
        if (budget != null) {
            fields.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
        } else if (NONE.equals(effort)) {
            fields.putObject("thinking").put("type", "disabled");
        } else if (effort != null) {
            fields.putObject("thinking").put("type", "adaptive");
            fields.putObject("output_config").put("effort", effort);
        }
    }

    /** Whether the caller's own words for the effort are among the extras, and say it. */
    private static boolean said(Request request) {
        JsonNode config = Residue.of(request.extras(), DIALECT, "outputConfig");
        JsonNode fields = Residue.of(request.extras(), DIALECT, FIELDS);
        return (config != null && config.path("effort").isString())
                || (fields != null && fields.path("output_config").path("effort").isString());
    }
}
