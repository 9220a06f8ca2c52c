package entrepot.gateway.storefronts;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.chat.ChatVoice;

import java.util.List;

/** {@code POST /v1/chat/completions}. */
public final class ChatStorefront {

    private static final ErrorShape ERRORS = new OpenAiShape();

    private final Sales sales;

    public ChatStorefront(Sales sales) {
        this.sales = sales;
    }

    public List<Route> routes() {
        return List.of(
                new Route(
                        "POST",
                        "/v1/chat/completions",
                        Caller.Scope.MODELS,
                        ERRORS,
                        this::complete,
                        false));
    }

    private void complete(Call call) throws InterruptedException {
        ChatEnvelope envelope = ChatEnvelope.scan(call.body());
        var asked =
                new Sales.Asked(
                        envelope.model(),
                        ChatRequests.DIALECT,
                        envelope.stream(),
                        new Order.Verbatim(
                                ChatRequests.DIALECT,
                                envelope.stream(),
                                envelope.usageAsked(),
                                envelope::splice),
                        () -> ChatRequests.read(envelope.body()));
        var voice = new ChatVoice(call.startedAt().getEpochSecond(), envelope.usageAsked());
        sales.sell(call, asked, voice, Framing.SSE);
    }
}
