package entrepot.app.agents;

import entrepot.app.books.Desk;
import entrepot.app.books.ServerFlags;
import entrepot.app.books.Unusable;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** {@code entrepot memory}. */
@Command(
        name = "memory",
        description = "Shows and changes what agents remember beyond a session.",
        synopsisSubcommandLabel = "(stores | create | list | read | write | search | …)")
public final class MemoryCommand {

    private static final String STORES = "/v1/memory_stores";
    private static final int PAGES_MAX = 1_000;

    private final Desk desk;

    public MemoryCommand(Desk desk) {
        this.desk = desk;
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "stores",
            description = "The memory stores of your team.")
    int stores(
            @Mixin ServerFlags server,
            @Option(names = "--json", description = "as JSON, one line each") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            pages(
                    api,
                    STORES + "?limit=100&include_archived=true",
                    store ->
                            desk.print(
                                    json
                                            ? String.valueOf(store)
                                            : "%s  %s%s"
                                                    .formatted(
                                                            text(store, "id"),
                                                            text(store, "name"),
                                                            store.path("archived_at").isNull()
                                                                    ? ""
                                                                    : "  (archived)")));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "create",
            description = "Makes a memory store and prints its id.")
    int create(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--description",
                            paramLabel = "TEXT",
                            description = "what it is for; agents read it")
                    @Nullable String description)
            throws ApiFailed, InterruptedException {
        ObjectNode body = object().put("name", name);
        if (description != null) {
            body.put("description", description);
        }
        try (var api = server.connect(desk)) {
            desk.print(text(api.post(STORES, body), "id"));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "list",
            description = "The memories of a store, by path, with their sizes in bytes.")
    int list(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Option(names = "--json", description = "as JSON, one line each") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            pages(
                    api,
                    memories(store) + "?limit=100",
                    memory ->
                            desk.print(
                                    json
                                            ? String.valueOf(memory)
                                            : "%7d  %s"
                                                    .formatted(
                                                            memory.path("content_size_bytes")
                                                                    .asLong(0),
                                                            text(memory, "path"))));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "read",
            description = "Prints the content of a memory.")
    int read(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "PATH") String path)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            String id = text(required(api, store, path), "id");
            desk.print(text(api.get(memories(store) + "/" + ServerFlags.encoded(id)), "content"));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "write",
            description = "Puts a file's text at a path and prints the SHA-256 digest.")
    int write(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "PATH") String path,
            @Parameters(paramLabel = "FILE", description = "a text file") Path file,
            @Option(
                            names = "--expect",
                            paramLabel = "SHA256",
                            description = "only if the memory has this digest now")
                    @Nullable String expected)
            throws ApiFailed, InterruptedException {
        ObjectNode body = object().put("content", content(file));
        try (var api = server.connect(desk)) {
            JsonNode there = find(api, store, path);
            if (there == null && expected != null) {
                throw new Unusable("There is no memory " + path + " that could have a digest.");
            }
            if (expected != null) {
                body.putObject("precondition")
                        .put("type", "content_sha256")
                        .put("content_sha256", expected);
            }
            JsonNode written =
                    there == null
                            ? api.post(memories(store), body.put("path", path))
                            : api.post(
                                    memories(store) + "/" + ServerFlags.encoded(text(there, "id")),
                                    body);
            desk.print(text(written, "content_sha256"));
            return 0;
        }
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Unusable(file + " cannot be read as UTF-8 text.");
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "search",
            description = "The memories that share most words with a question.")
    int search(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "QUESTION") String question)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            api.get(memories(store) + "/search?query=" + ServerFlags.encoded(question))
                    .path("data")
                    .forEach(hit ->
                            desk.print(
                                    hit.path("memory").path("path").asString("")
                                            + "\t"
                                            + text(hit, "excerpt")));
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "delete",
            description = "Deletes a memory; its versions stay.")
    int delete(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "PATH") String path)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            String id = text(required(api, store, path), "id");
            api.delete(memories(store) + "/" + ServerFlags.encoded(id));
            desk.say(path + " is deleted.");
            return 0;
        }
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "versions",
            description = "Who changed what in a store, newest first.")
    int versions(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Option(names = "--json", description = "as JSON, one line each") boolean json)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            pages(
                    api,
                    versionsOf(store) + "?limit=100",
                    version -> desk.print(json ? String.valueOf(version) : told(version)));
            return 0;
        }
    }

    private static String told(JsonNode version) {
        JsonNode by = version.path("created_by");
        return "%s  %s  %-8s  %s  by %s%s"
                .formatted(
                        text(version, "id"),
                        text(version, "created_at"),
                        text(version, "operation"),
                        version.path("redacted_at").isNull() ? text(version, "path") : "(redacted)",
                        text(by, "principal"),
                        by.has("session_id") ? " in " + text(by, "session_id") : "");
    }

    @Command(
            mixinStandardHelpOptions = true,
            name = "redact",
            description = "Takes the content of an earlier version away, for good.")
    int redact(
            @Mixin ServerFlags server,
            @Parameters(paramLabel = "STORE") String store,
            @Parameters(paramLabel = "VERSION", description = "as in memory versions")
                    String version)
            throws ApiFailed, InterruptedException {
        try (var api = server.connect(desk)) {
            api.post(versionsOf(store) + "/" + ServerFlags.encoded(version) + "/redact", object());
            desk.say(version + " has no content any more; its digest and author stay.");
            return 0;
        }
    }

    private static String memories(String store) {
        return STORES + "/" + ServerFlags.encoded(store) + "/memories";
    }

    private static String versionsOf(String store) {
        return STORES + "/" + ServerFlags.encoded(store) + "/memory_versions";
    }

    private static @Nullable JsonNode find(Api api, String store, String path)
            throws ApiFailed, InterruptedException {
        JsonNode data =
                api.get(memories(store) + "?path=" + ServerFlags.encoded(path)).path("data");
        return data.isEmpty() ? null : data.get(0);
    }

    private static JsonNode required(Api api, String store, String path)
            throws ApiFailed, InterruptedException {
        JsonNode memory = find(api, store, path);
        if (memory == null) {
            throw new Unusable(
                    "There is no memory "
                            + path
                            + ". What there is: entrepot memory list "
                            + store);
        }
        return memory;
    }

    private static void pages(Api api, String path, Consumer<JsonNode> each)
            throws ApiFailed, InterruptedException {
        String next = "";
        for (int page = 0; page < PAGES_MAX; page++) {
            JsonNode answer = api.get(path + next);
            answer.path("data").forEach(each);
            if (!answer.path("next_page").isString()) {
                return;
            }
            next = "&page=" + ServerFlags.encoded(answer.path("next_page").asString(""));
        }
    }

    private static String text(JsonNode json, String name) {
        return json.path(name).asString("");
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
