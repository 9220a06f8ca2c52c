package entrepot.runtime.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Failed;
import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.memory.MemoryVersion.Operation;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.tools.memory.MemoryTools;
import entrepot.store.Database;
import entrepot.store.Page;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Memory stores, whichever database keeps them, and the tools over them. */
abstract class MemoriesContract {

    private static final Caller ALICE = caller("acme", "research");
    private static final Page.Query ALL = new Page.Query(null, 100, true);

    @TempDir Path folder;
    private Database opened;
    private MemoryStores stores;
    private Memories memories;

    abstract Database open(Path folder);

    @BeforeEach
    void openStores() {
        Database database = open(folder);
        opened = database;
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Memories.MIGRATIONS));
        var ids = new CountingIds("m");
        stores = new MemoryStores(database, ids);
        memories = new Memories(database, ids);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private static Caller caller(String tenant, String team) {
        return new Caller(tenant, team, "alice", "key_1", Set.of(Caller.Scope.AGENTS));
    }

    private String store(Caller owner) {
        return stores.create(owner, new MemoryStores.About("desk", "facts", Map.of()), null).id();
    }

    private static Memories.Change change(Caller caller, String store) {
        return new Memories.Change(Viewer.of(caller), store, Author.of(caller), null);
    }

    private Memory made(String store, String path, String content) {
        return done(memories.create(change(ALICE, store), path, content));
    }

    private static Memory done(Written written) {
        assertThat(written).isInstanceOf(Written.Done.class);
        return ((Written.Done) written).memory();
    }

    private List<MemoryVersion> versions(String store) {
        return memories.versions(Viewer.of(ALICE), store, Memories.Filter.ALL, ALL).data();
    }

    @Test
    void keepsWhatIsWrittenAndEachVersionOfIt() {
        String store = store(ALICE);
        Memory first = made(store, "/gate.md", "opens at nine");
        assertThat(first.sha256()).isEqualTo(MemoryRows.sha256(MemoryRows.bytes("opens at nine")));
        Memory second =
                done(
                        memories.update(
                                change(ALICE, store),
                                first.id(),
                                "/harbour/gate.md",
                                "opens at ten",
                                new Expected.Digest(first.sha256())));
        assertThat(second.id()).isEqualTo(first.id());
        Viewer viewer = Viewer.of(ALICE);
        assertThat(memories.at(viewer, store, "/gate.md")).isEmpty();
        assertThat(memories.at(viewer, store, "/harbour/gate.md")).contains(second);
        done(memories.delete(change(ALICE, store), first.id(), new Expected.Anything()));
        assertThat(memories.all(viewer, store)).isEmpty();
        assertThat(versions(store))
                .extracting(MemoryVersion::operation)
                .containsExactly(Operation.CREATED, Operation.MODIFIED, Operation.DELETED);
        assertThat(versions(store))
                .allSatisfy(version -> assertThat(version.author()).isEqualTo(Author.of(ALICE)));
        assertThat(memories.version(viewer, store, first.versionId()).orElseThrow().content())
                .isEqualTo("opens at nine");
    }

    @Test
    void refusesWhatWasDecidedOnAnOlderContent() {
        String store = store(ALICE);
        Memory first = made(store, "/gate.md", "nine");
        Memory second = done(memories.put(change(ALICE, store), "/gate.md", "ten", any()));
        Written late =
                memories.put(
                        change(ALICE, store),
                        "/gate.md",
                        "eleven",
                        new Expected.Digest(first.sha256()));
        assertThat(late).isEqualTo(new Written.Stale(second));
        assertThat(
                        memories.delete(
                                change(ALICE, store),
                                first.id(),
                                new Expected.Digest(first.sha256())))
                .isEqualTo(new Written.Stale(second));
        assertThat(memories.put(change(ALICE, store), "/gate.md", "x", new Expected.Nothing()))
                .isEqualTo(new Written.Stale(second));
        // Who wants what is there already has it, and no version is made.
        assertThat(
                        memories.put(
                                change(ALICE, store),
                                "/gate.md",
                                "ten",
                                new Expected.Digest(first.sha256())))
                .isEqualTo(new Written.Done(second));
        assertThat(versions(store)).hasSize(2);
    }

    private static Expected any() {
        return new Expected.Anything();
    }

    @Test
    void onlyOneOfManyWhoSawTheSameWins() throws Exception {
        String store = store(ALICE);
        Memory first = made(store, "/count.md", "0");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Written>>();
            for (int i = 1; i <= 16; i++) {
                String content = "writer " + i;
                all.add(
                        threads.submit(() ->
                                memories.put(
                                        change(ALICE, store),
                                        "/count.md",
                                        content,
                                        new Expected.Digest(first.sha256()))));
            }
            int won = 0;
            for (Future<Written> each : all) {
                won += each.get() instanceof Written.Done ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        }
        assertThat(versions(store)).hasSize(2);
    }

    @Test
    void noPathIsAboveAnother() {
        String store = store(ALICE);
        Memory one = made(store, "/notes/a.md", "a");
        for (String path : List.of("/notes", "/notes/a.md", "/notes/a.md/b")) {
            assertThat(memories.create(change(ALICE, store), path, "b"))
                    .isInstanceOfSatisfying(
                            Written.Taken.class,
                            taken -> assertThat(taken.by().id()).isEqualTo(one.id()));
        }
        made(store, "/notes-more", "c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a",
                "/a/",
                "//a",
                "/a/../b",
                "/./a",
                "/a\u0000",
                "/a\u200bb",
                "/e\u0301"
            })
    void refusesPathsThatMislead(String path) {
        String store = store(ALICE);
        assertThatThrownBy(() -> memories.create(change(ALICE, store), path, "x"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("path");
    }

    @Test
    void refusesWhatIsTooLargeOrNoText() {
        String store = store(ALICE);
        for (String content :
                List.of("x".repeat(Memories.CONTENT_BYTES_MAX + 1), "a\u0000b", "\ud800")) {
            assertThatThrownBy(() -> memories.create(change(ALICE, store), "/a", content))
                    .isInstanceOf(Failed.class)
                    .hasMessageContaining("content");
        }
        made(store, "/a", "x".repeat(Memories.CONTENT_BYTES_MAX));
        assertThatThrownBy(() -> made(store, "/" + "x".repeat(Paths.BYTES_MAX), ""))
                .isInstanceOf(Failed.class);
    }

    @Test
    void aRedactedVersionKeepsItsDigestAndItsAuthor() {
        String store = store(ALICE);
        Memory first = made(store, "/gate.md", "a secret");
        Viewer viewer = Viewer.of(ALICE);
        assertThatThrownBy(
                        () -> memories.redact(viewer, store, first.versionId(), Author.of(ALICE)))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("holds now");
        done(memories.put(change(ALICE, store), "/gate.md", "nothing", any()));
        MemoryVersion redacted =
                memories.redact(viewer, store, first.versionId(), Author.of(ALICE));
        assertThat(redacted.content()).isNull();
        assertThat(redacted.path()).isNull();
        assertThat(redacted.sha256()).isEqualTo(first.sha256());
        assertThat(redacted.author()).isEqualTo(Author.of(ALICE));
        assertThat(redacted.redaction()).isNotNull();
        assertThat(memories.redact(viewer, store, first.versionId(), Author.of(ALICE)))
                .isEqualTo(redacted);
    }

    @Test
    void anArchivedStoreIsReadAndDeletedFromAndNothingElse() {
        String store = store(ALICE);
        Memory one = made(store, "/gate.md", "nine");
        Viewer viewer = Viewer.of(ALICE);
        stores.archive(viewer, store);
        assertThatThrownBy(() -> made(store, "/b", "b"))
                .isInstanceOf(Failed.class)
                .hasMessageContaining("archived");
        assertThat(memories.at(viewer, store, "/gate.md")).contains(one);
        done(memories.delete(change(ALICE, store), one.id(), any()));
        assertThat(stores.list(viewer, false, ALL).data()).isEmpty();
        assertThat(stores.list(viewer, true, ALL).data()).hasSize(1);
        stores.delete(viewer, store);
        assertThat(stores.find(viewer, store)).isEmpty();
    }

    /** E71, E72: another tenant, and another team, finds and changes nothing. */
    @Test
    void nobodyElseSeesAStore() {
        String store = store(ALICE);
        Memory one = made(store, "/gate.md", "nine");
        for (Caller other : List.of(caller("acme", "sales"), caller("globex", "research"))) {
            Viewer viewer = Viewer.of(other);
            assertThat(stores.find(viewer, store)).isEmpty();
            assertThat(stores.list(viewer, true, ALL).data()).isEmpty();
            List<Runnable> attempts =
                    List.of(
                            () -> memories.all(viewer, store),
                            () -> memories.find(viewer, store, one.id()),
                            () -> memories.at(viewer, store, "/gate.md"),
                            () -> memories.search(viewer, store, "nine", 5),
                            () -> memories.put(change(other, store), "/gate.md", "x", any()),
                            () -> memories.delete(change(other, store), one.id(), any()),
                            () -> memories.versions(viewer, store, Memories.Filter.ALL, ALL),
                            () -> memories.version(viewer, store, one.versionId()),
                            () -> memories.redact(viewer, store, one.versionId(), Author.of(other)),
                            () -> stores.archive(viewer, store),
                            () -> stores.delete(viewer, store));
            for (Runnable attempt : attempts) {
                assertThatThrownBy(attempt::run)
                        .isInstanceOf(Failed.class)
                        .hasMessageContaining("no memory store");
            }
            // The same path and even the same ids in a store of their own are other memories.
            String own = store(other);
            done(memories.create(change(other, own), "/gate.md", "theirs"));
        }
        assertThat(memories.all(Viewer.of(ALICE), store)).hasSize(1);
        assertThat(versions(store)).hasSize(1);
        Caller admin = new Caller("acme", "ops", "root", "key_2", Set.of(Caller.Scope.ADMIN));
        assertThat(memories.all(Viewer.of(admin), store)).hasSize(1);
    }

    // ---- tools

    private ToolServer server(Caller caller, String url) {
        return find(caller, url, "sess_1").orElseThrow();
    }

    private Optional<ToolServer> find(Caller caller, String url, @Nullable String session) {
        return new MemoryTools(stores, memories)
                .find(
                        ToolSpec.Server.at("memory", url, null),
                        new ToolServers.Context(
                                caller.tenant(),
                                caller.team(),
                                caller.principal(),
                                session,
                                List.of(),
                                null));
    }

    private static ToolServer.Result use(
            ToolServer server, String tool, String arguments, String key) throws Exception {
        return server.use(
                new ToolServer.Use(
                        "acme", "sess_1", "turn_1", "call_" + key, tool, arguments, key));
    }

    private static JsonNode told(ToolServer.Result result) {
        assertThat(result.failed()).as(text(result)).isFalse();
        return JsonMapper.shared().readTree(text(result));
    }

    private static String text(ToolServer.Result result) {
        return ((Part.Text) result.output().getFirst()).text();
    }

    @Test
    void anAgentRemembersReadsAndFinds() throws Exception {
        String store = store(ALICE);
        ToolServer server = server(ALICE, "entrepot:memory/" + store);
        assertThat(server.offers())
                .extracting(offer -> offer.tool().name() + " " + offer.effect())
                .containsExactly(
                        "list_memories READ",
                        "read_memory READ",
                        "search_memories READ",
                        "write_memory KEYED",
                        "delete_memory KEYED");
        assertThat(server.offers().getFirst().tool().description()).contains("facts");
        String gate =
                "{\"path\":\"/gate.md\",\"content\":\"The gate opens at nine.\\nBring tea.\"}";
        String sha = told(use(server, "write_memory", gate, "1")).path("sha256").asString();
        told(
                use(
                        server,
                        "write_memory",
                        "{\"path\":\"/people/ada.md\",\"content\":\"Ada likes ships.\"}",
                        "2"));
        assertThat(
                        told(use(server, "list_memories", "{\"prefix\":\"/people/\"}", "3"))
                                .path("memories"))
                .hasSize(1);
        JsonNode found = told(use(server, "search_memories", "{\"query\":\"gate opens\"}", "4"));
        assertThat(found.path("memories").get(0).path("path").asString()).isEqualTo("/gate.md");
        assertThat(found.path("memories").get(0).path("excerpt").asString())
                .isEqualTo("The gate opens at nine.");
        JsonNode read = told(use(server, "read_memory", "{\"path\":\"/gate.md\"}", "5"));
        assertThat(read.path("sha256").asString()).isEqualTo(sha);
        ToolServer.Result late =
                use(
                        server,
                        "write_memory",
                        "{\"path\":\"/gate.md\",\"content\":\"x\",\"expected_sha256\":\"absent\"}",
                        "6");
        assertThat(late.failed()).isTrue();
        assertThat(text(late)).contains(sha);
        told(use(server, "delete_memory", "{\"path\":\"/gate.md\"}", "7"));
        assertThat(
                        told(use(server, "search_memories", "{\"query\":\"gate\"}", "8"))
                                .path("memories"))
                .isEmpty();
    }

    @Test
    void aCallThatIsTriedAgainWritesOnce() throws Exception {
        String store = store(ALICE);
        ToolServer server = server(ALICE, "entrepot:memory/" + store);
        String write =
                "{\"path\":\"/gate.md\",\"content\":\"nine\",\"expected_sha256\":\"absent\"}";
        JsonNode first = told(use(server, "write_memory", write, "1"));
        told(use(server, "write_memory", "{\"path\":\"/gate.md\",\"content\":\"ten\"}", "2"));
        assertThat(told(use(server, "write_memory", write, "1"))).isEqualTo(first);
        String delete = "{\"path\":\"/gate.md\"}";
        told(use(server, "delete_memory", delete, "3"));
        told(use(server, "delete_memory", delete, "3"));
        assertThat(versions(store)).hasSize(3);
        assertThat(memories.all(Viewer.of(ALICE), store)).isEmpty();
    }

    /** E73: who wrote is known from the session; what the arguments say of it is refused. */
    @Test
    void theIdentityIsTheSessionsAndNotTheArguments() throws Exception {
        String store = store(ALICE);
        ToolServer server = server(ALICE, "entrepot:memory/" + store);
        told(use(server, "write_memory", "{\"path\":\"/a\",\"content\":\"a\"}", "1"));
        for (String member : List.of("tenant", "team", "principal", "session_id", "user")) {
            ToolServer.Result forged =
                    use(
                            server,
                            "write_memory",
                            "{\"path\":\"/b\",\"content\":\"b\",\"" + member + "\":\"globex\"}",
                            "2");
            assertThat(forged.failed()).isTrue();
            assertThat(text(forged)).contains(member);
        }
        assertThat(versions(store))
                .singleElement()
                .extracting(MemoryVersion::author)
                .isEqualTo(Author.agent("alice", "sess_1", "turn_1", "call_1"));
    }

    /** E74: an id in the arguments opens no store that the agent was not given. */
    @Test
    void anAgentHasTheStoresItWasGivenAndNoOther() throws Exception {
        String given = store(ALICE);
        String other = store(ALICE);
        String foreign = store(caller("globex", "research"));
        made(other, "/secret", "x");
        ToolServer one = server(ALICE, "entrepot:memory/" + given);
        for (String id : List.of(other, foreign, "../" + other, "")) {
            ToolServer.Result refused =
                    use(one, "list_memories", "{\"store\":\"" + id + "\"}", "1");
            assertThat(refused.failed()).isTrue();
            assertThat(text(refused)).doesNotContain("secret");
        }
        assertThat(find(ALICE, "entrepot:memory/" + foreign, null)).isEmpty();
        assertThat(find(caller("acme", "sales"), "entrepot:memory/" + given, null)).isEmpty();
        assertThat(find(ALICE, "entrepot:memory/", null)).isEmpty();
        assertThat(find(ALICE, "entrepot:memory/" + given + "," + given, null)).isEmpty();
        ToolServer both = server(ALICE, "entrepot:memory/" + given + "," + other + ":read_only");
        assertThat(use(both, "list_memories", "{}", "1").failed()).isTrue();
        told(use(both, "read_memory", "{\"store\":\"" + other + "\",\"path\":\"/secret\"}", "1"));
        ToolServer.Result refused =
                use(
                        both,
                        "write_memory",
                        "{\"store\":\"" + other + "\",\"path\":\"/b\",\"content\":\"b\"}",
                        "2");
        assertThat(text(refused)).contains("may only be read");
        assertThat(server(ALICE, "entrepot:memory/" + given + ":read_only").offers()).hasSize(3);
        // A session that there is does not fail for a store that goes.
        stores.delete(Viewer.of(ALICE), given);
        assertThatThrownBy(one::offers).hasMessageContaining("any more");
        assertThat(text(use(one, "list_memories", "{}", "3"))).contains("no memory store");
    }
}
