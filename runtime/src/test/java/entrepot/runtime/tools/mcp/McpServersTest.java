package entrepot.runtime.tools.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.conversation.Part;
import entrepot.identity.Caller;
import entrepot.identity.Secret;
import entrepot.identity.testing.CountingIds;
import entrepot.runtime.AgentRuntime;
import entrepot.runtime.agents.AgentSnapshot;
import entrepot.runtime.agents.AgentSnapshot.Origin;
import entrepot.runtime.agents.AgentSnapshot.ToolSpec;
import entrepot.runtime.agents.AgentSnapshot.Transport;
import entrepot.runtime.outside.Outside;
import entrepot.runtime.outside.Reach;
import entrepot.runtime.tools.ToolServer;
import entrepot.runtime.tools.ToolServer.Effect;
import entrepot.runtime.tools.ToolServerUnavailable;
import entrepot.runtime.tools.ToolServers;
import entrepot.runtime.vaults.Auth;
import entrepot.runtime.vaults.McpTokens;
import entrepot.runtime.vaults.SealedPairs;
import entrepot.runtime.vaults.Sealer;
import entrepot.runtime.vaults.Secrets;
import entrepot.runtime.vaults.Vaults;
import entrepot.store.Database;
import entrepot.store.testing.TestDatabases;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

class McpServersTest {

    private static final Caller ALICE =
            new Caller("acme", "research", "alice", "key_1", Set.of(Caller.Scope.AGENTS));

    @TempDir Path folder;
    private final FakeServer server = new FakeServer();
    private final Outside outside = new Outside(new Reach(List.of("127.0.0.1")));
    private final Sealer sealer = new Sealer(Sealer.newKey(new Random(3)));
    private Database database;
    private Vaults vaults;
    private McpServers servers;

    @BeforeEach
    void open() {
        database = TestDatabases.sqlite(folder);
        database.migrate(AgentRuntime.MIGRATIONS);
        database.migrate(List.of(Vaults.MIGRATIONS));
        vaults = new Vaults(database, new CountingIds("v"), sealer);
        servers = servers(McpSettings.DEFAULT, Map.of());
    }

    private McpServers servers(McpSettings settings, Map<String, OperatorServer> named) {
        return new McpServers(
                new McpServers.Parts(
                        outside,
                        new McpTokens(database, sealer, outside, Clock.systemUTC()),
                        sealer,
                        named,
                        settings,
                        Clock.systemUTC()));
    }

    @AfterEach
    void close() {
        servers.close();
        outside.close();
        server.close();
        database.close();
    }

    private static ToolServers.Context context(String... vaultIds) {
        return new ToolServers.Context(
                "acme", "research", "alice", "sess_1", List.of(vaultIds), null);
    }

    private ToolServer found(ToolSpec.Server spec, String... vaultIds) {
        return servers.find(spec, context(vaultIds)).orElseThrow();
    }

    private ToolServer found() {
        return found(ToolSpec.Server.at("shop", server.url(), null));
    }

    private static String use(ToolServer tools, String name, String arguments) throws Exception {
        ToolServer.Result result =
                tools.use(new ToolServer.Use("acme", "sess_1", name, arguments, "key-1"));
        Part first = result.output().getFirst();
        String text = first instanceof Part.Text part ? part.text() : first.toString();
        return (result.failed() ? "failed: " : "") + text;
    }

    @Test
    void speaksTheRevisionWithoutSessions() throws Exception {
        ToolServer tools = found();
        assertThat(tools.offers())
                .extracting(offer -> offer.tool().name() + " " + offer.effect())
                .containsExactly(
                        "look " + Effect.READ, "set " + Effect.KEYED, "send " + Effect.ONCE);
        assertThat(use(tools, "set", "{\"zone\":\"é\"}")).isEqualTo("done");
        assertThat(server.methods()).containsExactly("server/discover", "tools/list", "tools/call");
        assertThat(server.headers.getLast().get("mcp-method")).isEqualTo("tools/call");
        assertThat(server.headers.getLast().get("mcp-name")).isEqualTo("set");
        assertThat(server.headers.getLast().get("mcp-param-zone")).isEqualTo("=?base64?w6k=?=");
        assertThat(server.asked.getLast().params().path("_meta").path(McpServer.KEY).asString(""))
                .isEqualTo("key-1");
    }

    @Test
    void speaksTheRevisionsWithSessionsAndEndsThem() throws Exception {
        server.modern = false;
        ToolServer tools = found();
        assertThat(tools.offers()).hasSize(3);
        assertThat(use(tools, "look", "")).isEqualTo("done");
        assertThat(server.methods())
                .containsExactly("server/discover", "initialize", "tools/list", "tools/call");
        assertThat(server.headers.getLast().get("mcp-session-id")).isEqualTo("s0");
        assertThat(server.headers.getLast().has("mcp-method")).isFalse();
    }

    /** E75, E76: a server that was started anew knows no session; the call was not taken. */
    @Test
    void beginsAnewWhenTheServerHasForgottenTheSession() throws Exception {
        server.modern = false;
        ToolServer tools = found();
        tools.offers();
        server.restart();
        assertThat(use(tools, "send", "{}")).isEqualTo("done");
        assertThat(server.methods())
                .endsWith("tools/call", "server/discover", "initialize", "tools/call");
        assertThat(server.headers.getLast().get("mcp-session-id")).isEqualTo("s1");
    }

    @Test
    void aServerThatWasReplacedByAnOlderOneIsSpokenToAsThat() throws Exception {
        ToolServer tools = found();
        tools.offers();
        server.modern = false;
        assertThat(use(tools, "send", "{}")).isEqualTo("done");
        assertThat(server.methods()).endsWith("server/discover", "initialize", "tools/call");
    }

    @Test
    void whatHasNotChangedIsRemembered() throws Exception {
        found().offers();
        found().offers();
        assertThat(server.methods()).containsExactly("server/discover", "tools/list");
        server.notification =
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}";
        server.listed = "[{\"name\":\"other\",\"inputSchema\":{\"type\":\"object\"}}]";
        use(found(), "send", "{}");
        assertThat(found().offers())
                .extracting(offer -> offer.tool().name())
                .containsExactly("other");
    }

    @Test
    void whatHasAnEffectIsNotSentAgainWhenTheAnswerBroke() throws Exception {
        ToolServer tools = found();
        tools.offers();
        server.breaks = true;
        assertThat(use(tools, "send", "{}"))
                .startsWith("failed: ")
                .endsWith("Whether the tool took effect is not known.");
        assertThat(server.methods()).containsOnlyOnce("tools/call");
        use(tools, "look", "{}");
        assertThat(server.methods().stream().filter("tools/call"::equals)).hasSize(3);
    }

    @Test
    void anErrorOfTheToolIsForTheModelToRead() throws Exception {
        server.answer =
                "{\"content\":[{\"type\":\"text\",\"text\":\"no such city\"}],\"isError\":true}";
        assertThat(use(found(), "send", "{}")).isEqualTo("failed: no such city");
        assertThat(use(found(), "send", "[1]")).startsWith("failed: The arguments are no JSON");
    }

    @Test
    void anAnswerIsBounded() throws Exception {
        servers =
                servers(new McpSettings(List.of(), 5_000, 5_000, 1_000, 8, 0, 60_000, 8), Map.of());
        server.answer =
                "{\"content\":[{\"type\":\"text\",\"text\":\"" + "x".repeat(2_000) + "\"}]}";
        assertThat(use(found(), "send", "{}")).contains("more than 1000 bytes");
    }

    @Test
    void theCredentialOfTheVaultIsSentAndNoneWithoutOne() throws Exception {
        server.token = "tok-1";
        assertThatThrownBy(() -> found().offers())
                .isInstanceOf(ToolServerUnavailable.class)
                .hasMessageContaining("401");
        String vault = vaults.create(ALICE, "v", Map.of(), null).id();
        vaults.createCredential(
                ALICE,
                vault,
                new Vaults.NewCredential(
                        "shop",
                        Map.of(),
                        new Auth.StaticBearer(server.url()),
                        new Secrets("tok-1", null, null)),
                null);
        ToolSpec.Server spec = ToolSpec.Server.at("shop", server.url(), null);
        assertThat(found(spec, vault).offers()).hasSize(3);
        assertThat(servers.find(spec, context("vault_none")).orElseThrow())
                .satisfies(tools ->
                        assertThatThrownBy(tools::offers)
                                .isInstanceOf(ToolServerUnavailable.class));
    }

    @Test
    void headersOfASessionsOwnToolAreSealedAndSent() throws Exception {
        server.token = "inline";
        String sealed =
                SealedPairs.seal(
                        sealer, "acme", Map.of("authorization", "Bearer inline", "x-a", "b"));
        assertThat(sealed).doesNotContain("inline");
        Transport way = new Transport.Http(server.url(), Map.of("x-plain", "1"), sealed);
        ToolSpec.Server spec =
                new ToolSpec.Server(
                        "shop",
                        way,
                        null,
                        Origin.SERVICE,
                        null,
                        Map.of("trace", JsonMapper.shared().readTree("\"t-1\"")),
                        false);
        assertThat(use(found(spec), "send", "{}")).isEqualTo("done");
        assertThat(server.headers.getLast().get("x-a")).isEqualTo("b");
        assertThat(server.headers.getLast().get("x-plain")).isEqualTo("1");
        JsonNode meta = server.asked.getLast().params().path("_meta");
        assertThat(meta.path("trace").asString("")).isEqualTo("t-1");
    }

    @Test
    void onlyAllowedAddressesAndNoCommandsOfTenantsAreFound() {
        for (String url :
                List.of("http://10.0.0.1/mcp", "https://user@x.test/", "entrepot:mcp/none", "x")) {
            assertThat(servers.find(ToolSpec.Server.at("s", url, null), context())).isEmpty();
        }
        ToolSpec.Server command =
                new ToolSpec.Server(
                        "s",
                        new Transport.Stdio("sh", List.of("-c", "true"), "/", List.of(), null),
                        null,
                        Origin.ENVIRONMENT,
                        null,
                        Map.of(),
                        false);
        assertThat(servers.find(command, context())).isEmpty();
        ToolSpec.Server disguised =
                new ToolSpec.Server(
                        "s",
                        command.transport(),
                        null,
                        AgentSnapshot.Origin.SERVICE,
                        null,
                        Map.of(),
                        false);
        assertThat(servers.find(disguised, context())).isEmpty();
    }

    @Test
    void theOperatorsServersAreFoundByNameForTheirTenants() throws Exception {
        OperatorServer here =
                new OperatorServer(
                        "here",
                        new OperatorServer.Http(
                                URI.create(server.url()), Map.of("x-key", new Secret("k"))),
                        List.of("acme"));
        servers = servers(McpSettings.DEFAULT, Map.of("here", here));
        ToolSpec.Server spec = ToolSpec.Server.at("s", "entrepot:mcp/here", null);
        assertThat(found(spec).offers()).hasSize(3);
        assertThat(server.headers.getLast().get("x-key")).isEqualTo("k");
        ToolServers.Context other =
                new ToolServers.Context("globex", "t", "p", null, List.of(), null);
        assertThat(servers.find(spec, other)).isEmpty();
    }

    /** The process is this Java, with {@link LineServer} as its program. */
    @Test
    void aServerOfTheOperatorsMayBeAProcess() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        OperatorServer lines =
                new OperatorServer(
                        "lines",
                        new OperatorServer.Command(
                                List.of(
                                        java,
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        LineServer.class.getName()),
                                folder,
                                Map.of("GREETING", new Secret("Good day"))),
                        List.of());
        servers = servers(McpSettings.DEFAULT, Map.of("lines", lines));
        ToolServer tools = found(ToolSpec.Server.at("s", "entrepot:mcp/lines", null));
        assertThat(tools.offers()).extracting(offer -> offer.tool().name()).containsExactly("env");
        assertThat(use(tools, "env", "{}"))
                .contains("Good day")
                .contains(folder.toRealPath().toString())
                .doesNotContain("ENTREPOT");
        assertThat(use(tools, "end", "{}")).startsWith("failed: Its process has ended.");
        assertThat(use(tools, "env", "{}")).contains("Good day");
    }
}
