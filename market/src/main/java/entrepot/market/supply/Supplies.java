package entrepot.market.supply;

import entrepot.http.HttpClient;
import entrepot.market.bedrock.InvokeDialect;
import entrepot.market.catalog.Supplier;
import entrepot.market.catalog.Supplier.OpenAiApi;
import entrepot.protocols.bedrock.converse.ConverseCounts;
import entrepot.protocols.bedrock.converse.ConverseDialect;
import entrepot.protocols.bedrock.embeddings.BedrockEmbeddings;
import entrepot.protocols.bedrock.images.BedrockImages;
import entrepot.protocols.openai.chat.ChatDialect;
import entrepot.protocols.openai.embeddings.OpenAiEmbeddings;
import entrepot.protocols.openai.images.OpenAiImages;
import entrepot.protocols.openai.responses.ResponsesCounts;
import entrepot.protocols.openai.responses.ResponsesDialect;

import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes what calls a supplier, for each supplier of a catalogue. */
public final class Supplies {

    /** Who seals reasoning that OpenAI cannot open, nor they OpenAI's (R33), by their hosts. */
    private static final Map<String, String> MAKERS =
            Map.of("x.ai", "xai", "openrouter.ai", "openrouter");

    private final HttpClient http;
    private final InstantSource clock;
    private final BuiltIn builtIn;

    /**
     * @param clock dates signatures
     */
    public Supplies(HttpClient http, List<BuiltInModel> builtInModels, InstantSource clock) {
        this.http = http;
        this.clock = clock;
        this.builtIn = new BuiltIn(builtInModels);
    }

    public Supply of(Supplier supplier) {
        return switch (supplier) {
            case Supplier.BuiltIn ignored -> builtIn;
            case Supplier.Remote remote -> new RemoteSupply(http, remote, access(remote), clock);
        };
    }

    private Access access(Supplier.Remote remote) {
        return switch (remote.api()) {
            case Supplier.Api.Bedrock bedrock -> bedrock(remote, bedrock);
            case Supplier.Api.OpenAiCompatible open ->
                    openAi(
                            open.apis(),
                            responses(remote.baseUrl()),
                            path -> OpenAiTarget.of(remote, path));
            case Supplier.Api.Azure azure ->
                    openAi(
                            azure.apis(),
                            new ResponsesDialect(),
                            path -> OpenAiTarget.azure(remote, azure, path));
            case Supplier.Api.Anthropic anthropic -> AnthropicTarget.access(remote, anthropic);
            case Supplier.Api.Gemini _ -> GoogleTargets.gemini(remote);
            case Supplier.Api.Vertex vertex -> GoogleTargets.vertex(remote, vertex);
        };
    }

    private Access bedrock(Supplier.Remote remote, Supplier.Api.Bedrock api) {
        Endpoint converse =
                BedrockEndpoint.of(
                        new ConverseDialect(), remote, api, "converse", "converse-stream", clock);
        Endpoint invoke =
                BedrockEndpoint.of(
                        new InvokeDialect(),
                        remote,
                        api,
                        "invoke",
                        "invoke-with-response-stream",
                        clock);
        Target counts =
                BedrockEndpoint.of(
                        new ConverseDialect(), remote, api, "count-tokens", "count-tokens", clock);
        return new Access(
                api.invoke() ? List.of(invoke, converse) : List.of(converse, invoke),
                List.of(new Access.Vectors(new BedrockEmbeddings(), invoke)),
                List.of(new Access.Counted(new ConverseCounts(), counts)),
                List.of(new Access.Drawn(new BedrockImages(), invoke)),
                List.of());
    }

    private static ResponsesDialect responses(URI baseUrl) {
        String host = String.valueOf(baseUrl.getHost());
        for (Map.Entry<String, String> maker : MAKERS.entrySet()) {
            if (host.equals(maker.getKey()) || host.endsWith("." + maker.getKey())) {
                return new ResponsesDialect(maker.getValue());
            }
        }
        return new ResponsesDialect();
    }

    private static Access openAi(
            List<OpenAiApi> apis, ResponsesDialect responses, Function<String, Target> at) {
        List<Access.Counted> counts =
                apis.contains(OpenAiApi.RESPONSES)
                        ? List.of(
                                new Access.Counted(
                                        new ResponsesCounts(), at.apply("/responses/input_tokens")))
                        : List.of();
        return new Access(
                apis.stream().<Endpoint>map(api -> conversation(api, responses, at)).toList(),
                List.of(new Access.Vectors(new OpenAiEmbeddings(), at.apply("/embeddings"))),
                counts,
                List.of(new Access.Passed(new OpenAiImages(), at.apply("/images/generations"))));
    }

    private static Endpoint conversation(
            OpenAiApi api, ResponsesDialect responses, Function<String, Target> at) {
        return switch (api) {
            case CHAT -> new Endpoint.Plain(new ChatDialect(), at.apply("/chat/completions"));
            case RESPONSES -> new Endpoint.Plain(responses, at.apply("/responses"));
        };
    }
}
