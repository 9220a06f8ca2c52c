package entrepot.gateway.storefronts;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;

import java.time.Duration;
import java.util.List;

/** {@code POST /v1/chat/completions}. */
public final class ChatStorefront {

    private static final ErrorShape ERRORS = new OpenAiShape();

    private final Market market;
    private final Ids ids;
    private final Duration patience;

    /**
     * @param patience how long after it came a request may still be answered
     */
    public ChatStorefront(Market market, Ids ids, Duration patience) {
        this.market = market;
        this.ids = ids;
        this.patience = patience;
    }

    public List<Route> routes() {
        return List.of(
                new Route(
                        "POST",
                        "/v1/chat/completions",
                        Caller.Scope.MODELS,
                        ERRORS,
                        this::complete));
    }

    private void complete(Call call) throws InterruptedException {
        ChatEnvelope envelope = ChatEnvelope.scan(call.body());
        var order =
                new Order(
                        ids.next("ord_"),
                        call.caller(),
                        envelope.model(),
                        Order.ApiKind.STATELESS,
                        ChatRequests.DIALECT,
                        call.startedAt().plus(patience),
                        () -> ChatRequests.read(envelope.body()),
                        new Order.Verbatim(
                                ChatRequests.DIALECT,
                                envelope.stream(),
                                envelope.usageAsked(),
                                envelope::splice),
                        null);
        var counter = new ChatCounter(call, envelope.stream(), envelope.usageAsked());
        try {
            market.buy(order, counter);
            counter.finish();
        } finally {
            counter.abandon();
        }
    }
}
