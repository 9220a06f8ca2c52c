package entrepot.gateway.storefronts;

import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.openai.chat.ChatEnvelope;
import entrepot.protocols.openai.chat.ChatForms;
import entrepot.protocols.openai.chat.ChatRequests;
import entrepot.protocols.openai.chat.ChatVoice;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** {@code POST /v1/chat/completions}, and the same under other prefixes. */
public final class ChatStorefront {

    private final Sales sales;

    public ChatStorefront(Sales sales) {
        this.sales = sales;
    }

    public List<Route> routes() {
        return routes("/v1", new OpenAiShape());
    }

    /**
     * The same interface elsewhere.
     *
     * @param prefix such as {@code /openai/v1}
     */
    public List<Route> routes(String prefix, ErrorShape errors) {
        return List.of(
                new Route(
                        "POST",
                        prefix + "/chat/completions",
                        Caller.Scope.MODELS,
                        errors,
                        call -> complete(call, null),
                        false));
    }

    /**
     * Answers a call.
     *
     * @param model as the address names it; null when the body does
     */
    void complete(Call call, @Nullable String model) throws InterruptedException {
        ChatEnvelope envelope = ChatEnvelope.scan(call.plainBody(), model);
        var asked =
                new Sales.Asked(
                        envelope.model(),
                        ChatRequests.DIALECT,
                        envelope.stream(),
                        new Order.Verbatim(
                                ChatRequests.DIALECT,
                                envelope.stream(),
                                envelope.usageAsked(),
                                envelope::splice,
                                Headers.NONE,
                                envelope.choices()),
                        () -> ChatRequests.read(envelope.splice(envelope.model(), false)));
        var voice =
                new ChatVoice(
                        call.startedAt().getEpochSecond(),
                        envelope.usageAsked(),
                        () -> ChatForms.of(call.plainBody()));
        sales.sell(call, asked, voice, Framing.SSE);
    }
}
