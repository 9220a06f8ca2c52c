package entrepot.runtime.tools.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import entrepot.conversation.Part;
import entrepot.http.HttpClient;
import entrepot.http.Incoming;
import entrepot.http.Outgoing;
import entrepot.identity.testing.CountingIds;
import entrepot.knowledge.Knowledge;
import entrepot.knowledge.index.Question;
import entrepot.knowledge.index.Reader;
import entrepot.knowledge.index.SourceTable;
import entrepot.knowledge.sources.Access;
import entrepot.knowledge.sources.Connectors;
import entrepot.knowledge.sources.SourceSettings;
import entrepot.knowledge.sync.SyncProgress;
import entrepot.knowledge.testing.WordCountEmbedder;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServers;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

class KnowledgeToolsTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Files are read without it. */
    private static final HttpClient NO_CALLS =
            new HttpClient() {
                @Override
                public Incoming send(Outgoing call) {
                    throw new AssertionError("nothing is called here");
                }

                @Override
                public void close() {}
            };

    @TempDir Path folder = Path.of("");
    private @Nullable Database database;
    private @Nullable Knowledge knowledge;

    @BeforeEach
    void readAHandbook() throws Exception {
        Path docs = Files.createDirectories(folder.resolve("docs/board"));
        Files.writeString(
                folder.resolve("docs/leave.md"), "# Leave\n\nThere are 28 days of leave.\n");
        Files.writeString(docs.resolve(".access.yaml"), "access: [board]\n");
        Files.writeString(docs.resolve("plan.md"), "The board plans a merger.\n");
        Database opened = TestDatabases.sqlite(folder);
        database = opened;
        opened.migrate(List.of(SourceTable.MIGRATIONS));
        Knowledge made =
                Knowledge.open(
                        new Knowledge.Parts(
                                opened,
                                List.of(source("acme", "handbook")),
                                new Connectors(folder, NO_CALLS, NO_CALLS, InstantSource.system())
                                        ::open,
                                new WordCountEmbedder(),
                                folder.resolve("index"),
                                "node",
                                InstantSource.system(),
                                new CountingIds()));
        knowledge = made;
        made.start();
        while (made.source("acme", "handbook").orElseThrow().progress().state()
                != SyncProgress.State.DONE) {
            Thread.sleep(20);
        }
        Reader alice = Reader.of("acme", "core", "alice", List.of("board"));
        while (made.search().search(alice, question("merger")).hits().size() < 2) {
            Thread.sleep(20);
        }
    }

    private static Question question(String words) {
        return new Question(words, Set.of("handbook"), Set.of(), 10);
    }

    private SourceSettings source(String tenant, String id) {
        return new SourceSettings(
                id,
                tenant,
                "internal",
                Access.EVERYONE,
                Duration.ofHours(1),
                new SourceSettings.Folder(folder.resolve("docs"), List.of()));
    }

    @AfterEach
    void close() {
        Objects.requireNonNull(knowledge).close();
        Objects.requireNonNull(database).close();
    }

    private ToolServer.Result use(String tenant, String who, String tool, String arguments)
            throws InterruptedException {
        return use("entrepot:knowledge", tenant, who, tool, arguments);
    }

    private ToolServer.Result use(
            String url, String tenant, String who, String tool, String arguments)
            throws InterruptedException {
        ToolServer server = find(url, tenant, who).orElseThrow();
        return server.use(new ToolServer.Use(tenant, "sess_1", tool, arguments, "key"));
    }

    private Optional<ToolServer> find(String url, String tenant, String who) {
        var groups = Map.of("alice", List.of("board"));
        var tools =
                new KnowledgeTools(
                        Objects.requireNonNull(knowledge),
                        (whose, principal) ->
                                whose.equals("acme")
                                        ? groups.getOrDefault(principal, List.of())
                                        : List.of());
        var context = new ToolServers.Context(tenant, "core", who, "sess_1", List.of(), null);
        return tools.find(ToolSpec.Server.at("company", url, null), context);
    }

    private static String text(ToolServer.Result result) {
        return ((Part.Text) result.output().getFirst()).text();
    }

    private static JsonNode json(ToolServer.Result result) {
        assertThat(result.failed()).as(text(result)).isFalse();
        return JSON.readTree(text(result));
    }

    @Test
    void findsAndReadsWithPlaces() throws Exception {
        JsonNode hit =
                json(use("acme", "bob", "search_knowledge", "{\"query\":\"days of leave\"}"))
                        .path("passages")
                        .get(0);
        assertThat(hit.path("source").asString()).isEqualTo("handbook");
        assertThat(hit.path("document").asString()).isEqualTo("leave.md");
        assertThat(hit.path("heading").asString()).isEqualTo("Leave");
        assertThat(hit.path("text").asString()).contains("There are 28 days of leave.");
        String place =
                "{\"source\":\"handbook\",\"document\":\"leave.md\",\"from\":%d,\"to\":%d,"
                                .formatted(hit.path("from").asInt(), hit.path("to").asInt())
                        + "\"around\":0,\"revision\":\"%s\"}";
        JsonNode read =
                json(
                        use(
                                "acme",
                                "bob",
                                "read_passage",
                                place.formatted(hit.path("revision").asString())));
        assertThat(read.path("text").asString()).isEqualTo(hit.path("text").asString());
        assertThat(read.has("note")).isFalse();
        assertThat(
                        json(use("acme", "bob", "read_passage", place.formatted("older")))
                                .path("note")
                                .asString())
                .contains("changed since");
        assertThat(
                        json(use(
                                        "acme",
                                        "bob",
                                        "read_document",
                                        "{\"source\":\"handbook\"," + "\"document\":\"leave.md\"}"))
                                .path("text")
                                .asString())
                .isEqualTo("# Leave\n\nThere are 28 days of leave.\n");
    }

    @Test
    void readsForThePrincipalOfTheSessionOnly() throws Exception {
        String merger = "{\"query\":\"merger of the board\"}";
        assertThat(text(use("acme", "alice", "search_knowledge", merger))).contains("plan.md");
        assertThat(text(use("acme", "bob", "search_knowledge", merger))).doesNotContain("plan.md");
        String plan = "{\"source\":\"handbook\",\"document\":\"board/plan.md\"}";
        assertThat(text(use("acme", "alice", "read_document", plan))).contains("plans a merger");
        ToolServer.Result refused = use("acme", "bob", "read_document", plan);
        assertThat(refused.failed()).isTrue();
        assertThat(text(refused))
                .isEqualTo(
                        text(use("acme", "bob", "read_document", plan.replace("plan", "none")))
                                .replace("none", "plan"));
    }

    @Test
    void anotherTenantFindsNoSource() throws Exception {
        assertThat(text(use("globex", "alice", "search_knowledge", "{\"query\":\"leave\"}")))
                .contains("\"passages\":[]");
        assertThat(find("entrepot:knowledge/handbook", "globex", "alice")).isEmpty();
        assertThat(find("entrepot:knowledge/nothing", "acme", "alice")).isEmpty();
        assertThat(
                        json(use(
                                        "entrepot:knowledge/handbook",
                                        "acme",
                                        "alice",
                                        "search_knowledge",
                                        "{\"query\":\"leave\"}"))
                                .path("passages"))
                .isNotEmpty();
    }

    @Test
    void saysWhatIsWrongWithAUse() throws Exception {
        assertThat(text(use("acme", "bob", "search_knowledge", "{\"query\":7}")))
                .contains("query must be a string");
        assertThat(
                        text(
                                use(
                                        "acme",
                                        "bob",
                                        "search_knowledge",
                                        "{\"query\":\"a\",\"sources\":[\"x\"]}")))
                .contains("no source 'x'");
        assertThat(text(use("acme", "bob", "search_knowledge", "{\"query\":\"a\",\"limit\":90}")))
                .contains("limit must be from 1 to 50");
    }
}
