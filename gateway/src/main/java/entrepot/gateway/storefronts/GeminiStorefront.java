package entrepot.gateway.storefronts;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.GoogleShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.google.GoogleTarget;
import entrepot.protocols.google.embeddings.EmbedBodies;
import entrepot.protocols.google.gemini.GeminiCounts;
import entrepot.protocols.google.gemini.GeminiEnvelope;
import entrepot.protocols.google.gemini.GeminiRequests;
import entrepot.protocols.google.gemini.GeminiVoice;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code POST …/models/{model}:{method}}, where Google's developer interface and Vertex have it. A
 * model's slash may stand as it is or percent-encoded; Vertex's own publisher is left out of its
 * name, any other is its vendor.
 */
public final class GeminiStorefront {

    private static final ErrorShape ERRORS = new GoogleShape();
    private static final String TARGET = "/models/{target...}";
    private static final String PUBLISHER = "/publishers/{publisher}";

    private final Sales sales;
    private final GoogleModelsStorefront models;
    private final Map<String, Method> methods = new LinkedHashMap<>();

    public GeminiStorefront(Sales sales, GoogleModelsStorefront models) {
        this.sales = sales;
        this.models = models;
        methods.put("generateContent", (call, model) -> generate(call, model, false));
        methods.put("streamGenerateContent", (call, model) -> generate(call, model, true));
        methods.put("countTokens", this::count);
        methods.put("embedContent", (call, model) -> embed(call, model, EmbedBodies.Method.ONE));
        methods.put(
                "batchEmbedContents",
                (call, model) -> embed(call, model, EmbedBodies.Method.BATCH));
    }

    /** What can be asked of a model. */
    private interface Method {
        void answer(Call call, String model) throws InterruptedException;
    }

    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (String version : List.of("/v1", "/v1beta")) {
            routes.add(route(version + TARGET, call -> answer(call, "")));
        }
        for (String version : List.of("/v1", "/v1beta1")) {
            for (String parent : List.of("", "/projects/{project}/locations/{location}")) {
                routes.add(
                        route(
                                version + parent + PUBLISHER + TARGET,
                                call -> answer(call, vendor(call))));
            }
        }
        routes.addAll(models.routes("/v1beta", ERRORS));
        return routes;
    }

    private static Route route(String path, entrepot.gateway.door.Endpoint endpoint) {
        return new Route("POST", path, Caller.Scope.MODELS, ERRORS, endpoint, false, true);
    }

    private static String vendor(Call call) {
        String publisher = call.parameter("publisher");
        return publisher.equals("google") ? "" : publisher + "/";
    }

    private void answer(Call call, String vendor) throws InterruptedException {
        GoogleTarget target = GoogleTarget.parse(call.parameter("target"));
        Method method = target == null ? null : methods.get(target.method());
        if (target == null || method == null) {
            throw new Failed(
                    Failure.of(
                            Failure.Cause.NOT_FOUND,
                            "A model can be asked for "
                                    + String.join(", ", methods.keySet())
                                    + ": POST …/models/{model}:{method}."));
        }
        method.answer(call, vendor + target.model());
    }

    private void embed(Call call, String model, EmbedBodies.Method method)
            throws InterruptedException {
        byte[] body = call.plainBody();
        sales.sell(
                call,
                model,
                new Order.Goods.Embedding(() -> EmbedBodies.read(body, model, method)),
                new Order.Verbatim(
                        method.dialect(),
                        false,
                        false,
                        (name, askUsage) -> EmbedBodies.withModel(body, name)),
                vectors -> EmbedBodies.write(vectors, method));
    }

    private void generate(Call call, String model, boolean stream) throws InterruptedException {
        GeminiEnvelope envelope = GeminiEnvelope.scan(call.plainBody());
        var asked =
                new Sales.Asked(
                        model,
                        GeminiRequests.DIALECT,
                        stream,
                        new Order.Verbatim(
                                GeminiRequests.DIALECT,
                                stream,
                                true,
                                (name, askUsage) -> envelope.splice(name)),
                        () -> GeminiRequests.read(envelope.body(), model, stream));
        boolean events = "sse".equals(call.query().get("alt"));
        sales.sell(
                call,
                asked,
                new GeminiVoice(),
                stream && !events ? new GeminiArrayFraming() : Framing.SSE);
    }

    private void count(Call call, String model) throws InterruptedException {
        byte[] body = call.plainBody();
        String dialect = GeminiCounts.of(body, call.parameterIf("publisher") != null).name();
        var verbatim =
                new Order.Verbatim(
                        dialect,
                        false,
                        false,
                        (name, askUsage) -> GeminiCounts.withModel(body, name));
        var asked =
                new Sales.Asked(
                        model, dialect, false, verbatim, () -> GeminiCounts.read(body, model));
        sales.count(call, asked, GeminiCounts::write);
    }
}
