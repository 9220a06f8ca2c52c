package entrepot.market.prices.sources;

import java.util.List;
import java.util.Map;

/** The channels of a price list, and what each source calls them. */
final class Channels {

    /**
     * One channel.
     *
     * @param hosts at which it sells
     * @param genai providers of genai-prices
     * @param lite providers of LiteLLM, and how they begin
     * @param dev providers of models.dev
     */
    record Channel(
            String id,
            List<String> hosts,
            List<String> genai,
            List<String> lite,
            List<String> dev) {}

    static final List<Channel> ALL =
            List.of(
                    of("anthropic", "api.anthropic.com", "anthropic", "anthropic", "anthropic"),
                    of("avian", "api.avian.io", "avian", "", ""),
                    of("azure", "", "azure", "azure azure_ai azure_text", "azure"),
                    of("bedrock", "", "aws", "bedrock bedrock_converse", "amazon-bedrock"),
                    of("cerebras", "api.cerebras.ai", "cerebras", "cerebras", "cerebras"),
                    of(
                            "cohere",
                            "api.cohere.com api.cohere.ai",
                            "cohere",
                            "cohere cohere_chat",
                            "cohere"),
                    of("deepinfra", "api.deepinfra.com", "", "deepinfra", "deepinfra"),
                    of("deepseek", "api.deepseek.com", "deepseek", "deepseek", "deepseek"),
                    of("doubleword", "api.doubleword.ai", "doubleword", "", ""),
                    of(
                            "fireworks",
                            "api.fireworks.ai",
                            "fireworks",
                            "fireworks_ai fireworks_ai-embedding-models",
                            "fireworks-ai"),
                    of("gemini", "generativelanguage.googleapis.com", "google", "gemini", "google"),
                    of("groq", "api.groq.com", "groq", "groq", "groq"),
                    of(
                            "minimax",
                            "api.minimax.io api.minimaxi.com",
                            "minimax",
                            "minimax",
                            "minimax"),
                    of("mistral", "api.mistral.ai", "mistral", "mistral", "mistral"),
                    of(
                            "moonshot",
                            "api.moonshot.ai api.moonshot.cn",
                            "moonshotai",
                            "moonshot",
                            "moonshotai"),
                    of("nebius", "api.studio.nebius.com", "", "nebius", "nebius"),
                    of("novita", "api.novita.ai", "novita", "novita", "novita-ai"),
                    of(
                            "openai",
                            "api.openai.com eu.api.openai.com us.api.openai.com",
                            "openai",
                            "openai text-completion-openai",
                            "openai"),
                    of("openrouter", "openrouter.ai", "openrouter", "openrouter", "openrouter"),
                    of(
                            "ovhcloud",
                            "oai.endpoints.kepler.ai.cloud.ovh.net",
                            "ovhcloud",
                            "ovhcloud",
                            "ovhcloud"),
                    of("perplexity", "api.perplexity.ai", "perplexity", "perplexity", "perplexity"),
                    of(
                            "together",
                            "api.together.xyz api.together.ai",
                            "together",
                            "together_ai",
                            "togetherai"),
                    of(
                            "vertex",
                            "",
                            "google",
                            "vertex_ai",
                            "google-vertex google-vertex-anthropic"),
                    of("voyage", "api.voyageai.com", "voyageai", "voyage", ""),
                    of("xai", "api.x.ai", "x-ai", "xai", "xai"),
                    of("zhipu", "open.bigmodel.cn api.z.ai", "zhipuai", "zai", "zhipuai zai"));

    /** Prefixes of LiteLLM's names that are not the channel's own. */
    static final Map<String, String> PREFIXES =
            Map.of(
                    "together", "together_ai/",
                    "fireworks", "fireworks_ai/",
                    "vertex", "vertex_ai/",
                    "zhipu", "zai/",
                    "moonshot", "moonshot/");

    private Channels() {}

    private static Channel of(String id, String hosts, String genai, String lite, String dev) {
        return new Channel(id, words(hosts), words(genai), words(lite), words(dev));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }
}
