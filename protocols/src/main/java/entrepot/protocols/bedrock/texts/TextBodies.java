package entrepot.protocols.bedrock.texts;

import entrepot.protocols.bedrock.BedrockModel;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** All bodies of texts, and which of them it is. */
public final class TextBodies {

    public static final TextBody TITAN = new TitanBody();
    public static final TextBody LLAMA = new LlamaBody();
    public static final TextBody MISTRAL = new MistralBody();
    public static final TextBody COHERE = new CohereBody();
    public static final TextBody COHERE_CHAT = new CohereChat();

    public static final List<TextBody> ALL = List.of(TITAN, LLAMA, MISTRAL, COHERE, COHERE_CHAT);

    /** Members of makers whose prompts are not read here: older Claude, and Jurassic. */
    private static final Set<String> CLAIMED =
            Set.of("max_tokens_to_sample", "anthropic_version", "maxTokens", "topP");

    /** Members of a request to Titan's models that embed. */
    private static final Set<String> EMBEDDED =
            Set.of("dimensions", "normalize", "embeddingTypes", "inputImage");

    private TextBodies() {}

    /** The bodies that a model takes; null when it is none of these. */
    public static @Nullable TextBody of(String model) {
        String id = model.toLowerCase(Locale.ROOT);
        return switch (BedrockModel.of(model).maker()) {
            case TITAN -> TITAN;
            case META -> LLAMA;
            case MISTRAL -> MistralBody.prompts(id) ? MISTRAL : null;
            case COHERE -> id.contains("command-r") ? COHERE_CHAT : COHERE;
            case ANTHROPIC, NOVA, GPT_OSS, AI21, OTHER, UNKNOWN -> null;
        };
    }

    /**
     * Whose body a caller's is; null when it is none of these, or of any of several.
     *
     * @param model as asked for, which may tell where the body does not
     */
    public static @Nullable TextBody of(ObjectNode body, String model) {
        if (body.has("inputText")) {
            boolean embeds = has(body, EMBEDDED) || model.contains("embed");
            return embeds ? null : TITAN;
        }
        if (body.has("message") && !body.has("messages")) {
            return COHERE_CHAT;
        }
        if (!body.has("prompt") || has(body, CLAIMED)) {
            return null;
        }
        if (body.has(LlamaBody.MAX)) {
            return LLAMA;
        }
        if (has(body, CohereBody.OWN)) {
            return COHERE;
        }
        if (has(body, MistralBody.OWN)) {
            return MISTRAL;
        }
        TextBody named = named(model.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        String prompt = body.path("prompt").asString("");
        if (LlamaBody.isIn(prompt)) {
            return LLAMA;
        }
        // Of those with a prompt only Mistral's have these two together.
        return body.has("max_tokens") && body.has("top_p") ? MISTRAL : null;
    }

    private static boolean has(ObjectNode body, Set<String> names) {
        return names.stream().anyMatch(body::has);
    }

    private static @Nullable TextBody named(String model) {
        if (model.contains("llama")) {
            return LLAMA;
        }
        if (model.contains("mistral") || model.contains("mixtral")) {
            return MISTRAL;
        }
        return model.contains("cohere") || model.contains("command") ? COHERE : null;
    }

    /**
     * Whose chunk of a stream it is; null when it is none of these.
     *
     * @param chunk the first
     */
    public static @Nullable TextBody ofChunk(ObjectNode chunk) {
        if (chunk.has("outputText")) {
            return TITAN;
        }
        if (chunk.has("generation")) {
            return LLAMA;
        }
        if (chunk.has("outputs")) {
            return MISTRAL;
        }
        if (chunk.has("event_type")) {
            return COHERE_CHAT;
        }
        return chunk.has("is_finished") ? COHERE : null;
    }

    /** Whose whole answer it is; null when it is none of these. */
    public static @Nullable TextBody ofAnswer(ObjectNode answer) {
        if (answer.path("results").path(0).has("outputText")) {
            return TITAN;
        }
        if (answer.has("generation")) {
            return LLAMA;
        }
        if (answer.path("outputs").path(0).has("text")) {
            return MISTRAL;
        }
        if (answer.path("generations").path(0).has("text")) {
            return COHERE;
        }
        return answer.has("text") && answer.has("finish_reason") ? COHERE_CHAT : null;
    }
}
