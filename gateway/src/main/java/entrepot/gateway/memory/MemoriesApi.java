package entrepot.gateway.memory;

import static entrepot.gateway.memory.MemoryStoresApi.route;

import entrepot.conversation.Failure;
import entrepot.gateway.agents.AgentErrors;
import entrepot.gateway.door.Call;
import entrepot.gateway.door.Described;
import entrepot.gateway.door.Fields;
import entrepot.gateway.door.Refusals;
import entrepot.gateway.door.Route;
import entrepot.http.Headers;
import entrepot.protocols.json.Json;
import entrepot.runtime.memory.Author;
import entrepot.runtime.memory.Expected;
import entrepot.runtime.memory.Memories;
import entrepot.runtime.memory.Memory;
import entrepot.runtime.memory.MemoryVersion;
import entrepot.runtime.memory.Viewer;
import entrepot.runtime.memory.Written;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The memories of a store and their versions. Who changes them is known from the credential. */
final class MemoriesApi {

    private static final int FULL_MAX = 20;
    private static final String MEMORY =
            "{id: string, type: memory, memory_store_id: string, memory_version_id: string,"
                    + " path: string, content: string|null, content_sha256: string,"
                    + " content_size_bytes: integer, created_at: string, updated_at: string}";
    private static final String VERSION =
            "{id: string, type: memory_version, memory_store_id: string, memory_id: string,"
                    + " operation: created/modified/deleted, path: string|null,"
                    + " content: string|null, content_sha256: string|null,"
                    + " content_size_bytes: integer|null, created_at: string, created_by: {},"
                    + " redacted_at: string|null, redacted_by: any}";

    private final Memories memories;

    MemoriesApi(Memories memories) {
        this.memories = memories;
    }

    /**
     * @param store the path of one store
     */
    List<Route> routes(String store) {
        String all = store + "/memories";
        String versions = store + "/memory_versions";
        return Stream.of(memoryRoutes(all, all + "/{memory_id}"), versionRoutes(versions))
                .flatMap(List::stream)
                .toList();
    }

    private List<Route> memoryRoutes(String all, String one) {
        return List.of(
                route("POST", all, this::create)
                        .about(
                                Described.body(
                                        "Makes a memory at a path where there is none.",
                                        "{path: string, content: string}",
                                        201,
                                        MEMORY)),
                route("GET", all, this::list)
                        .about(
                                Described.get(
                                        "Lists the memories of a store by path.",
                                        "{path?: string, path_prefix?: string, depth?: integer,"
                                                + " view?: basic/full, limit?: integer,"
                                                + " page?: string}",
                                        "{data: [any], next_page: string|null}")),
                route("GET", all + "/search", this::search)
                        .about(
                                Described.get(
                                        "Finds the memories that share most words with a"
                                                + " question.",
                                        "{query: string, limit?: integer}",
                                        "{data: [{memory: "
                                                + MEMORY
                                                + ", excerpt: string, score: number}]}")),
                route("GET", one, this::get)
                        .about(Described.get("Gets a memory.", "{view?: basic/full}", MEMORY)),
                route("POST", one, this::update)
                        .about(
                                Described.body(
                                        "Changes content or path of a memory.",
                                        "{content?: string, path?: string, precondition?: {type:"
                                                + " content_sha256, content_sha256: string}}",
                                        200,
                                        MEMORY)),
                route("DELETE", one, this::delete)
                        .about(
                                Described.get(
                                        "Deletes a memory; its versions stay.",
                                        "{expected_content_sha256?: string}",
                                        "{id: string, type: memory_deleted}")));
    }

    private List<Route> versionRoutes(String all) {
        String one = all + "/{memory_version_id}";
        return List.of(
                route("GET", all, this::versions)
                        .about(
                                Described.get(
                                        "Lists the changes of a store's memories, newest first.",
                                        "{memory_id?: string, operation?: string,"
                                                + " session_id?: string, api_key_id?: string,"
                                                + " limit?: integer, page?: string}",
                                        "{data: [" + VERSION + "], next_page: string|null}")),
                route("GET", one, this::version)
                        .about(
                                Described.get(
                                        "Gets a version of a memory.",
                                        "{view?: basic/full}",
                                        VERSION)),
                route("POST", one + "/redact", this::redact)
                        .about(
                                Described.get(
                                        "Takes the content of an earlier version away; digest and"
                                                + " author stay.",
                                        "",
                                        VERSION)));
    }

    private static String store(Call call) {
        return call.parameter("memory_store_id");
    }

    private static Viewer viewer(Call call) {
        return Viewer.of(call.caller());
    }

    private static Memories.Change change(Call call) {
        String key = Asked.key(call);
        return new Memories.Change(
                viewer(call),
                store(call),
                Author.of(call.caller()),
                key == null ? null : "api/" + call.caller().keyId() + "/" + key);
    }

    private void create(Call call) {
        Fields body = call.fields();
        String path = body.requiredText("path");
        String content = body.text("content");
        body.end();
        answer(call, 201, memories.create(change(call), path, content == null ? "" : content));
    }

    private void update(Call call) {
        Fields body = call.fields();
        String content = body.text("content");
        String path = body.text("path");
        Fields precondition = body.object("precondition");
        String digest = null;
        if (precondition != null) {
            precondition.required("type");
            precondition.oneOf("type", "content_sha256");
            digest = precondition.requiredText("content_sha256");
            precondition.end();
        }
        body.end();
        answer(
                call,
                200,
                memories.update(
                        change(call),
                        call.parameter("memory_id"),
                        path,
                        content,
                        expected("precondition.content_sha256", digest)));
    }

    private static Expected expected(String param, @Nullable String digest) {
        try {
            return Expected.digest(digest);
        } catch (IllegalArgumentException e) {
            throw Refusals.value(param, e.getMessage() + ".");
        }
    }

    private static void answer(Call call, int status, Written written) {
        switch (written) {
            case Written.Done done ->
                    call.respond(
                            status,
                            MemoryJson.memory(store(call), done.memory(), Asked.full(call, false)));
            case Written.Stale stale -> refuse(call, stale);
            case Written.Taken taken -> refuse(call, taken);
        }
    }

    private static void refuse(Call call, Written.Stale stale) {
        Memory current = stale.current();
        String digest = current == null ? null : current.sha256();
        ObjectNode error =
                error(
                        "memory_precondition_failed_error",
                        "Nothing was changed: the memory's content has the SHA-256 digest "
                                + digest
                                + " now. Read it again and decide anew.");
        refuse(call, error.put("content_sha256", digest));
    }

    private static void refuse(Call call, Written.Taken taken) {
        ObjectNode error =
                error(
                        "memory_path_conflict_error",
                        "Nothing was changed: memory "
                                + taken.by().id()
                                + " is at "
                                + taken.by().path()
                                + ", and no path may be there twice or above another.");
        refuse(
                call,
                error.put("conflicting_memory_id", taken.by().id())
                        .put("conflicting_path", taken.by().path()));
    }

    private static ObjectNode error(String code, String message) {
        return AgentErrors.error(
                new Failure(Failure.Cause.CONFLICT, message, null, code, null, null, null));
    }

    private static void refuse(Call call, ObjectNode error) {
        ObjectNode json = Json.object();
        json.set("error", error);
        call.respond(
                409,
                Headers.of("content-type", "application/json").plus("x-should-retry", "false"),
                Json.write(json));
    }

    private void get(Call call) {
        Memory memory =
                memories.find(viewer(call), store(call), call.parameter("memory_id"))
                        .orElseThrow(Refusals::notFound);
        call.respond(200, MemoryJson.memory(store(call), memory, Asked.full(call, true)));
    }

    private void delete(Call call) {
        String id = call.parameter("memory_id");
        Expected expected =
                expected("expected_content_sha256", call.query().get("expected_content_sha256"));
        switch (memories.delete(change(call), id, expected)) {
            case Written.Done done ->
                    call.respond(200, Json.object().put("id", id).put("type", "memory_deleted"));
            case Written.Stale stale -> refuse(call, stale);
            case Written.Taken taken -> refuse(call, taken);
        }
    }

    /** A line of a list: a memory, or a prefix under which there are more. */
    private record Line(String path, @Nullable Memory memory) {}

    private void list(Call call) {
        boolean full = Asked.full(call, false);
        int limit = Math.min(Asked.limit(call), full ? FULL_MAX : Integer.MAX_VALUE);
        String after = place(call.query().get("page"));
        List<Line> lines =
                lines(call).stream()
                        .filter(line -> after == null || line.path().compareTo(after) > 0)
                        .limit(limit + 1L)
                        .toList();
        boolean more = lines.size() > limit;
        List<Line> shown = more ? lines.subList(0, limit) : lines;
        var data = new ArrayList<ObjectNode>();
        for (Line line : shown) {
            Memory memory = line.memory();
            if (memory == null) {
                data.add(Json.object().put("type", "memory_prefix").put("path", line.path()));
            } else {
                Memory told =
                        full
                                ? memories.find(viewer(call), store(call), memory.id())
                                        .orElse(memory)
                                : memory;
                data.add(MemoryJson.memory(store(call), told, full));
            }
        }
        call.respond(200, MemoryJson.list(data, more ? token(shown.getLast().path()) : null));
    }

    private List<Line> lines(Call call) {
        String path = call.query().get("path");
        String prefix = call.query().get("path_prefix");
        String depth = call.query().get("depth");
        if (prefix != null && !prefix.endsWith("/")) {
            throw Refusals.value("path_prefix", "it must end with '/'.");
        }
        if (depth != null && !depth.equals("0") && !depth.equals("1")) {
            throw Refusals.value("depth", "it must be 0 or 1.");
        }
        String under = prefix == null ? "/" : prefix;
        var lines = new ArrayList<Line>();
        for (Memory memory : memories.all(viewer(call), store(call))) {
            if (!memory.path().startsWith(under) || (path != null && !path.equals(memory.path()))) {
                continue;
            }
            int slash = "1".equals(depth) ? memory.path().indexOf('/', under.length()) : -1;
            if (slash < 0) {
                lines.add(new Line(memory.path(), memory));
            } else {
                String folder = memory.path().substring(0, slash + 1);
                if (lines.stream().noneMatch(line -> line.path().equals(folder))) {
                    lines.add(new Line(folder, null));
                }
            }
        }
        return lines;
    }

    private static String token(String path) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(path.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String place(@Nullable String token) {
        if (token == null || token.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusals.value("page", "it must be the next_page of an earlier answer.");
        }
    }

    private void search(Call call) {
        String query = call.query().get("query");
        if (query == null || query.isBlank()) {
            throw Refusals.missing("query");
        }
        ObjectNode json = Json.object();
        ArrayNode data = json.putArray("data");
        memories.search(viewer(call), store(call), query, Asked.limit(call))
                .forEach(hit -> {
                    ObjectNode line = data.addObject();
                    line.set("memory", MemoryJson.memory(store(call), hit.memory(), false));
                    line.put("excerpt", hit.excerpt()).put("score", hit.score());
                });
        call.respond(200, json);
    }

    private void versions(Call call) {
        String operation = call.query().get("operation");
        Page<MemoryVersion> page =
                memories.versions(
                        viewer(call),
                        store(call),
                        new Memories.Filter(
                                call.query().get("memory_id"),
                                operation == null ? null : operation(operation),
                                call.query().get("session_id"),
                                call.query().get("api_key_id")),
                        Asked.page(call));
        call.respond(
                200,
                MemoryJson.list(
                        page.data().stream()
                                .map(version -> MemoryJson.version(store(call), version, false))
                                .toList(),
                        page.hasMore() ? page.data().getLast().id() : null));
    }

    private static MemoryVersion.Operation operation(String word) {
        for (MemoryVersion.Operation operation : MemoryVersion.Operation.values()) {
            if (operation.name().toLowerCase(Locale.ROOT).equals(word)) {
                return operation;
            }
        }
        throw Refusals.value("operation", "it must be one of created, modified, deleted.");
    }

    private void version(Call call) {
        MemoryVersion version =
                memories.version(viewer(call), store(call), call.parameter("memory_version_id"))
                        .orElseThrow(Refusals::notFound);
        call.respond(200, MemoryJson.version(store(call), version, Asked.full(call, true)));
    }

    private void redact(Call call) {
        MemoryVersion version =
                memories.redact(
                        viewer(call),
                        store(call),
                        call.parameter("memory_version_id"),
                        Author.of(call.caller()));
        call.respond(200, MemoryJson.version(store(call), version, false));
    }
}
