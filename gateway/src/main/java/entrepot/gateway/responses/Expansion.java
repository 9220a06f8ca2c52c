package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.gateway.door.Refusals;
import entrepot.identity.Ids;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.ResponseKey;
import entrepot.runtime.responses.ResponseStore;
import entrepot.runtime.responses.StoredItem;
import entrepot.runtime.responses.StoredResponse;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Makes one request without state from what is asked and what is kept: earlier items come first,
 * references become what they refer to, and a compaction of ours becomes its summary.
 */
final class Expansion {

    private static final String NOT_FOUND = "previous_response_not_found";

    /** Members that are ours alone: no supplier is told them. */
    private static final List<String> OURS =
            List.of(
                    "background",
                    "conversation",
                    "generate",
                    "metadata",
                    "previous_response_id",
                    "store",
                    "stream_id",
                    "type");

    private final ResponseStore responses;
    private final ConversationStore conversations;
    private final Ids ids;

    Expansion(ResponseStore responses, ConversationStore conversations, Ids ids) {
        this.responses = responses;
        this.conversations = conversations;
        this.ids = ids;
    }

    /**
     * A request that stands by itself.
     *
     * @param body for the dialect to read
     * @param fresh the new items, as they are to be kept
     */
    record Expanded(ObjectNode body, List<StoredItem> fresh) {}

    /**
     * What stood before a request.
     *
     * @throws Failed when what it continues is not there
     */
    List<StoredItem> history(String tenant, Asked asked) {
        String previous = asked.previous();
        if (previous != null) {
            return responses.context(continued(tenant, previous).key());
        }
        String conversation = asked.conversation();
        if (conversation != null) {
            if (conversations.find(tenant, conversation).isEmpty()) {
                throw ConversationsApi.unknown(conversation);
            }
            return conversations.items(tenant, conversation);
        }
        return List.of();
    }

    private StoredResponse continued(String tenant, String previous) {
        StoredResponse found =
                responses
                        .find(new ResponseKey(tenant, previous))
                        .orElseThrow(() -> noPrevious(previous));
        if (!found.status().ended()) {
            throw Refusals.invalid(
                    "previous_response_in_progress",
                    "Previous response '"
                            + previous
                            + "' is still "
                            + found.status().word()
                            + ": wait until it has ended.",
                    "previous_response_id");
        }
        return found;
    }

    static Failed noPrevious(String id) {
        return Refusals.invalid(
                NOT_FOUND,
                "Previous response with id '" + id + "' not found.",
                "previous_response_id");
    }

    /** Expands a request with what stood before it. */
    Expanded expand(String tenant, Asked asked, List<StoredItem> history) {
        ObjectNode body = asked.body().deepCopy();
        OURS.forEach(body::remove);
        body.put("store", false);
        JsonNode input = asked.body().path("input");
        var fresh = new ArrayList<StoredItem>();
        ArrayNode expanded = body.arrayNode();
        history.forEach(item -> expanded.add(forModel(Items.read(item))));
        for (ObjectNode item : Items.of(input)) {
            ObjectNode meant = meant(tenant, item);
            fresh.add(Items.stored(Items.named(meant, ids)));
            expanded.add(Compaction.isOurs(meant) ? Compaction.expand(meant) : meant);
        }
        if (!history.isEmpty()) {
            called(expanded);
        }
        if (!input.isString() || !history.isEmpty()) {
            if (!expanded.isEmpty() || input.isArray()) {
                body.set("input", expanded);
            }
        }
        return new Expanded(body, fresh);
    }

    /**
     * Refuses a result without its call, where all that came before is known: what a supplier made
     * opaque may hold the call.
     */
    private static void called(ArrayNode items) {
        var calls = new HashSet<String>();
        for (JsonNode item : items) {
            String type = item.path("type").asString("");
            String id = item.path("call_id").asString("");
            if (type.equals("compaction")) {
                return;
            } else if (!type.endsWith("_output")) {
                calls.add(id);
            } else if (!id.isEmpty() && !calls.contains(id)) {
                throw Refusals.value(
                        "input",
                        "no tool call was found for the result with call_id '"
                                + id
                                + "'; send results with the ids of the calls that they answer.");
            }
        }
    }

    /** The same for a request whose items are all kept. */
    ObjectNode again(Asked asked, List<StoredItem> items) {
        ObjectNode body = asked.body().deepCopy();
        OURS.forEach(body::remove);
        body.put("store", false);
        ArrayNode input = body.putArray("input");
        items.forEach(item -> input.add(forModel(Items.read(item))));
        return body;
    }

    /** An item, or the one that it refers to. */
    private ObjectNode meant(String tenant, ObjectNode item) {
        return switch (Items.type(item)) {
            case "item_reference" -> referred(tenant, item.path("id").asString(""));
            case "reasoning" -> thought(tenant, item);
            default -> item;
        };
    }

    private ObjectNode referred(String tenant, String id) {
        return responses
                .item(tenant, id)
                .map(Items::read)
                .orElseThrow(() ->
                        Refusals.invalid(
                                "item_not_found", "Item with id '" + id + "' not found.", "input"));
    }

    /** Shown without its encrypted form, reasoning comes back without it. */
    private ObjectNode thought(String tenant, ObjectNode item) {
        String id = item.path("id").asString("");
        if (item.path("encrypted_content").isString() || id.isEmpty()) {
            return item;
        }
        Optional<ObjectNode> kept = responses.item(tenant, id).map(Items::read);
        return kept.isPresent() && Items.type(kept.get()).equals("reasoning") ? kept.get() : item;
    }

    /** What was kept, without the names that we gave to what callers said. */
    private static ObjectNode forModel(ObjectNode item) {
        if (Compaction.isOurs(item)) {
            return Compaction.expand(item);
        }
        String type = Items.type(item);
        boolean said =
                type.endsWith("_output")
                        || (type.equals("message")
                                && !item.path("role").asString("").equals("assistant"));
        if (said) {
            item.remove("id");
            item.remove("status");
        }
        return item;
    }
}
