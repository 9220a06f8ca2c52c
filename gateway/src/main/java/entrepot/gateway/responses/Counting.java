package entrepot.gateway.responses;

import entrepot.conversation.Answer;
import entrepot.conversation.Failure;
import entrepot.conversation.Request;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Fields;
import entrepot.gateway.responses.Expansion.Expanded;
import entrepot.gateway.storefronts.Instructions;
import entrepot.gateway.storefronts.Sales;
import entrepot.http.Headers;
import entrepot.identity.Ids;
import entrepot.market.Market;
import entrepot.market.Order;
import entrepot.market.metering.Letters;
import entrepot.protocols.json.Json;
import entrepot.protocols.openai.responses.ResponsesCounts;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.protocols.openai.responses.ResponsesVoice;
import entrepot.runtime.responses.StoredItem;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked about a conversation rather than within it: how many tokens it comes to, and that
 * it be made short.
 */
final class Counting {

    private final Market market;
    private final Sales sales;
    private final Expansion expansion;
    private final Ids ids;
    private final Duration patience;

    Counting(Market market, Sales sales, Expansion expansion, Ids ids, Duration patience) {
        this.market = market;
        this.sales = sales;
        this.expansion = expansion;
        this.ids = ids;
        this.patience = patience;
    }

    /** Asks whoever would answer, and estimates where nobody counts or no model is named. */
    void inputTokens(Call call) throws InterruptedException {
        ObjectNode body = object(call);
        boolean named = body.path("model").isString();
        if (!named) {
            body.put("model", "-");
        }
        Asked asked = asked(body);
        List<StoredItem> history = expansion.history(call.caller().tenant(), asked);
        Expanded expanded = expansion.expand(call.caller().tenant(), asked, history);
        Request request = ResponsesRequests.read(expanded.body()).withStream(false);
        if (named) {
            sales.count(
                    call,
                    new Sales.Asked(
                            asked.model(), ResponsesRequests.DIALECT, false, null, () -> request),
                    ResponsesCounts::write);
            return;
        }
        call.respond(
                200,
                Headers.of("content-type", "application/json", "x-entrepot-estimated", "true"),
                ResponsesCounts.write(Letters.tokens(Letters.of(request))));
    }

    private static ObjectNode object(Call call) {
        JsonNode body = Json.read(call.plainBody(), Failure.Cause.INVALID_REQUEST);
        return (ObjectNode) Fields.of("", body).json();
    }

    /** Neither of the two is ever kept; without an input, what came before is meant. */
    private static Asked asked(ObjectNode body) {
        boolean continues = body.has("previous_response_id") || body.has("conversation");
        if (continues && (!body.has("input") || body.path("input").isNull())) {
            body.putArray("input");
        }
        body.put("store", false);
        return Asked.read(body);
    }

    void compact(Call call) throws InterruptedException {
        Asked asked = asked(object(call));
        String tenant = call.caller().tenant();
        List<StoredItem> history = expansion.history(tenant, asked);
        Expanded expanded = expansion.expand(tenant, asked, history);
        var compaction = new Compaction();
        Instructions said = Instructions.of(call);
        var order =
                new Order(
                        ids.next("ord_"),
                        call.caller(),
                        asked.model(),
                        Order.ApiKind.STATELESS,
                        ResponsesRequests.DIALECT,
                        call.startedAt().plus(patience),
                        new Order.Goods.Conversation(() -> Compaction.request(expanded.body())),
                        null,
                        null,
                        said.losses(),
                        said.wishes(),
                        said.purpose());
        market.buy(order, compaction);
        Answer answer = compaction.answer();
        List<StoredItem> before = new ArrayList<>(history);
        before.addAll(expanded.fresh());
        call.respond(200, compacted(call, asked, before, answer));
    }

    private ObjectNode compacted(Call call, Asked asked, List<StoredItem> before, Answer answer) {
        String id = ids.next("resp_");
        long seconds = call.startedAt().getEpochSecond();
        ObjectNode json = Json.object().put("id", id).put("object", "response.compaction");
        ArrayNode output = json.putArray("output");
        for (StoredItem item : before) {
            ObjectNode said = Items.read(item);
            if (Items.type(said).equals("message")
                    && said.path("role").asString("").equals("user")) {
                output.add(said);
            }
        }
        output.add(Compaction.item(ids.next("cmp_"), Compaction.text(answer)));
        json.put("created_at", seconds);
        var voice = new ResponsesVoice(asked.body(), id, seconds, kind -> ids.next(kind + "_"));
        json.set("usage", voice.response(answer).path("usage"));
        return json;
    }
}
