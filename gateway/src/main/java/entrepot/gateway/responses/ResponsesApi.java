package entrepot.gateway.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.gateway.storefronts.DealHeaders;
import entrepot.gateway.storefronts.Framing;
import entrepot.gateway.storefronts.Instructions;
import entrepot.gateway.storefronts.Sales;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.protocols.StreamWriter;
import entrepot.protocols.Voice;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesEnvelope;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.protocols.openai.responses.ResponsesVoice;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.responses.StoredItem;
import entrepot.runtime.responses.Upkeep;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * {@code /v1/responses}, {@code /v1/conversations} and all below them. A request that keeps nothing
 * and refers to nothing that is kept goes on as its caller's bytes; any other is expanded first,
 * and its answer is ours to name.
 */
public final class ResponsesApi implements AutoCloseable {

    static final ErrorShape ERRORS = new OpenAiShape();
    private static final String JSON = "application/json";

    /** What a body says that refers to what is kept; to find more than that costs only time. */
    private static final List<byte[]> REFERRING =
            List.of(bytes("item_reference"), bytes(Compaction.PREFIX));

    /** How reasoning begins that carries a seal of ours: a supplier takes none with it. */
    private static final Pattern SEALED =
            Pattern.compile("\"(anthropic|google|openai(\\.[a-z]+)?):");

    private final Ids ids;
    private final InstantSource clock;
    private final Sales sales;
    private final Expansion expansion;
    private final Upkeep upkeep;
    private final Foreground foreground;
    private final Background background;
    private final Retrieval retrieval;
    private final Counting counting;
    private final ConversationsApi conversations;
    private final ResponsesSettings settings;

    /**
     * What the API is made with.
     *
     * @param sales for what passes as it came
     */
    public record Parts(
            Market market,
            Sales sales,
            ResponseStore responses,
            ConversationStore conversations,
            Ids ids,
            InstantSource clock,
            ResponsesSettings settings) {}

    public ResponsesApi(Parts parts) {
        ids = parts.ids();
        clock = parts.clock();
        sales = parts.sales();
        settings = parts.settings();
        expansion = new Expansion(parts.responses(), parts.conversations(), ids);
        upkeep = new Upkeep(parts.responses(), parts.conversations());
        foreground = new Foreground(parts, upkeep);
        background = new Background(parts, expansion, upkeep);
        retrieval = new Retrieval(parts.responses(), background, settings.keepAlive());
        conversations = new ConversationsApi(parts.conversations(), ids);
        counting = new Counting(parts.market(), sales, expansion, ids, settings.patience());
    }

    /** At OpenAI's own addresses, and at those under which Azure and Bedrock serve the same. */
    public List<Route> routes() {
        var routes = new ArrayList<Route>(own());
        for (Route route : own()) {
            routes.add(
                    new Route(
                            route.method(),
                            "/openai" + route.path(),
                            route.scope(),
                            route.errors(),
                            route.endpoint()));
        }
        return routes;
    }

    private List<Route> own() {
        String one = "/v1/responses/{response}";
        var routes = new ArrayList<Route>(conversations.routes());
        routes.addAll(
                List.of(
                        route("POST", "/v1/responses", this::create),
                        route("GET", "/v1/responses", this::connect),
                        route("POST", "/v1/responses/input_tokens", counting::inputTokens),
                        route("POST", "/v1/responses/compact", counting::compact),
                        route("GET", one, retrieval::get),
                        route("DELETE", one, retrieval::delete),
                        route("POST", one + "/cancel", retrieval::cancel),
                        route("GET", one + "/input_items", retrieval::inputItems)));
        return routes;
    }

    private static Route route(String method, String path, Endpoint endpoint) {
        return new Route(method, path, Caller.Scope.MODELS, ERRORS, endpoint);
    }

    /** Begins to look after what is kept, and to make what waits to be made. */
    public void start() {
        upkeep.start(background::takeOver);
    }

    /** Lets work in the background finish for so long, and gives back what has not begun. */
    public void stop(Duration drain) {
        background.stop(drain);
        upkeep.close();
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }

    private void create(Call call) throws InterruptedException {
        ResponsesEnvelope envelope = ResponsesEnvelope.scan(call.plainBody());
        if (Boolean.FALSE.equals(envelope.store())
                && !envelope.isStateful()
                && !refers(call.plainBody())) {
            passOn(call, envelope);
            return;
        }
        Asked asked = Asked.read(call.plainBody());
        Job job = job(call.caller(), asked, Instructions.of(call), null);
        if (asked.background()) {
            ObjectNode shown = background.begin(job);
            if (asked.stream()) {
                retrieval.follow(call, job.key(), -1);
            } else {
                call.respond(200, shown);
            }
        } else if (asked.stream()) {
            try (var telling = new SseTelling(call)) {
                foreground.stream(job, telling);
                telling.finish();
            }
        } else {
            Foreground.Made made = foreground.whole(job);
            Headers headers =
                    made.deal() == null
                            ? Headers.of("content-type", JSON)
                            : DealHeaders.of(made.deal(), JSON);
            call.respond(200, headers, Json.write(made.result().shown()));
        }
    }

    private static boolean refers(byte[] body) {
        return REFERRING.stream().anyMatch(word -> contains(body, word));
    }

    private static boolean isSealed(byte[] body) {
        // Letter by letter: what is looked for is ASCII, and so is found in UTF-8 as it stands.
        return SEALED.matcher(new String(body, StandardCharsets.ISO_8859_1)).find();
    }

    private static boolean contains(byte[] body, byte[] word) {
        for (int at = 0; at <= body.length - word.length; at++) {
            if (body[at] == word[0]
                    && Arrays.equals(body, at, at + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }

    /** Nothing of it is kept here, and its caller has asked that nobody keeps it. */
    private void passOn(Call call, ResponsesEnvelope envelope) throws InterruptedException {
        var verbatim =
                new Order.Verbatim(
                        ResponsesRequests.DIALECT,
                        envelope.stream(),
                        true,
                        (model, _) -> envelope.splice(model));
        var asked =
                new Sales.Asked(
                        envelope.model(),
                        ResponsesRequests.DIALECT,
                        envelope.stream(),
                        isSealed(envelope.body()) ? null : verbatim,
                        () -> ResponsesRequests.read(envelope.body()));
        sales.sell(call, asked, new LateVoice(call, ids), Framing.SSE);
    }

    /** A voice that reads what was asked only when it has to speak. */
    private record LateVoice(Call call, Ids ids) implements Voice {

        private ResponsesVoice voice() {
            return new ResponsesVoice(
                    Json.read(call.body(), Failure.Cause.INVALID_REQUEST),
                    ids.next("resp_"),
                    call.startedAt().getEpochSecond(),
                    kind -> ids.next(kind + "_"));
        }

        @Override
        public byte[] whole(Answer answer) {
            return voice().whole(answer);
        }

        @Override
        public StreamWriter stream() {
            return voice().stream();
        }
    }

    /**
     * A response to be made, with all that stands before it.
     *
     * @param remembered what stood before it, where a connection remembers what is not stored
     */
    private Job job(
            Caller caller, Asked asked, Instructions said, @Nullable List<StoredItem> remembered) {
        List<StoredItem> before =
                remembered == null ? expansion.history(caller.tenant(), asked) : remembered;
        Expansion.Expanded expanded = expansion.expand(caller.tenant(), asked, before);
        // What cannot be read is refused before anything is kept of it.
        ResponsesRequests.read(expanded.body());
        List<StoredItem> fresh = new ArrayList<>();
        if (remembered != null && asked.store()) {
            fresh.addAll(remembered);
        }
        fresh.addAll(expanded.fresh());
        return new Job(
                caller,
                ids.next("resp_"),
                clock.instant().getEpochSecond(),
                asked,
                remembered == null ? asked.previous() : null,
                expanded.body(),
                before,
                fresh,
                said);
    }

    private void connect(Call call) throws InterruptedException {
        if (!call.wantsWebSocket()) {
            call.respond(
                    426,
                    Headers.of(
                            "content-type", JSON, "upgrade", "websocket", "connection", "upgrade"),
                    ERRORS.body(
                            Failure.of(
                                    Failure.Cause.INVALID_REQUEST,
                                    "This is where a WebSocket is opened. To create a response,"
                                            + " send POST /v1/responses; to see one, GET"
                                            + " /v1/responses/{response_id}.")));
            return;
        }
        new Socket(call, this::job, foreground, settings, clock).serve();
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }
}
