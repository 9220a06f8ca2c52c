package entrepot.gateway.responses;

import entrepot.conversation.Failed;
import entrepot.conversation.Failure;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.ErrorShape;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.OpenAiShape;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.identity.Ids;
import entrepot.protocols.json.Json;
import entrepot.runtime.responses.ConversationStore;
import entrepot.runtime.responses.ConversationStore.Conversation;
import entrepot.runtime.responses.StoredItem;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** {@code /v1/conversations} and the items in them. */
final class ConversationsApi {

    /** Items that may be added at once. */
    static final int BATCH_MAX = 20;

    private static final ErrorShape ERRORS = new OpenAiShape();

    private final ConversationStore conversations;
    private final Ids ids;

    ConversationsApi(ConversationStore conversations, Ids ids) {
        this.conversations = conversations;
        this.ids = ids;
    }

    List<Route> routes() {
        String one = "/v1/conversations/{conversation}";
        String item = one + "/items/{item}";
        return List.of(
                route("POST", "/v1/conversations", this::create),
                route("GET", one, this::get),
                route("POST", one, this::update),
                route("DELETE", one, this::delete),
                route("POST", one + "/items", this::add),
                route("GET", one + "/items", this::list),
                route("GET", item, this::item),
                route("DELETE", item, this::deleteItem));
    }

    private static Route route(String method, String path, Endpoint endpoint) {
        return new Route(method, path, Caller.Scope.MODELS, ERRORS, endpoint::answer);
    }

    private interface Endpoint {
        void answer(Call call);
    }

    private void create(Call call) {
        ObjectNode metadata = Json.object();
        List<StoredItem> items = List.of();
        if (call.body().length > 0) {
            Fields body = call.fields();
            metadata = Metadata.read(body);
            items = items(body.list("items"));
            body.end();
        }
        Conversation made =
                conversations.create(
                        call.caller().tenant(), ids.next("conv_"), Items.text(metadata), items);
        call.respond(200, json(made));
    }

    private void get(Call call) {
        call.respond(200, json(found(call)));
    }

    private void update(Call call) {
        Conversation before = found(call);
        Fields body = call.fields();
        body.required("metadata");
        String metadata = Items.text(Metadata.read(body));
        body.end();
        if (!conversations.describe(before.tenant(), before.id(), metadata)) {
            throw unknown(before.id());
        }
        call.respond(
                200,
                json(
                        new Conversation(
                                before.tenant(), before.id(), metadata, before.createdMillis())));
    }

    private void delete(Call call) {
        String id = call.parameter("conversation");
        if (!conversations.delete(call.caller().tenant(), id)) {
            throw unknown(id);
        }
        call.respond(
                200,
                Json.object()
                        .put("id", id)
                        .put("object", "conversation.deleted")
                        .put("deleted", true));
    }

    private void add(Call call) {
        Conversation conversation = found(call);
        Fields body = call.fields();
        List<StoredItem> items = items(body.requiredList("items"));
        body.end();
        if (!conversations.append(conversation.tenant(), conversation.id(), items)) {
            throw unknown(conversation.id());
        }
        call.respond(200, Listing.json(new Page<>(items, false), Listing.encrypted(call.query())));
    }

    private List<StoredItem> items(@Nullable List<JsonNode> list) {
        var items = new ArrayList<StoredItem>();
        if (list == null) {
            return items;
        }
        if (list.size() > BATCH_MAX) {
            throw Refusals.value("items", "at most " + BATCH_MAX + " items are added at once.");
        }
        for (int i = 0; i < list.size(); i++) {
            ObjectNode item = (ObjectNode) Fields.of("items[" + i + "]", list.get(i)).json();
            if (Items.type(item).equals("item_reference")) {
                throw Refusals.value(
                        "items[" + i + "]", "a reference cannot be kept; send the item itself.");
            }
            items.add(Items.stored(Items.named(item, ids)));
        }
        return items;
    }

    private void list(Call call) {
        Conversation conversation = found(call);
        Page.Query query = Listing.query(call.query());
        Page<StoredItem> page =
                conversations
                        .items(conversation.tenant(), conversation.id(), query)
                        .orElseThrow(() -> Listing.noSuchItem(String.valueOf(query.after())));
        call.respond(200, Listing.json(page, Listing.encrypted(call.query())));
    }

    private void item(Call call) {
        Conversation conversation = found(call);
        ObjectNode item =
                conversations
                        .item(conversation.tenant(), conversation.id(), call.parameter("item"))
                        .map(Items::read)
                        .orElseThrow(() -> noItem(call));
        Items.show(item, Listing.encrypted(call.query()));
        call.respond(200, item);
    }

    private void deleteItem(Call call) {
        Conversation conversation = found(call);
        if (!conversations.deleteItem(
                conversation.tenant(), conversation.id(), call.parameter("item"))) {
            throw noItem(call);
        }
        call.respond(200, json(conversation));
    }

    private Conversation found(Call call) {
        String id = call.parameter("conversation");
        return conversations.find(call.caller().tenant(), id).orElseThrow(() -> unknown(id));
    }

    static Failed unknown(String id) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND, "Conversation with id '" + id + "' not found."));
    }

    private static Failed noItem(Call call) {
        return new Failed(
                Failure.of(
                        Failure.Cause.NOT_FOUND,
                        "Item with id '"
                                + call.parameter("item")
                                + "' not found in conversation '"
                                + call.parameter("conversation")
                                + "'."));
    }

    private static ObjectNode json(Conversation conversation) {
        ObjectNode json =
                Json.object()
                        .put("id", conversation.id())
                        .put("object", "conversation")
                        .put("created_at", conversation.createdMillis() / 1000);
        json.set("metadata", Items.object(conversation.metadata()));
        return json;
    }
}
