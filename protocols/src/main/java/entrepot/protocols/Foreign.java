package entrepot.protocols;

import entrepot.conversation.Extras;
import entrepot.conversation.Loss;
import entrepot.conversation.Loss.Weight;
import entrepot.conversation.Part;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What other dialects' own members weigh where they cannot be carried: nothing (the form of
 * something that is carried, a default that was said), a hint, or meaning. A member that nobody
 * here knows means something. A name with {@code =} stands for one value of it, and with {@code
 * =text} for any text.
 */
public final class Foreign {

    /** Forms of what the canonical record says otherwise. */
    private static final Map<String, Set<String>> FORMS =
            Map.of(
                    "openai.chat",
                    Set.of(
                            "function_call=\"auto\"",
                            "max_tokens",
                            "max_completion_tokens",
                            "name=text",
                            "role=\"function\"",
                            "stop",
                            "field",
                            "image_url=text",
                            "index",
                            "modalities=[\"text\"]",
                            "n=1",
                            "random_seed",
                            "reasoning.effort",
                            "reasoning.max_tokens",
                            "reasoning_effort",
                            "response_format",
                            "seed",
                            "stream_options",
                            "tool_choice",
                            "top_k",
                            "top_logprobs",
                            "type"),
                    "openai.responses",
                    Set.of(
                            "background",
                            "content",
                            "encrypted_content",
                            "form",
                            "id",
                            "item",
                            "logprobs",
                            "namespace",
                            "status",
                            "stream_options",
                            "summary",
                            "tool_choice",
                            "top_logprobs",
                            "type"),
                    "anthropic.messages",
                    Set.of(
                            "anthropic_version",
                            "apart",
                            "content",
                            "context",
                            "is_error",
                            "joined",
                            "output_format",
                            "role",
                            "signature",
                            "source",
                            "text",
                            "title",
                            "tool_choice",
                            "tool_name",
                            "type",
                            "usage"),
                    "bedrock.converse",
                    Set.of(
                            "additionalModelRequestFields.output_config",
                            "additionalModelRequestFields.top_k",
                            "content",
                            "form",
                            "inferenceConfig.stopSequences",
                            "json",
                            "outputConfig.effort",
                            "outputConfig.textFormat",
                            "role",
                            "text",
                            "toolConfig.toolChoice",
                            "toolResult.status",
                            "toolUse.type",
                            "type"),
                    "google.gemini",
                    Set.of(
                            "role",
                            "model",
                            "parameters",
                            "inlineData.displayName",
                            "inlineData.mimeType",
                            "fileData.displayName",
                            "functionResponse.name",
                            "toolConfig.functionCallingConfig.mode=\"AUTO\"",
                            "generationConfig.candidateCount=1",
                            "generationConfig.maxOutputTokens",
                            "generationConfig.logprobs",
                            "generationConfig.topK",
                            "generationConfig.seed",
                            "generationConfig.responseMimeType",
                            "generationConfig.responseSchema",
                            "generationConfig._responseJsonSchema",
                            "generationConfig.responseModalities=[\"TEXT\"]",
                            "generationConfig.thinkingConfig.thinkingBudget"),
                    "openai.images",
                    Set.of(
                            "background=\"auto\"",
                            "background=\"opaque\"",
                            "moderation=\"auto\"",
                            "style=\"vivid\""),
                    "bedrock.cohere",
                    Set.of("num_generations=1", "return_likelihoods=\"NONE\""));

    /** Hints: the answer means the same without them. */
    private static final Map<String, Set<String>> HINTS =
            Map.of(
                    "openai.chat",
                    Set.of(
                            "cache_control",
                            "custom.format",
                            "metadata",
                            "models",
                            "prediction",
                            "prompt_cache_breakpoint",
                            "prompt_cache_key",
                            "prompt_cache_options",
                            "prompt_cache_retention",
                            "provider.allow_fallbacks",
                            "provider.order",
                            "provider.sort",
                            "reasoning.enabled",
                            "reasoning.exclude",
                            "reasoning.summary",
                            "reasoning_details",
                            "safety_identifier",
                            "service_tier",
                            "store",
                            "thinking",
                            "transforms",
                            "user",
                            "verbosity"),
                    "openai.responses",
                    Set.of(
                            "annotations",
                            "caller",
                            "client_metadata",
                            "context_management",
                            "defer_loading",
                            "format",
                            "hosted_tools",
                            "include",
                            "internal_chat_message_metadata_passthrough",
                            "item.internal_chat_message_metadata_passthrough",
                            "item.phase",
                            "max_tool_calls",
                            "metadata",
                            "phase",
                            "prompt_cache_breakpoint",
                            "prompt_cache_key",
                            "prompt_cache_options",
                            "prompt_cache_retention",
                            "provider.allow_fallbacks",
                            "provider.order",
                            "provider.sort",
                            "reasoning",
                            "safety_identifier",
                            "service_tier",
                            "store",
                            "text",
                            "truncation",
                            "user"),
                    "anthropic.messages",
                    Set.of(
                            "allowed_callers",
                            "anthropic_beta",
                            "cache_control",
                            "caller",
                            "citations",
                            "clear_at",
                            "context_management",
                            "defer_loading",
                            "diagnostics",
                            "eager_input_streaming",
                            "inference_geo",
                            "input_examples",
                            "metadata",
                            "output_config",
                            "service_tier",
                            "speed",
                            "stop_details",
                            "stop_sequence",
                            "thinking",
                            "user_profile_id"),
                    "bedrock.converse",
                    Set.of(
                            "additionalModelRequestFields.reasoning_config",
                            "additionalModelRequestFields.thinking",
                            "additionalModelResponseFieldPaths",
                            "citationsContent",
                            "document.citations",
                            "metrics",
                            "performanceConfig",
                            "requestMetadata",
                            "serviceTier",
                            "stopReason",
                            "trace",
                            "usage"),
                    "google.gemini",
                    Set.of(
                            "labels",
                            "mediaResolution",
                            "partMetadata",
                            "response",
                            "responseJsonSchema",
                            "serviceTier",
                            "toolConfig.functionCallingConfig.mode",
                            "toolConfig.includeServerSideToolInvocations",
                            "generationConfig.enableEnhancedCivicAnswers",
                            "generationConfig.mediaResolution",
                            "generationConfig.thinkingConfig.includeThoughts",
                            "generationConfig.thinkingConfig.thinkingLevel"),
                    "openai.embeddings",
                    Set.of("input_type", "truncate", "truncation", "user"),
                    "google.embeddings",
                    Set.of("taskType", "title", "autoTruncate"),
                    "openai.images",
                    Set.of("moderation", "output_compression", "partial_images", "user"),
                    "bedrock.cohere",
                    Set.of("truncate"),
                    "bedrock.cohere_chat",
                    Set.of("prompt_truncation", "return_prompt"));

    /** Hints among whole parts, by type; a text of a dialect's own is its client's, not ours. */
    private static final Map<String, Set<String>> HINT_PARTS =
            Map.of(
                    "anthropic.messages",
                    Set.of("text", "tool_addition", "tool_removal"),
                    "openai.chat",
                    Set.of("thinking"));

    /** Thresholds at which Google blocks nothing, by name and by number. */
    private static final Set<String> UNBLOCKED =
            Set.of("HARM_BLOCK_THRESHOLD_UNSPECIFIED", "BLOCK_NONE", "OFF", "0", "4", "5");

    private Foreign() {}

    /**
     * Adds what is lost of extras that a dialect is not the owner of.
     *
     * @param path of the extras' owner in the canonical record; empty for the request
     */
    public static void extras(Extras extras, String dialect, String path, List<Loss> losses) {
        if (extras.isEmpty() || extras.dialect().equals(dialect)) {
            return;
        }
        extras.members()
                .forEach((name, value) ->
                        weigh(extras.dialect(), name, value, dialect, path, losses));
    }

    /** Weighs a member; of an object whose members are known one by one, each of them. */
    private static void weigh(
            String owner,
            String name,
            JsonNode value,
            String dialect,
            String path,
            List<Loss> losses) {
        Set<String> forms = FORMS.getOrDefault(owner, Set.of());
        Set<String> hints = HINTS.getOrDefault(owner, Set.of());
        if (isMark(name)
                || silent(value)
                || forms.contains(name)
                || forms.contains(name + "=" + value)
                || (value.isString() && forms.contains(name + "=text"))) {
            return;
        }
        boolean hint = hints.contains(name) || (name.equals("safetySettings") && unblocked(value));
        String within = name + ".";
        if (!hint
                && value.isObject()
                && (forms.stream().anyMatch(known -> known.startsWith(within))
                        || hints.stream().anyMatch(known -> known.startsWith(within)))) {
            value.properties()
                    .forEach(member ->
                            weigh(
                                    owner,
                                    within + member.getKey(),
                                    member.getValue(),
                                    dialect,
                                    path,
                                    losses));
            return;
        }
        losses.add(
                new Loss(
                        path.isEmpty() ? name : path + "." + name,
                        dialect + " has no word for this member of " + owner,
                        hint ? Weight.HINT : Weight.MEANING));
    }

    /**
     * Adds what is lost with a part of another dialect's own. Some say nothing to any model but
     * their own: how tools come and go within a conversation, and what a client tells its billing.
     */
    public static void part(Part.Unknown part, String dialect, String path, List<Loss> losses) {
        if (part.dialect().equals(dialect)) {
            return;
        }
        String type = part.raw().isString() ? "text" : part.raw().path("type").asString("");
        losses.add(
                new Loss(
                        path,
                        dialect + " has no word for this part of " + part.dialect(),
                        HINT_PARTS.getOrDefault(part.dialect(), Set.of()).contains(type)
                                ? Weight.HINT
                                : Weight.MEANING));
    }

    /**
     * Whether filters are only switched off, which others have not: to ask that something be
     * blocked means something.
     */
    private static boolean unblocked(JsonNode settings) {
        return settings.valueStream()
                .allMatch(each -> UNBLOCKED.contains(each.path("threshold").asString("")));
    }

    /** Marks of a form are no member of any dialect: their names begin with a tilde. */
    private static boolean isMark(String name) {
        return name.startsWith("~", name.lastIndexOf('.') + 1);
    }

    /** Whether a member says nothing: null, false, or empty. */
    private static boolean silent(JsonNode value) {
        return value.isNull()
                || (value.isBoolean() && !value.booleanValue())
                || (value.isContainer() && value.isEmpty())
                || (value.isObject() && value.propertyNames().stream().allMatch(Foreign::isMark))
                || (value.isString() && value.stringValue().isEmpty());
    }
}
