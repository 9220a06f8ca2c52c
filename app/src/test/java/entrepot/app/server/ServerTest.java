package entrepot.app.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entrepot.app.client.AgentTurn;
import entrepot.app.client.Api;
import entrepot.app.client.ApiFailed;
import entrepot.app.client.Progress;
import entrepot.app.settings.Setting;
import entrepot.app.settings.Settings;
import entrepot.app.settings.SettingsReader;
import entrepot.identity.Secret;
import entrepot.market.Receipt;
import entrepot.testkit.ChatScripts;
import entrepot.testkit.ScriptedSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** The whole server, put together as it ships, spoken to over HTTP. */
class ServerTest {

    @TempDir Path folder = Path.of("");

    @Test
    void theFirstStartMakesOneKeyAndTheSecondNone() throws Exception {
        Secret key;
        try (var first = start(Map.of())) {
            key = first.firstKey().orElseThrow();
            assertThat(Files.readString(folder.resolve("admin.key")).strip())
                    .isEqualTo(key.reveal());
            assertThat(Files.getPosixFilePermissions(folder.resolve("admin.key")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        try (var second = start(Map.of());
                var api = new Api(URI.create(second.url()), key)) {
            assertThat(second.firstKey()).isEmpty();
            assertThat(api.get("/v1/models").path("data").valueStream())
                    .anyMatch(m -> m.path("id").asString("").equals("entrepot/extract-1"));
        }
    }

    @Test
    void aNewKeyWorksUntilItIsRevoked() throws Exception {
        try (var server = start(Map.of());
                var admin = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            var wanted = JsonNodeFactory.instance.objectNode().put("name", "ci");
            wanted.putArray("scopes").add("models");
            var made = admin.post("/admin/v1/keys", wanted);
            var secret = new Secret(made.path("secret").asString());
            try (var api = new Api(URI.create(server.url()), secret)) {
                assertThat(api.get("/v1/models").path("data").size()).isPositive();
                admin.delete("/admin/v1/keys/" + made.path("id").asString());
                assertThatThrownBy(() -> api.get("/v1/models")).isInstanceOf(ApiFailed.class);
            }
        }
    }

    @Test
    void aLimitIsKeptOverARestart() throws Exception {
        Secret key;
        String path;
        try (var server = start(Map.of())) {
            key = server.firstKey().orElseThrow();
            try (var api = new Api(URI.create(server.url()), key)) {
                var wanted = JsonNodeFactory.instance.objectNode().put("measure", "requests");
                wanted.put("amount", 5).put("period", "day");
                wanted.putObject("scope").put("kind", "tenant");
                var made = api.post("/admin/v1/limits", wanted);
                path = "/admin/v1/limits/" + made.path("id").asString("");
                api.patch(path, JsonNodeFactory.instance.objectNode().put("amount", "7"));
            }
        }
        try (var server = start(Map.of());
                var api = new Api(URI.create(server.url()), key)) {
            var limit = api.get(path);
            assertThat(limit.path("amount").stringValue("")).isEqualTo("7");
            assertThat(limit.at("/usage/left").stringValue("")).isEqualTo("7");
            assertThat(api.delete(path).path("ended_at").isNumber()).isTrue();
            assertThat(api.get("/admin/v1/limits").path("data")).isEmpty();
        }
    }

    @Test
    void aLimitRefusesInItsOwnNameUntilItIsRaised() throws Exception {
        try (var supplier = ScriptedSupplier.start()) {
            supplier.answer(ChatScripts.answer("Good day", 3, 2));
            supplier.answer(ChatScripts.answer("Good night", 3, 2));
            Files.writeString(
                    folder.resolve("catalogue.yaml"),
                    """
                    suppliers:
                      acme: {kind: openai-compatible, base_url: "%s", key_env: ACME_KEY}
                    models:
                      acme/one:
                        offers:
                          - {supplier: acme, name: one-large}
                    """
                            .formatted(supplier.baseUrl()));
            try (var server = start(Map.of(), "ACME_KEY", "sk-acme");
                    var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                var wanted = JsonNodeFactory.instance.objectNode().put("measure", "requests");
                wanted.put("amount", 1).put("period", "none");
                wanted.putObject("scope").put("kind", "tenant");
                var id = api.post("/admin/v1/limits", wanted).path("id").asString("");
                var body = JsonNodeFactory.instance.objectNode().put("model", "acme/one");
                body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
                api.post("/v1/chat/completions", body);
                assertThatThrownBy(() -> api.post("/v1/chat/completions", body))
                        .hasMessageContaining(id)
                        .hasMessageContaining("0 requests left")
                        .extracting(e -> ((ApiFailed) e).status())
                        .isEqualTo(429);
                var more = JsonNodeFactory.instance.objectNode().put("amount", 2);
                api.patch("/admin/v1/limits/" + id, more);
                assertThat(api.post("/v1/chat/completions", body).toString()).contains("night");
            }
        }
    }

    @Test
    void anUnknownKeyIsTurnedAway() throws Exception {
        try (var server = start(Map.of());
                var api = new Api(URI.create(server.url()), new Secret("ek_wrong"))) {
            assertThatThrownBy(() -> api.get("/v1/models"))
                    .isInstanceOf(ApiFailed.class)
                    .extracting(e -> ((ApiFailed) e).status())
                    .isEqualTo(401);
        }
    }

    @Test
    void aCallIsExplainedWithoutBeingMade() throws Exception {
        try (var server = start(Map.of());
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            var asked =
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("model", "entrepot/extract-1")
                            .put("at", "2026-03-01");
            var explained = api.post("/v1/explain", asked);
            assertThat(explained.path("allowed").booleanValue(false)).isTrue();
            assertThat(explained.path("at").stringValue("")).isEqualTo("2026-03-01T00:00:00Z");
            assertThat(explained.path("ways").get(0).path("channel").stringValue(""))
                    .isEqualTo("entrepot");
            assertThatThrownBy(() -> api.post("/v1/explain", asked.deepCopy().put("at", "soon")))
                    .isInstanceOf(ApiFailed.class)
                    .hasMessageContaining("'at'");
            assertThatThrownBy(() -> api.post("/v1/explain", asked.put("model", "no/such")))
                    .isInstanceOf(ApiFailed.class)
                    .hasMessageContaining("no model is called 'no/such'");
        }
    }

    @Test
    void everyRouteOfAdministrationIsInTheDocument() throws Exception {
        try (var server = start(Map.of());
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            var document = api.get("/admin/v1/openapi.json");
            assertThat(document.path("openapi").stringValue("")).startsWith("3.1");
            var served = new TreeSet<String>();
            for (var route : server.routes()) {
                if (route.path().startsWith("/admin/v1/")) {
                    served.add(route.method() + " " + route.path());
                    assertThat(route.about()).as(route.path()).isNotNull();
                }
            }
            var told = new TreeSet<String>();
            var ids = new ArrayList<String>();
            document.path("paths")
                    .properties()
                    .forEach(path ->
                            path.getValue()
                                    .properties()
                                    .forEach(operation -> {
                                        ids.add(
                                                operation
                                                        .getValue()
                                                        .path("operationId")
                                                        .asString());
                                        told.add(
                                                operation.getKey().toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey());
                                    }));
            assertThat(told).containsAll(served).contains("POST /v1/explain");
            assertThat(ids).doesNotHaveDuplicates();
        }
    }

    @Test
    void anAgentReadsAnAllowedFolderAndItsModelCallsAreInTheLedger() throws Exception {
        var notes = Files.createDirectory(folder.resolve("notes"));
        Files.writeString(
                notes.resolve("a.txt"),
                "The harbour was built in 1871. It lies north of the old town, by the river.\n");
        Files.writeString(
                notes.resolve("b.txt"),
                "The harbour was built in 1874. Storms had closed the river before that year.\n");
        try (var server = start(Map.of(Setting.FOLDERS, "notes=" + notes));
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            var outcome =
                    AgentTurn.create(
                            api,
                            AgentTurn.readerOf(
                                    "notes", "entrepot/extract-1", "When was the harbour built?"),
                            Progress.SILENT);
            assertThat(outcome.error()).isEmpty();
            assertThat(outcome.status()).isEqualTo("completed");
            assertThat(outcome.toolCalls()).isGreaterThanOrEqualTo(3);
            assertThat(outcome.text()).contains("“The harbour was built in 187").contains("a.txt");
            assertThat(server.receipts(outcome.sessionId()))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(r -> r.outcome() == Receipt.Outcome.DELIVERED && r.cost() != null);
        }
    }

    @Test
    void aFolderThatNobodyAllowedIsRefused() throws Exception {
        try (var server = start(Map.of());
                var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
            assertThatThrownBy(() ->
                            AgentTurn.create(
                                    api,
                                    AgentTurn.readerOf("etc", "entrepot/extract-1", "?"),
                                    Progress.SILENT))
                    .isInstanceOf(ApiFailed.class)
                    .hasMessageContaining("entrepot:folder/etc");
        }
    }

    @Test
    void aSupplierOfTheCatalogueAnswersAndKeysOfCallersStayHere() throws Exception {
        try (var supplier = ScriptedSupplier.start()) {
            supplier.always(ChatScripts.answer("Good day", 3, 2));
            Files.writeString(
                    folder.resolve("catalogue.yaml"),
                    """
                    suppliers:
                      acme: {kind: openai-compatible, base_url: "%s", key_env: ACME_KEY}
                    models:
                      acme/one:
                        offers:
                          - {supplier: acme, name: one-large}
                    """
                            .formatted(supplier.baseUrl()));
            try (var server = start(Map.of(), "ACME_KEY", "sk-acme");
                    var api = new Api(URI.create(server.url()), server.firstKey().orElseThrow())) {
                var body = JsonNodeFactory.instance.objectNode().put("model", "acme/one");
                body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
                var answer = api.post("/v1/chat/completions", body);
                assertThat(answer.at("/choices/0/message/content").asString())
                        .isEqualTo("Good day");
                var sent = supplier.last();
                assertThat(sent.header("authorization")).isEqualTo("Bearer sk-acme");
                assertThat(sent.text()).contains("\"model\":\"one-large\"");
                assertThat(sent.headers().toString())
                        .doesNotContain(server.firstKey().orElseThrow().reveal());
            }
        }
    }

    @Test
    void aTakenPortIsNamedAndNothingIsHalfDone() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = Integer.toString(taken.getLocalPort());
            assertThatThrownBy(() -> start(Map.of(Setting.PORT, port)))
                    .isInstanceOf(StartFailed.class)
                    .hasMessageContaining(port)
                    .hasMessageContaining("--port");
        }
        assertThat(folder).isEmptyDirectory();
        try (var server = start(Map.of())) {
            assertThat(server.url()).startsWith("http://127.0.0.1:");
            assertThat(server.firstKey()).isPresent();
        }
    }

    @Test
    void aDataFolderThatIsMadeHereIsItsOwnersAlone() throws Exception {
        var data = folder.resolve("more/data");
        try (var _ = start(Map.of(Setting.DATA, data.toString()))) {
            assertThat(Files.getPosixFilePermissions(data))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aFileThatIsNoDatabaseIsNamed() throws IOException {
        Files.writeString(folder.resolve("entrepot.db"), "not a database\n".repeat(100));
        assertThatThrownBy(() -> start(Map.of()))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("entrepot.db")
                .hasMessageContaining("not an SQLite database");
    }

    @Test
    void aBadCatalogueIsNamedWithLineAndColumn() throws IOException {
        Files.writeString(folder.resolve("catalogue.yaml"), "suppliers:\n  x: {kind: none}\n");
        assertThatThrownBy(() -> start(Map.of()))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("catalogue.yaml:2:");
    }

    @Test
    void aKeyThatCanBeGuessedKeepsTheServerOnThisMachine() {
        var open = Map.of(Setting.HOST, "0.0.0.0", Setting.PLAIN_HTTP, "yes");
        assertThatThrownBy(() -> start(open, "ENTREPOT_ADMIN_KEY", "changeme"))
                .isInstanceOf(StartFailed.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("can be guessed");
    }

    private Server start(Map<Setting, String> flags, String... environment) {
        var variables = new HashMap<String, String>();
        variables.put("HOME", "/nowhere");
        variables.put("ENTREPOT_DATA", folder.toString());
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        var all = new HashMap<>(flags);
        all.putIfAbsent(Setting.PORT, "0");
        Settings settings = SettingsReader.read(all, variables);
        return Server.start(settings, variables);
    }
}
