package entrepot.gateway.storefronts;

import entrepot.conversation.Request;
import entrepot.gateway.door.AnthropicShape;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.market.metering.Letters;
import entrepot.protocols.anthropic.ApiVersion;
import entrepot.protocols.anthropic.messages.MessagesEnvelope;
import entrepot.protocols.anthropic.messages.MessagesRequests;
import entrepot.protocols.anthropic.messages.MessagesVoice;
import entrepot.protocols.anthropic.messages.TokenCounts;
import entrepot.protocols.anthropic.versions.ApiVersions;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.Supplier;

/**
 * Anthropic's Messages API: {@code POST /v1/messages} and {@code POST /v1/messages/count_tokens}.
 *
 * <p>Every request names a version of the API; a request that fits its version goes to suppliers of
 * this dialect as it came, with the version and those betas that the supplier takes.
 */
public final class MessagesStorefront {

    private static final ErrorShape ERRORS = new AnthropicShape();
    private static final String BETA = "anthropic-beta";

    private final Sales sales;

    public MessagesStorefront(Sales sales) {
        this.sales = sales;
    }

    public List<Route> routes() {
        return List.of(
                new Route("POST", "/v1/messages", Caller.Scope.MODELS, ERRORS, this::answer, false),
                new Route(
                        "POST",
                        "/v1/messages/count_tokens",
                        Caller.Scope.MODELS,
                        ERRORS,
                        this::count,
                        false));
    }

    private void answer(Call call) throws InterruptedException {
        ApiVersion version = ApiVersions.of(call.header(ApiVersions.HEADER));
        MessagesEnvelope envelope = MessagesEnvelope.scan(call.plainBody(), version);
        var request = new Once(() -> MessagesRequests.read(envelope.body(), version));
        var voice =
                new MessagesVoice(
                        () -> Letters.tokens(Letters.of(request.get())), call.requestId());
        sales.sell(call, asked(call, version, envelope, request), voice, Framing.SSE);
    }

    private void count(Call call) throws InterruptedException {
        ApiVersion version = ApiVersions.of(call.header(ApiVersions.HEADER));
        MessagesEnvelope envelope = MessagesEnvelope.scanCounted(call.plainBody(), version);
        var request = new Once(() -> MessagesRequests.readCounted(envelope.body(), version));
        sales.count(call, asked(call, version, envelope, request), TokenCounts::write);
    }

    private static Sales.Asked asked(
            Call call, ApiVersion version, MessagesEnvelope envelope, Once request) {
        var headers = Headers.of(ApiVersions.HEADER, version.name());
        String betas = call.headerList(BETA);
        var verbatim =
                new Order.Verbatim(
                        MessagesRequests.DIALECT,
                        envelope.stream(),
                        true,
                        (model, _) -> envelope.splice(model),
                        betas == null ? headers : headers.plus(BETA, betas));
        return new Sales.Asked(
                envelope.model(), MessagesRequests.DIALECT, envelope.stream(), verbatim, request);
    }

    /** A request that is read at most once, by whoever needs it first. One thread at a time. */
    private static final class Once implements Supplier<Request> {

        private final Supplier<Request> reading;
        private @Nullable Request read;

        Once(Supplier<Request> reading) {
            this.reading = reading;
        }

        @Override
        public Request get() {
            Request request = read;
            if (request == null) {
                request = reading.get();
                read = request;
            }
            return request;
        }
    }
}
