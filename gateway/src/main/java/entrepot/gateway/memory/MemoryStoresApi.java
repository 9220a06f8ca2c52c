package entrepot.gateway.memory;

import entrepot.gateway.agents.AgentErrors;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Endpoint;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.identity.Caller;
import entrepot.protocols.json.Json;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.MemoryStore;
import entrepot.runtime.memory.MemoryStores;
import entrepot.runtime.memory.Viewer;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The memory stores of a tenant. The routes need no beta header; one that is sent is let pass. */
public final class MemoryStoresApi {

    private static final AgentErrors ERRORS = new AgentErrors();
    private static final int PAIRS_MAX = 16;
    private static final int KEY_CHARS_MAX = 64;
    private static final int VALUE_CHARS_MAX = 512;
    private static final String STORE =
            "{id: string, type: memory_store, name: string, description: string,"
                    + " metadata: {}, created_at: string, updated_at: string,"
                    + " archived_at: string|null}";
    private static final String ABOUT = "{name: string, description?: string, metadata?: {}}";

    private final MemoryStores stores;
    private final MemoriesApi memories;

    public MemoryStoresApi(MemoryStores stores, Memories memories) {
        this.stores = stores;
        this.memories = new MemoriesApi(memories);
    }

    public List<Route> routes() {
        String one = "/v1/memory_stores/{memory_store_id}";
        var routes = new ArrayList<Route>();
        routes.add(
                route("POST", "/v1/memory_stores", this::create)
                        .about(Described.body("Makes a memory store.", ABOUT, 201, STORE)));
        routes.add(
                route("GET", "/v1/memory_stores", this::list)
                        .about(
                                Described.get(
                                        "Lists the memory stores, newest first.",
                                        "{limit?: integer, page?: string,"
                                                + " include_archived?: boolean}",
                                        "{data: [" + STORE + "], next_page: string|null}")));
        routes.add(
                route("GET", one, this::get)
                        .about(Described.get("Gets a memory store.", "", STORE)));
        routes.add(
                route("POST", one, this::update)
                        .about(
                                Described.body(
                                        "Changes what is said of a memory store.",
                                        "{name?: string, description?: string, metadata?: {}}",
                                        200,
                                        STORE)));
        routes.add(
                route("DELETE", one, this::delete)
                        .about(
                                Described.get(
                                        "Deletes a memory store with all that is in it.",
                                        "",
                                        "{id: string, type: memory_store_deleted}")));
        routes.add(
                route("POST", one + "/archive", this::archive)
                        .about(
                                Described.get(
                                        "Ends all change of a memory store, for good.",
                                        "",
                                        STORE)));
        routes.addAll(memories.routes(one));
        return List.copyOf(routes);
    }

    static Route route(String method, String path, Endpoint endpoint) {
        return new Route(method, path, Caller.Scope.AGENTS, ERRORS, endpoint);
    }

    private void create(Call call) {
        Fields body = call.fields();
        String name = body.requiredText("name");
        String description = body.text("description");
        Map<String, String> metadata = body.texts("metadata");
        body.end();
        check(metadata);
        var about = new MemoryStores.About(name, description == null ? "" : description, metadata);
        call.respond(201, MemoryJson.store(stores.create(call.caller(), about, Asked.key(call))));
    }

    private void list(Call call) {
        Page<MemoryStore> page =
                stores.list(
                        Viewer.of(call.caller()),
                        Asked.flag(call, "include_archived"),
                        Asked.page(call));
        call.respond(
                200,
                MemoryJson.list(
                        page.data().stream().map(MemoryJson::store).toList(),
                        page.hasMore() ? page.data().getLast().id() : null));
    }

    private void get(Call call) {
        call.respond(
                200,
                MemoryJson.store(
                        stores.find(Viewer.of(call.caller()), id(call))
                                .orElseThrow(Refusals::notFound)));
    }

    private void update(Call call) {
        Fields body = call.fields();
        String name = body.text("name");
        String description = body.text("description");
        Fields changes = body.object("metadata");
        body.end();
        MemoryStore changed =
                stores.update(
                        Viewer.of(call.caller()),
                        id(call),
                        old -> {
                            Map<String, String> metadata = patched(old.metadata(), changes);
                            check(metadata);
                            return new MemoryStores.About(
                                    name == null ? old.name() : name,
                                    description == null ? old.description() : description,
                                    metadata);
                        });
        call.respond(200, MemoryJson.store(changed));
    }

    /** Keys that are left out keep their values; null takes one away. */
    private static Map<String, String> patched(Map<String, String> old, @Nullable Fields changes) {
        var metadata = new TreeMap<>(old);
        if (changes != null) {
            for (String key : changes.json().propertyNames()) {
                String value = changes.text(key);
                if (value == null) {
                    metadata.remove(key);
                } else {
                    metadata.put(key, value);
                }
            }
        }
        return metadata;
    }

    private static void check(Map<String, String> metadata) {
        if (metadata.size() > PAIRS_MAX) {
            throw Refusals.value("metadata", "it must have at most " + PAIRS_MAX + " pairs.");
        }
        metadata.forEach((key, value) -> {
            if (key.isEmpty() || key.length() > KEY_CHARS_MAX || value.length() > VALUE_CHARS_MAX) {
                throw Refusals.value(
                        "metadata",
                        "keys must be 1 to "
                                + KEY_CHARS_MAX
                                + " characters, values at most "
                                + VALUE_CHARS_MAX
                                + ".");
            }
        });
    }

    private void delete(Call call) {
        stores.delete(Viewer.of(call.caller()), id(call));
        call.respond(200, Json.object().put("id", id(call)).put("type", "memory_store_deleted"));
    }

    private void archive(Call call) {
        call.respond(200, MemoryJson.store(stores.archive(Viewer.of(call.caller()), id(call))));
    }

    private static String id(Call call) {
        return call.parameter("memory_store_id");
    }
}
