package entrepot.gateway.responses;

import entrepot.gateway.storefronts.Instructions;
import entrepot.identity.Caller;
import entrepot.market.Order;
import entrepot.protocols.openai.responses.ResponsesRequests;
import entrepot.runtime.responses.FreshResponse;
import entrepot.runtime.responses.ResponseKey;
import entrepot.runtime.responses.StoredEvent;
import entrepot.runtime.responses.StoredItem;
import entrepot.runtime.responses.StoredResponse.Origin;
import entrepot.runtime.responses.StoredResponse.Status;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.List;

/**
 * One response to be made.
 *
 * @param id as its caller will know it
 * @param previous the stored response that it continues
 * @param body what to ask a model, with all that came before
 * @param before the items that came before
 * @param fresh the new items
 * @param said what the caller says beside its request
 */
record Job(
        Caller caller,
        String id,
        long createdSeconds,
        Asked asked,
        @Nullable String previous,
        ObjectNode body,
        List<StoredItem> before,
        List<StoredItem> fresh,
        Instructions said) {

    /** Under which name it is kept what the caller said to us alone; no supplier sees it. */
    static final String SAID = "entrepot";

    Job {
        before = List.copyOf(before);
        fresh = List.copyOf(fresh);
    }

    ResponseKey key() {
        return new ResponseKey(caller.tenant(), id);
    }

    /**
     * @param stream whether to have the answer as it comes
     */
    Order order(String orderId, Instant deadline, boolean stream) {
        return new Order(
                orderId,
                caller,
                asked.model(),
                Order.ApiKind.STATELESS,
                ResponsesRequests.DIALECT,
                deadline,
                new Order.Goods.Conversation(() -> ResponsesRequests.read(body).withStream(stream)),
                null,
                null,
                said.losses(),
                said.wishes(),
                said.purpose());
    }

    /** As it is kept when it begins. */
    FreshResponse kept(Status status, ObjectNode shown, List<StoredEvent> events) {
        ObjectNode request = asked.body().deepCopy();
        request.remove("input");
        ObjectNode instructions = said.json();
        if (!instructions.isEmpty()) {
            request.set(SAID, instructions);
        }
        return new FreshResponse(
                key(),
                status,
                asked.background(),
                previous,
                asked.conversation(),
                new Origin(caller.team(), caller.principal(), caller.keyId()),
                Items.text(request),
                Items.text(shown),
                fresh,
                events);
    }
}
