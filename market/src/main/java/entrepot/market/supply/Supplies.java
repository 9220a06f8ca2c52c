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
import entrepot.protocols.openai.responses.ResponsesDialect;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** Makes what calls a supplier, for each supplier of a catalogue. */
public final class Supplies {

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
            case Supplier.Remote remote -> new RemoteSupply(http, remote, access(remote));
        };
    }

    private Access access(Supplier.Remote remote) {
        return switch (remote.api()) {
            case Supplier.Api.Bedrock bedrock -> bedrock(remote, bedrock);
            case Supplier.Api.OpenAiCompatible open ->
                    openAi(open.apis(), path -> OpenAiTarget.of(remote, path));
            case Supplier.Api.Azure azure ->
                    openAi(azure.apis(), path -> OpenAiTarget.azure(remote, azure, path));
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

    private static Access openAi(List<OpenAiApi> apis, Function<String, Target> at) {
        return new Access(
                apis.stream().<Endpoint>map(api -> conversation(api, at)).toList(),
                List.of(new Access.Vectors(new OpenAiEmbeddings(), at.apply("/embeddings"))),
                List.of(new Access.Passed(new OpenAiImages(), at.apply("/images/generations"))));
    }

    private static Endpoint conversation(OpenAiApi api, Function<String, Target> at) {
        return switch (api) {
            case CHAT -> new Endpoint.Plain(new ChatDialect(), at.apply("/chat/completions"));
            case RESPONSES -> new Endpoint.Plain(new ResponsesDialect(), at.apply("/responses"));
        };
    }
}
