package entrepot.gateway.storefronts;

import static java.util.Objects.requireNonNull;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.conversation.Request;
import entrepot.gateway.door.BedrockShape;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.market.bedrock.InvokeBodies;
import entrepot.market.bedrock.InvokeDialect;
import entrepot.market.bedrock.MistralVoice;
import entrepot.protocols.Voice;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.bedrock.converse.ConverseCounts;
import entrepot.protocols.bedrock.converse.ConverseEnvelope;
import entrepot.protocols.bedrock.converse.ConverseRequests;
import entrepot.protocols.bedrock.converse.ConverseVoice;
import entrepot.protocols.bedrock.texts.TextBodies;
import entrepot.protocols.bedrock.texts.TextBody;
import entrepot.protocols.bedrock.texts.TextVoice;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Amazon Bedrock: {@code POST /model/{modelId}/converse}, {@code /converse-stream}, {@code
 * /invoke}, {@code /invoke-with-response-stream} and {@code /count-tokens}, and lists of models. A
 * model's id may hold a slash, as it is or percent-encoded.
 */
public final class BedrockStorefront {

    private static final ErrorShape ERRORS = new BedrockShape();
    private static final Framing FRAMING = new EventStreamFraming();

    /** For a stream's first event, until the supplier has counted: letters of a token. */
    private static final int LETTERS_PER_TOKEN = 4;

    private final Sales sales;
    private final BedrockModelsStorefront models;

    public BedrockStorefront(Market market, Sales sales) {
        this.sales = sales;
        this.models = new BedrockModelsStorefront(market);
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        operation(routes, "converse", call -> converse(call, false));
        operation(routes, "converse-stream", call -> converse(call, true));
        operation(routes, "invoke", call -> invoke(call, false));
        operation(routes, "invoke-with-response-stream", call -> invoke(call, true));
        operation(routes, "count-tokens", this::count);
        routes.addAll(models.routes());
        return routes;
    }

    private static void operation(List<Route> routes, String name, Endpoint endpoint) {
        for (String model : List.of("{model}", "{vendor}/{model}")) {
            String path = "/model/" + model + "/" + name;
            routes.add(new Route("POST", path, Caller.Scope.MODELS, ERRORS, endpoint));
        }
    }

    private static String model(Call call) {
        String vendor = call.parameterIf("vendor");
        String model = call.parameter("model");
        return vendor == null ? model : vendor + "/" + model;
    }

    private void converse(Call call, boolean stream) throws InterruptedException {
        String model = model(call);
        ConverseEnvelope envelope = ConverseEnvelope.scan(call.plainBody());
        var asked =
                new Sales.Asked(
                        model,
                        ConverseRequests.DIALECT,
                        stream,
                        new Order.Verbatim(
                                ConverseRequests.DIALECT,
                                stream,
                                true,
                                (name, usage) -> envelope.body()),
                        () -> ConverseRequests.read(model, stream, envelope.body()));
        sales.sell(call, asked, new ConverseVoice(call::elapsedMillis), FRAMING);
    }

    private void invoke(Call call, boolean stream) throws InterruptedException {
        String model = model(call);
        byte[] body = call.plainBody();
        ObjectNode tree = InvokeBodies.tree(body);
        var asked =
                new Sales.Asked(
                        model,
                        InvokeDialect.DIALECT,
                        stream,
                        new Order.Verbatim(
                                InvokeDialect.DIALECT, stream, true, (name, usage) -> body),
                        () -> InvokeBodies.read(model, stream, tree));
        sales.sell(call, asked, voice(call, model, tree), FRAMING);
    }

    /** Answers in the words of the body. */
    private static Voice voice(Call call, String model, ObjectNode body) {
        TextBody text = TextBodies.of(body, model);
        int letters = call.body().length;
        Voice maker =
                switch (InvokeBodies.words(body, model)) {
                    case ANTHROPIC ->
                            new MessagesVoice(() -> letters / LETTERS_PER_TOKEN, call.requestId());
                    case CHAT -> new MistralVoice(call.startedAt().getEpochSecond());
                    case TEXT -> new TextVoice(requireNonNull(text));
                    // What is none of these is only passed on.
                    case NOVA, OTHER -> new ConverseVoice(call::elapsedMillis);
                };
        return new InvokeVoice(maker, maker instanceof ConverseVoice, call::elapsedMillis);
    }

    private void count(Call call) throws InterruptedException {
        String model = model(call);
        byte[] body = call.plainBody();
        JsonNode input = InvokeBodies.tree(body).path("input");
        var verbatim =
                new Order.Verbatim(ConverseCounts.DIALECT, false, false, (name, usage) -> body);
        var asked =
                new Sales.Asked(
                        model,
                        ConverseCounts.DIALECT,
                        false,
                        verbatim,
                        () -> counted(model, input));
        sales.count(call, asked, ConverseCounts::write);
    }

    private static Request counted(String model, JsonNode input) {
        if (input.path("converse").isObject()) {
            return ConverseRequests.read(model, false, input.path("converse"));
        }
        JsonNode body = input.path("invokeModel").path("body");
        if (!body.isString()) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "'input' has neither 'converse' nor 'invokeModel.body'.",
                            "input"));
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(body.stringValue());
            return InvokeBodies.read(model, false, InvokeBodies.tree(decoded));
        } catch (IllegalArgumentException notBase64) {
            throw new Failed(
                    Failure.at(
                            Failure.Cause.INVALID_REQUEST,
                            "'input.invokeModel.body' is not base64.",
                            "input.invokeModel.body"),
                    notBase64);
        }
    }
}
